import { ipFromBytes, type IpAddress } from '../../core/index.ts';
import type { Statement } from '../../parser/index.ts';
import { defined } from '../defined.ts';
import type { GlobalDefs, ReceiveBuffer } from '../model/global-defs.ts';
import type { ScriptCommand } from '../model/values.ts';
import { readBlock, type Findings, type Reading } from '../read.ts';
import { readGarpExtraIf } from '../garp-extra-if.ts';
import { readFirewall } from './firewall.ts';
import { readIncludeCheck } from './include-check.ts';
import { readTimeouts } from './lvs-timeouts.ts';
import { readMail } from './mail.ts';
import { readDbus, readSnmp } from './management.ts';
import { readFifos } from './notify-fifos.ts';
import { readProcesses } from './processes.ts';
import { readSyncDaemon } from './sync-daemon.ts';
import { readUmask } from './umask.ts';

/** global_defs and the process settings of the top level; several blocks are read as one. */
export function buildGlobalDefs(
  findings: Findings,
  statements: readonly Statement[],
  root: Reading,
  hostName: string,
): { readonly defs: GlobalDefs; readonly reading: Reading } {
  const reading = readBlock(findings, 'global_defs', 'global_defs', statements);
  const dynamic = reading.words('dynamic_interfaces');
  checkScriptUser(reading);
  checkDynamicInterfaces(reading);
  const vmacPrefix = reading.text('vmac_prefix') ?? 'vrrp';
  const defs: GlobalDefs = {
    routerId: reading.text('router_id') ?? hostName,
    ...readMail(reading),
    ...readNamespaces(root),
    namespaceWithIpsets: root.flag('namespace_with_ipsets'),
    usePidDir: root.flag('use_pid_dir'),
    childWaitTimeMs: (root.number('child_wait_time') ?? 5) * 1000,
    ...readProcesses(reading),
    ...readScripts(reading),
    ...readFifos(reading),
    vrrpNotifyPriorityChanges: reading.flag('vrrp_notify_priority_changes'),
    fifoWriteVrrpStatesOnReload: reading.flag('fifo_write_vrrp_states_on_reload'),
    linkbeatUsePolling: root.flag('linkbeat_use_polling'),
    dynamicInterfaces: dynamic !== undefined,
    allowIfChanges: dynamic?.includes('allow_if_changes') ?? false,
    disableLocalIgmp: reading.flag('disable_local_igmp'),
    vrrpMcastGroup4:
      multicastGroup(findings, reading, 'vrrp_mcast_group4', /^2(?:2[4-9]|3\d)\./) ??
      ipFromBytes(Uint8Array.of(224, 0, 0, 18)),
    vrrpMcastGroup6:
      multicastGroup(findings, reading, 'vrrp_mcast_group6', /^ff/) ??
      ipFromBytes(Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12)),
    vrrpStartupDelayMs: reading.number('vrrp_startup_delay') ?? 0,
    vrrpDelayAfterBootMs: reading.number('vrrp_delay_after_boot') ?? 0,
    vrrpGarpIntervalMs: reading.number('vrrp_garp_interval') ?? 0,
    vrrpGnaIntervalMs: reading.number('vrrp_gna_interval') ?? 0,
    vrrpMinGarp: reading.flag('vrrp_min_garp'),
    logUnknownVrids: reading.flag('log_unknown_vrids'),
    vrrpOwnerIgnoreAdverts: reading.flag('vrrp_owner_ignore_adverts'),
    vrrpRxBufsMultiplier: reading.number('vrrp_rx_bufs_multiplier') ?? 3,
    vmacPrefix,
    vmacAddrPrefix: reading.text('vmac_addr_prefix') ?? vmacPrefix,
    ...readFirewall(reading),
    lvsFlush: reading.flag('lvs_flush'),
    lvsFlushOnStop: readFlushOnStop(reading),
    rsInitNotifies: reading.flag('rs_init_notifies'),
    checkerLogAllFailures: reading.flag('checker_log_all_failures'),
    vrrpNetlinkCmdRcvBufs: receiveBuffer(reading, 'vrrp_netlink_cmd_rcv_bufs'),
    vrrpNetlinkMonitorRcvBufs: receiveBuffer(reading, 'vrrp_netlink_monitor_rcv_bufs'),
    lvsNetlinkCmdRcvBufs: receiveBuffer(reading, 'lvs_netlink_cmd_rcv_bufs'),
    lvsNetlinkMonitorRcvBufs: receiveBuffer(reading, 'lvs_netlink_monitor_rcv_bufs'),
    processMonitorRcvBufs: receiveBuffer(reading, 'process_monitor_rcv_bufs'),
    snmp: readSnmp(reading),
    dbus: readDbus(reading),
    reloadRepeat: reading.flag('reload_repeat'),
    includeCheck: readIncludeCheck(reading),
    dataUseInstance: reading.flag('data_use_instance'),
    jsonVersion: reading.text('json_version') === '2' ? 2 : 1,
    ...defined({
      defaultInterface: reading.text('default_interface'),
      vrrpRxBufsPolicy: readRxBufsPolicy(reading),
      vrrpGarpExtraIf: readGarpExtraIf(reading, 'vrrp_') ?? undefined,
      lvsTimeouts: readTimeouts(reading),
      lvsSyncDaemon: readSyncDaemon(reading),
      reloadCheckConfig: optionalPath(reading, 'reload_check_config', 'logFile'),
      reloadTimeFile: reading.text('reload_time_file'),
      reloadFile: optionalPath(reading, 'reload_file', 'path'),
      configSaveDir: reading.text('config_save_dir'),
      tmpConfigDirectory: reading.text('tmp_config_directory'),
      randomSeed: reading.number('random_seed'),
      stateDumpFile: reading.text('state_dump_file'),
      statsDumpFile: reading.text('stats_dump_file'),
      jsonDumpFile: reading.text('json_dump_file'),
      umask: readUmask(reading),
      iprouteUsrDir: reading.text('iproute_usr_dir'),
      iprouteEtcDir: reading.text('iproute_etc_dir'),
    }),
  };
  findings.interfacesMayCome = defs.dynamicInterfaces || defs.netNamespace !== undefined;
  return { defs, reading };
}

/** Of each the first line counts. */
function readNamespaces(root: Reading): Pick<GlobalDefs, 'netNamespace' | 'netNamespaceIpvs' | 'instance'> {
  const first = (keyword: string): string | undefined => {
    // Of a second network namespace the reference's test says nothing.
    const entry = root.first(keyword, keyword === 'net_namespace' ? 'none' : 'general');
    return entry === undefined ? undefined : (entry.statement.args[0]?.text ?? '');
  };
  return defined({
    netNamespace: first('net_namespace'),
    netNamespaceIpvs: first('net_namespace_ipvs'),
    instance: first('instance'),
  });
}

type Scripts = Pick<
  GlobalDefs,
  | 'scriptUser'
  | 'enableScriptSecurity'
  | 'useSymlinkPaths'
  | 'setSupplementaryGroups'
  | 'startupScript'
  | 'startupScriptTimeoutMs'
  | 'shutdownScript'
  | 'shutdownScriptTimeoutMs'
>;

function readScripts(reading: Reading): Scripts {
  return {
    ...defined({
      scriptUser: readScriptUser(reading),
      startupScript: ownScript(reading, 'startup_script'),
      shutdownScript: ownScript(reading, 'shutdown_script'),
    }),
    enableScriptSecurity: reading.flag('enable_script_security'),
    useSymlinkPaths: reading.flag('use_symlink_paths'),
    setSupplementaryGroups: reading.flag('set_supplementary_groups'),
    startupScriptTimeoutMs: (reading.number('startup_script_timeout') ?? 10) * 1000,
    shutdownScriptTimeoutMs: (reading.number('shutdown_script_timeout') ?? 10) * 1000,
  };
}

/** `script_user USER [[:]GROUP|:]` */
function readScriptUser(reading: Reading): GlobalDefs['scriptUser'] {
  const [user, word] = reading.words('script_user') ?? [];
  if (user === undefined) return undefined;
  const supplementaryGroups = word?.startsWith(':');
  if (supplementaryGroups !== true) return { user, ...defined({ group: word }) };
  const { target } = reading.findings;
  const at = reading.entry('script_user')?.statement.args[1];
  if (target !== undefined && at !== undefined)
    reading.findings.error(
      'keyword-too-new',
      at.span,
      `':' before the group of script_user is not known to keepalived ${target}`,
      'keepalived has it since a release after 2.4.3',
    );
  const group = word?.slice(1);
  return { user, ...defined({ group: group === '' ? undefined : group }), supplementaryGroups };
}

/** A script of a user who is not there is not run. */
function ownScript(reading: Reading, keyword: string): ScriptCommand | undefined {
  const script = reading.firstCommand(keyword);
  const word = reading.all(keyword)[0]?.statement.args[1];
  if (word === undefined || reading.findings.host.knownUser?.(word.text) !== false) return script;
  reading.findings.error(
    'unknown-user',
    word.span,
    `user ${word.text} of ${keyword} does not exist on this host`,
    'create the user, or name another; the script is not run',
  );
  return undefined;
}

function receiveBuffer(reading: Reading, keyword: string): ReceiveBuffer {
  return { ...defined({ bytes: reading.number(keyword) }), force: reading.flag(`${keyword}_force`) };
}

function optionalPath<K extends string>(
  reading: Reading,
  keyword: string,
  key: K,
): Partial<Record<K, string>> | undefined {
  const words = reading.words(keyword);
  if (words === undefined) return undefined;
  return (words[0] === undefined ? {} : { [key]: words[0] }) as Partial<Record<K, string>>;
}

function readRxBufsPolicy(reading: Reading): GlobalDefs['vrrpRxBufsPolicy'] {
  const word = reading.entry('vrrp_rx_bufs_policy')?.statement.args[0];
  if (word === undefined) return undefined;
  const policy = (['MTU', 'ADVERT'] as const).find((known) => known === word.text.toUpperCase());
  if (policy !== undefined) return policy;
  if (/^\d{1,10}$/.test(word.text) && Number(word.text) <= 0xffffffff) return Number(word.text);
  reading.findings.error(
    'bad-argument',
    word.span,
    `'vrrp_rx_bufs_policy ${word.text}' in ${reading.object} is not valid`,
    'it takes MTU, ADVERT or a number of bytes',
  );
  return undefined;
}

function readFlushOnStop(reading: Reading): GlobalDefs['lvsFlushOnStop'] {
  const entry = reading.entry('lvs_flush_on_stop') ?? reading.entry('lvs_flush_onstop');
  const word = entry?.statement.args[0];
  if (entry === undefined) return 'no';
  if (word === undefined) return 'all';
  if (word.text === 'VS') return 'VS';
  reading.findings.error(
    'bad-argument',
    word.span,
    `'${entry.keyword.name} ${word.text}' in ${reading.object} is not valid`,
    'it takes VS, or nothing for the whole table',
  );
  return 'no';
}

function multicastGroup(findings: Findings, reading: Reading, keyword: string, form: RegExp): IpAddress | undefined {
  const address = reading.address(keyword);
  const word = reading.entry(keyword)?.statement.args[0];
  if (address === undefined || word === undefined || form.test(address)) return address;
  findings.error(
    'bad-address',
    word.span,
    `'${keyword} ${address}' in global_defs is not valid`,
    `it takes an ${keyword.endsWith('4') ? 'IPv4' : 'IPv6'} multicast address`,
  );
  return undefined;
}

function checkDynamicInterfaces(reading: Reading): void {
  const word = reading.entry('dynamic_interfaces')?.statement.args[0];
  if (word === undefined || word.text === 'allow_if_changes') return;
  reading.findings.error(
    'bad-argument',
    word.span,
    `'dynamic_interfaces ${word.text}' in ${reading.object} is not valid`,
    'it takes allow_if_changes, or nothing',
  );
}

function checkScriptUser(reading: Reading): void {
  const { findings } = reading;
  const word = reading.entry('script_user')?.statement.args[0];
  if (word === undefined || findings.host.knownUser === undefined || findings.host.knownUser(word.text)) return;
  findings.error(
    'unknown-user',
    word.span,
    `script_user ${word.text} does not exist on this host`,
    'create the user, or name another; without it scripts are run as keepalived_script or root',
  );
}
