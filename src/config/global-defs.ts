import { ipFromBytes, type IpAddress } from '../core/index.ts';
import type { Statement } from '../parser/index.ts';
import type { GlobalDefs, NotifyFifo, ProcessSettings } from './model/global-defs.ts';
import { readBlock, type Findings, type Reading } from './read.ts';

/** global_defs and the process settings of the top level; several blocks are read as one. */
export function buildGlobalDefs(
  findings: Findings,
  statements: readonly Statement[],
  root: Reading,
  hostName: string,
): { readonly defs: GlobalDefs; readonly reading: Reading } {
  const reading = readBlock(findings, 'global_defs', 'global_defs', statements);
  const [host = '', port] = reading.words('smtp_server') ?? [];
  const timeouts = reading.words('lvs_timeouts');
  const scriptUser = reading.entry('script_user')?.statement.args.map((word) => word.text);
  checkRecipients(findings, reading);
  checkScriptUser(findings, reading);
  checkGivenTwice(findings, reading);
  const netNamespace = root.text('net_namespace');
  const instance = root.text('instance');
  const maxAutoPriority = reading.number('max_auto_priority');
  const defaultInterface = reading.text('default_interface');
  const notificationEmailFrom = reading.text('notification_email_from');
  const reloadCheck = reading.words('reload_check_config');
  const defs: GlobalDefs = {
    routerId: reading.text('router_id') ?? hostName,
    notificationEmail: reading
      .all('notification_email')
      .flatMap(({ statement }) =>
        (statement.block?.statements ?? []).flatMap((line) => [
          line.keyword.text,
          ...line.args.map((word) => word.text),
        ]),
      ),
    ...(notificationEmailFrom === undefined ? {} : { notificationEmailFrom }),
    ...(host === '' ? {} : { smtpServer: { host, port: isPort(port) ? Number(port) : 25 } }),
    smtpConnectTimeoutMs: reading.number('smtp_connect_timeout') ?? 30_000,
    noEmailFaults: reading.flag('no_email_faults'),
    checkerEmailsOnStateChangeOnly: reading.flag('no_checker_emails'),
    rsInitNotifies: reading.flag('rs_init_notifies'),
    ...(netNamespace === undefined ? {} : { netNamespace }),
    ...(instance === undefined ? {} : { instance }),
    usePidDir: root.flag('use_pid_dir'),
    childWaitTimeMs: (root.number('child_wait_time') ?? 5) * 1000,
    ...(scriptUser?.[0] === undefined
      ? {}
      : { scriptUser: { user: scriptUser[0], ...(scriptUser[1] === undefined ? {} : { group: scriptUser[1] }) } }),
    enableScriptSecurity: reading.flag('enable_script_security'),
    ...(maxAutoPriority === undefined ? {} : { maxAutoPriority }),
    ...(reloadCheck === undefined
      ? {}
      : { reloadCheckConfig: reloadCheck[0] === undefined ? {} : { logFile: reloadCheck[0] } }),
    reloadRepeat: reading.flag('reload_repeat'),
    vrrpProcess: processSettings(reading, 'vrrp'),
    checkerProcess: processSettings(reading, 'checker'),
    bfdProcess: processSettings(reading, 'bfd'),
    ...fifos(reading),
    vrrpNotifyPriorityChanges: reading.flag('vrrp_notify_priority_changes'),
    fifoWriteVrrpStatesOnReload: reading.flag('fifo_write_vrrp_states_on_reload'),
    ...(defaultInterface === undefined ? {} : { defaultInterface }),
    dynamicInterfaces: reading.has('dynamic_interfaces'),
    allowIfChanges: reading.words('dynamic_interfaces')?.includes('allow_if_changes') ?? false,
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
    ...(timeouts === undefined ? {} : { lvsTimeouts: readTimeouts(findings, reading, timeouts) }),
    lvsFlush: reading.flag('lvs_flush'),
    lvsFlushOnStop: 'no',
    dataUseInstance: reading.flag('data_use_instance'),
    jsonVersion: reading.text('json_version') === '2' ? 2 : 1,
  };
  return { defs, reading };
}

function processSettings(reading: Reading, part: string): ProcessSettings {
  const priority = reading.number(`${part}_priority`);
  const rtPriority = reading.number(`${part}_rt_priority`);
  return {
    ...(priority === undefined ? {} : { priority }),
    ...(rtPriority === undefined ? {} : { rtPriority }),
    noSwap: reading.flag(`${part}_no_swap`),
  };
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

/** Of these the first counts. */
const firstCounts = [
  'notify_fifo',
  'notify_fifo_script',
  'vrrp_notify_fifo',
  'vrrp_notify_fifo_script',
  'lvs_notify_fifo',
  'lvs_notify_fifo_script',
];

function checkGivenTwice(findings: Findings, reading: Reading): void {
  for (const name of firstCounts) {
    const again = reading.all(name)[1];
    if (again !== undefined)
      findings.error(
        'duplicate-keyword',
        again.statement.keyword.span,
        `'${name}' is given twice in global_defs`,
        'the first counts',
      );
  }
}

function checkScriptUser(findings: Findings, reading: Reading): void {
  const word = reading.entry('script_user')?.statement.args[0];
  if (word === undefined || findings.host.knownUser === undefined || findings.host.knownUser(word.text)) return;
  findings.error(
    'unknown-user',
    word.span,
    `script_user ${word.text} does not exist on this host`,
    'create the user, or name another; without it scripts are run as keepalived_script or root',
  );
}

function isPort(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) <= 65_535;
}

function checkRecipients(findings: Findings, reading: Reading): void {
  for (const { statement } of reading.all('notification_email')) {
    if (statement.block?.statements.length === 0)
      findings.warning(
        'empty-block',
        statement.keyword.span,
        'notification_email names nobody',
        'add an address a line, or remove the block',
      );
  }
  const server = reading.entry('smtp_server')?.statement;
  const port = server?.args[1];
  if (port !== undefined && !isPort(port.text))
    findings.error('bad-argument', port.span, `port '${port.text}' of smtp_server is not valid`, 'it takes 1 to 65535');
  const iptables = reading.entry('vrrp_iptables') ?? reading.entry('vrrp_ipsets');
  if (iptables !== undefined)
    findings.warning(
      'no-iptables',
      iptables.statement.keyword.span,
      `'${iptables.keyword.name}' in global_defs is not supported`,
      "use 'nftables'",
    );
}

function fifos(reading: Reading): Pick<GlobalDefs, 'notifyFifo' | 'vrrpNotifyFifo' | 'lvsNotifyFifo'> {
  const fifo = (name: string): NotifyFifo | undefined => {
    const path = reading.all(name)[0]?.value;
    const script = reading.all(`${name}_script`)[0]?.value;
    if (typeof path !== 'string') return undefined;
    return { path, ...(typeof script === 'object' && 'argv' in script ? { script } : {}) };
  };
  const [all, vrrp, lvs] = [fifo('notify_fifo'), fifo('vrrp_notify_fifo'), fifo('lvs_notify_fifo')];
  return {
    ...(all === undefined ? {} : { notifyFifo: all }),
    ...(vrrp === undefined ? {} : { vrrpNotifyFifo: vrrp }),
    ...(lvs === undefined ? {} : { lvsNotifyFifo: lvs }),
  };
}

function readTimeouts(
  findings: Findings,
  reading: Reading,
  words: readonly string[],
): NonNullable<GlobalDefs['lvsTimeouts']> {
  const timeouts: { tcpMs?: number; tcpfinMs?: number; udpMs?: number } = {};
  for (let i = 0; i < words.length; i += 2) {
    const [name, value = ''] = words.slice(i, i + 2);
    const secs = /^\d{1,7}$/.test(value) ? Number(value) : Number.NaN;
    const span = reading.entry('lvs_timeouts')?.statement.keyword.span;
    if ((name !== 'tcp' && name !== 'tcpfin' && name !== 'udp') || !(secs >= 0 && secs <= 2_678_400)) {
      if (span !== undefined)
        findings.error(
          'bad-argument',
          span,
          `'lvs_timeouts ${words.join(' ')}' is not valid`,
          'it takes tcp, tcpfin or udp, each with seconds up to 2678400',
        );
      break;
    }
    timeouts[`${name}Ms`] = secs * 1000;
  }
  return timeouts;
}
