import type { GlobalDefs, NotifyFifo, ProcessSettings, ReceiveBuffer } from '../../config/index.ts';
import type { DumpHost } from './report.ts';

/** The section on global_defs that every file of data begins with. Passwords are none among them. */
export function globalData(global: GlobalDefs, host: DumpHost, umask: number): readonly string[] {
  return [
    '------< Global definitions >------',
    ...[
      ...naming(global),
      ...mail(global),
      ...reloading(global),
      ...lvs(global),
      ...fifos(global, host),
      ...vrrp(global),
      ...firewall(global),
      ...processes(global),
      ...management(global),
      ...buffers(global),
      `rs_init_notifies = ${String(Number(global.rsInitNotifies))}`,
      `no_checker_emails = ${String(Number(global.checkerEmailsOnStateChangeOnly))}`,
      `rx_bufs_multiples = ${String(global.vrrpRxBufsMultiplier)}`,
      `umask = 0${umask.toString(8)}`,
    ].map((line) => ` ${line}`),
  ];
}

function naming(global: GlobalDefs): readonly string[] {
  return [
    `Network namespace = ${global.netNamespace ?? '(default)'}`,
    `Network namespace ipvs = ${ipvsNamespace(global.netNamespaceIpvs)}`,
    ...given('Instance name', global.instance),
    `Router ID = ${global.routerId}`,
  ];
}

function ipvsNamespace(name: string | undefined): string {
  if (name === undefined) return '(main namespace)';
  return name === '' ? '(default)' : name;
}

function mail(global: GlobalDefs): readonly string[] {
  const { smtpServer, notificationEmail, notificationEmailFrom, smtpHeloName } = global;
  return [
    ...(smtpServer === undefined
      ? []
      : [`Smtp server = ${smtpServer.host}`, `Smtp server port = ${String(smtpServer.port)}`]),
    ...given('Smtp HELO name', smtpHeloName),
    ...(smtpServer === undefined ? [] : [`Smtp server connection timeout = ${secs(global.smtpConnectTimeoutMs)}`]),
    ...given('Email notification from', notificationEmailFrom),
    ...(notificationEmail.length === 0 ? [] : ['Email notification to:', ...notificationEmail.map((to) => `  ${to}`)]),
    `Default smtp_alert = ${setting(global.smtpAlert)}`,
    `Default smtp_alert_vrrp = ${setting(global.smtpAlertVrrp)}`,
    `Default smtp_alert_checker = ${setting(global.smtpAlertChecker)}`,
    `Checkers log all failures = ${String(global.checkerLogAllFailures)}`,
  ];
}

function setting(value: boolean | undefined): string {
  if (value === undefined) return 'unset';
  return value ? 'on' : 'off';
}

function reloading(global: GlobalDefs): readonly string[] {
  const { reloadCheckConfig, reloadTimeFile } = global;
  return [
    reloadCheckConfig === undefined ? 'No test config before reload' : 'Test config before reload',
    ...given('Test config before reload, log to', reloadCheckConfig?.logFile),
    ...(reloadTimeFile === undefined
      ? []
      : [`Reload time file = ${reloadTimeFile}${global.reloadRepeat ? ' (repeat)' : ''}`]),
    ...given('Reload_file', global.reloadFile?.path),
    ...given('config save directory', global.tmpConfigDirectory),
    ...(global.dataUseInstance ? ['Use instance name in data dumps'] : []),
    ...given('state dump file', global.stateDumpFile),
    ...given('stats dump file', global.statsDumpFile),
    ...given('json dump file', global.jsonDumpFile),
  ];
}

function lvs(global: GlobalDefs): readonly string[] {
  const { lvsTimeouts, lvsSyncDaemon } = global;
  return [
    `Dynamic interfaces = ${String(global.dynamicInterfaces)}`,
    ...given('Default interface', global.defaultInterface ?? 'eth0'),
    `Disable local IGMP = ${global.disableLocalIgmp ? 'yes' : 'no'}`,
    ...given('LVS TCP timeout', lvsTimeouts?.tcpMs === undefined ? undefined : secs(lvsTimeouts.tcpMs)),
    ...given('LVS TCP FIN timeout', lvsTimeouts?.tcpfinMs === undefined ? undefined : secs(lvsTimeouts.tcpfinMs)),
    ...given('LVS UDP timeout', lvsTimeouts?.udpMs === undefined ? undefined : secs(lvsTimeouts.udpMs)),
    ...given('LVS sync daemon interface', lvsSyncDaemon?.interface),
    `LVS flush = ${String(global.lvsFlush)}`,
    `LVS flush on stop = ${{ no: 'disabled', all: 'full', VS: 'VS' }[global.lvsFlushOnStop]}`,
  ];
}

function fifos(global: GlobalDefs, host: DumpHost): readonly string[] {
  return [
    ...fifo('Global', global.notifyFifo, host),
    ...fifo('VRRP', global.vrrpNotifyFifo, host),
    ...fifo('LVS', global.lvsNotifyFifo, host),
    ...(global.startupScript === undefined ? [] : [`Startup script = ${host.command(global.startupScript)}`]),
    ...(global.shutdownScript === undefined ? [] : [`Shutdown script = ${host.command(global.shutdownScript)}`]),
    `FIFO write vrrp states on reload = ${String(global.fifoWriteVrrpStatesOnReload)}`,
    `VRRP notify priority changes = ${String(global.vrrpNotifyPriorityChanges)}`,
  ];
}

function fifo(title: string, settings: NotifyFifo | undefined, host: DumpHost): readonly string[] {
  if (settings === undefined) return [];
  const { path, script } = settings;
  return [
    `${title} notify fifo = ${path}`,
    ...(script === undefined
      ? []
      : [`${title} notify fifo script = ${host.command(script)}, uid:gid ${host.owner(script)}`]),
  ];
}

function vrrp(global: GlobalDefs): readonly string[] {
  return [
    `VRRP IPv4 mcast group = ${global.vrrpMcastGroup4}`,
    `VRRP IPv6 mcast group = ${global.vrrpMcastGroup6}`,
    `Gratuitous ARP interval = ${(global.vrrpGarpIntervalMs / 1000).toFixed(6)}`,
    `Gratuitous NA interval = ${(global.vrrpGnaIntervalMs / 1000).toFixed(6)}`,
  ];
}

function firewall({ nftables, nftablesCounters }: GlobalDefs): readonly string[] {
  return [
    ...(nftables === undefined
      ? []
      : [`nftables table name = ${nftables.table}`, `nftables base chain priority = ${String(nftables.priority)}`]),
    `nftables with${nftablesCounters ? '' : 'out'} counters`,
  ];
}

function processes(global: GlobalDefs): readonly string[] {
  return [
    `Max auto priority = ${String(Math.max(0, global.maxAutoPriority ?? 0))}`,
    `Min auto priority delay = ${String(global.minAutoPriorityDelayMs * 1000)} usecs`,
    ...processData('VRRP', global.vrrpProcess),
    ...processData('Checker', global.checkerProcess),
    ...processData('BFD', global.bfdProcess),
  ];
}

function processData(title: string, settings: ProcessSettings): readonly string[] {
  return [
    `${title} process priority = ${String(settings.priority ?? 0)}`,
    `${title} don't swap = ${String(settings.noSwap)}`,
    `${title} realtime priority = ${String(settings.rtPriority ?? 0)}`,
    `${title} realtime limit = ${String(settings.rlimitRttimeUs)}`,
  ];
}

function management(global: GlobalDefs): readonly string[] {
  const { snmp, dbus } = global;
  const able = (on: boolean): string => (on ? 'enabled' : 'disabled');
  return [
    `SNMP vrrp ${able(snmp.vrrp)}`,
    `SNMP checker ${able(snmp.checker)}`,
    `SNMP RFCv2 ${able(snmp.rfcV2)}`,
    `SNMP RFCv3 ${able(snmp.rfcV3)}`,
    `SNMP traps ${able(snmp.traps)}`,
    `SNMP socket = ${snmp.socket ?? 'default (unix:/var/agentx/master)'}`,
    `DBus ${able(dbus.enabled)}`,
    `DBus service name = ${dbus.enabled ? dbus.serviceName : ''}`,
    `Script security ${able(global.enableScriptSecurity)}`,
  ];
}

function buffers(global: GlobalDefs): readonly string[] {
  const rows: readonly (readonly [string, ReceiveBuffer])[] = [
    ['vrrp_netlink_cmd', global.vrrpNetlinkCmdRcvBufs],
    ['vrrp_netlink_monitor', global.vrrpNetlinkMonitorRcvBufs],
    ['process_monitor', global.processMonitorRcvBufs],
    ['lvs_netlink_cmd', global.lvsNetlinkCmdRcvBufs],
    ['lvs_netlink_monitor', global.lvsNetlinkMonitorRcvBufs],
  ];
  return rows.flatMap(([name, { bytes = 0, force }]) => [
    `${name}_rcv_bufs = ${String(bytes)}`,
    `${name}_rcv_bufs_force = ${String(Number(force))}`,
  ]);
}

function given(title: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`${title} = ${value}`];
}

function secs(ms: number): string {
  return String(ms / 1000);
}
