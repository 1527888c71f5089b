import type { VrrpConfig, VrrpInstance } from '../../config/index.ts';
import type { InstanceStateName, InstanceView, VrrpStats } from '../../vrrp/index.ts';
import { addressWords } from './address-words.ts';
import { deviceOf, type DumpSource, type VrrpReport } from './report.ts';
import { routeWords, ruleWords } from './route-words.ts';

const stateNumbers: Readonly<Record<InstanceStateName, number>> = { INIT: 0, BACKUP: 1, MASTER: 2, FAULT: 3 };
/** Stands for a secret, as in keepalived 2.4. */
const hidden = '********';

/** The counters of the reference, in its order. */
const counters = [
  'advert_rcvd',
  'advert_sent',
  'become_master',
  'release_master',
  'packet_len_err',
  'advert_interval_err',
  'ip_ttl_err',
  'invalid_type_rcvd',
  'addr_list_err',
  'invalid_authtype',
  'authtype_mismatch',
  'auth_failure',
  'pri_zero_rcvd',
  'pri_zero_sent',
] as const satisfies readonly (keyof VrrpStats)[];

/** keepalived.json: one line. Undefined without instances: then the file is not written. */
export function vrrpJson(report: VrrpReport, source: DumpSource): string | undefined {
  const { vrrp, global } = source.config;
  const instances = report.view.instances.flatMap((view) => {
    const config = vrrp.instances.find(({ name }) => name === view.name);
    return config === undefined ? [] : [{ data: instanceData(view, config, report, source), stats: stats(view) }];
  });
  if (instances.length === 0) return undefined;
  const whole =
    global.jsonVersion === 1
      ? instances
      : { vrrp: instances, track_process: vrrp.trackProcesses.map((one) => trackProcess(one, source)) };
  // A / only stands in strings, where the reference escapes it.
  return JSON.stringify(whole).replaceAll('/', '\\/');
}

function stats({ stats: all }: InstanceView): object {
  return Object.fromEntries(counters.map((name) => [name, all[name]]));
}

function instanceData(
  view: InstanceView,
  config: VrrpInstance,
  { clockZeroMs }: VrrpReport,
  { config: { vrrp }, host }: DumpSource,
): object {
  const { virtualIpaddress, virtualIpaddressExcluded, authentication } = config;
  const master = view.state === 'MASTER';
  const addresses = [...virtualIpaddress, ...virtualIpaddressExcluded].map((entry, i) =>
    addressWords(entry, view.addressInterfaces[i] ?? '', master),
  );
  const scripts = [
    ['script_backup', config.notifyBackup],
    ['script_master', config.notifyMaster],
    ['script_fault', config.notifyFault],
    ['script_stop', config.notifyStop],
    ['script_deleted', config.notifyDeleted],
    ['script', config.notify],
    ['script_master_rx_lower_pri', config.notifyMasterRxLowerPri],
  ] as const;
  return {
    iname: view.name,
    dont_track_primary: Number(config.dontTrackPrimary),
    skip_check_adv_addr: Number(config.skipCheckAdvAddr),
    strict_mode: Number(config.strictMode),
    vmac_ifname: view.ownInterface ?? '',
    ifp_ifname: deviceOf(view),
    master_priority: master ? 0 : (view.otherMaster?.priority ?? 0),
    last_transition: Number(((clockZeroMs + view.lastTransitionMs) / 1000).toFixed(6)),
    garp_delay: config.garpMasterDelayMs / 1000,
    garp_refresh: config.garpMasterRefreshMs / 1000,
    garp_rep: config.garpMasterRepeat,
    garp_refresh_rep: config.garpMasterRefreshRepeat,
    garp_lower_prio_delay: config.garpLowerPrioDelayMs / 1000,
    garp_lower_prio_rep: config.garpLowerPrioRepeat,
    lower_prio_no_advert: Number(config.lowerPrioNoAdvert),
    higher_prio_send_advert: Number(config.higherPrioSendAdvert),
    vrid: view.virtualRouterId,
    base_priority: view.priority,
    effective_priority: view.effectivePriority,
    vipset: master,
    // With a VMAC it is a matter of course.
    promote_secondaries: config.promoteSecondaries && view.ownInterface === null,
    adver_int: config.advertIntMs / 1000,
    master_adver_int: view.masterAdvertIntMs / 1000,
    accept: Number(config.accept),
    nopreempt: config.nopreempt,
    preempt_delay: config.preemptDelayMs / 1000,
    state: stateNumbers[view.state],
    wantstate: stateNumbers[view.wantedState],
    version: config.version,
    smtp_alert: config.smtpAlert,
    notify_deleted: config.notifyDeletedEnabled || config.notifyDeleted !== undefined,
    ...Object.fromEntries(
      scripts.flatMap(([name, command]) => (command === undefined ? [] : [[name, host.command(command)]])),
    ),
    ...list('vips', addresses.slice(0, virtualIpaddress.length)),
    ...list('evips', addresses.slice(virtualIpaddress.length)),
    ...list('vroutes', config.virtualRoutes.map(routeWords)),
    ...list('vrules', config.virtualRules.map(ruleWords)),
    ...list(
      'track_ifp',
      config.trackInterface.map(({ name }) => name),
    ),
    ...list(
      'track_script',
      config.trackScript.flatMap(({ name }) => {
        const script = vrrp.scripts.find((candidate) => candidate.name === name);
        return script === undefined ? [] : [host.command(script.script)];
      }),
    ),
    ...list(
      'track_process',
      config.trackProcess.map(({ name }) => name),
    ),
    auth_type: { none: 0, PASS: 1, AH: 2 }[authentication?.authType ?? 'none'],
    ...(authentication === undefined ? {} : { auth_data: hidden }),
  };
}

function list(name: string, values: readonly string[]): object {
  return values.length === 0 ? {} : { [name]: values };
}

function trackProcess(process: VrrpConfig['trackProcesses'][number], { processes }: DumpSource): object {
  const { name, process: words, weight, quorum, quorumMax, terminateDelayMs, forkDelayMs, fullCommand } = process;
  const [program = '', ...parameters] = words;
  return {
    process: program,
    ...(parameters.length === 0 ? {} : { parameters: parameters.join(' ') }),
    ...(process.paramMatch === undefined ? {} : { param_match: process.paramMatch }),
    min_processes: quorum,
    ...(quorumMax === undefined ? {} : { max_processes: quorumMax }),
    have_quorum: processes[name] ?? false,
    weight,
    terminate_delay: terminateDelayMs / 1000,
    fork_delay: forkDelayMs / 1000,
    full_command: fullCommand,
  };
}
