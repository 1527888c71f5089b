import { ipFamily } from '../../core/index.ts';
import type { TrackLists, VrrpSyncGroup } from '../../config/index.ts';
import type { ScriptView } from '../../vrrp/index.ts';
import { addressWords } from './address-words.ts';
import { instanceData, scriptData, trackData } from './instance-data.ts';
import { deviceOf, type DumpSource, type InterfaceReport, type VrrpReport } from './report.ts';
import { routeWords, ruleWords } from './route-words.ts';

/** keepalived.data after its global definitions, in the sections of the reference. */
export function vrrpData(report: VrrpReport, source: DumpSource): readonly string[] {
  const { vrrp, trackFiles } = source.config;
  const { view, interfaces } = report;
  return [
    ...section(
      'Static Addresses',
      vrrp.staticIpaddress.map((entry) => `    ${addressWords(entry, entry.dev ?? 'eth0', true)}`),
    ),
    ...section(
      'Static Routes',
      vrrp.staticRoutes.map((entry) => `    ${routeWords(entry)}`),
    ),
    ...section(
      'Static Rules',
      vrrp.staticRules.map((entry) => `    ${ruleWords(entry)}`),
    ),
    ...headed(
      'VRRP Topology',
      view.instances.flatMap((instance) => {
        const config = vrrp.instances.find(({ name }) => name === instance.name);
        return config === undefined ? [] : instanceData(instance, config, report, source);
      }),
    ),
    ...headed('VRRP Sockpool', sockets(report, source)),
    ...headed(
      'VRRP Sync groups',
      view.groups.flatMap(({ name, state, members }) => {
        const config = vrrp.syncGroups.find((group) => group.name === name);
        return config === undefined ? [] : groupData(config, state, members, report, source);
      }),
    ),
    ...headed(
      'VRRP Scripts',
      view.scripts.flatMap((script) => trackScriptData(script, source)),
    ),
    ...headed(
      'VRRP Track files',
      trackFiles.flatMap(({ name, file, weight }) => [
        ` Track file = ${name}`,
        `   File = ${file}`,
        `   Status = ${String(source.files[name] ?? 0)}`,
        `   Weight = ${String(weight)}`,
        ...trackers('trackFile', name, source),
      ]),
    ),
    ...headed('VRRP Track processes', processData(source)),
    ...headed(
      'Interfaces',
      interfaces.flatMap((link) => interfaceData(link, report)),
    ),
  ];
}

/** With its title only where there is something under it. */
function headed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`------< ${title} >------`, ...lines];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return headed(
    title,
    lines.map((line) => ` ${line}`),
  );
}

/** Instances that hear adverts together. */
function sockets({ view }: VrrpReport, { config }: DumpSource): readonly string[] {
  const pools = new Map<string, string[]>();
  for (const instance of view.instances) {
    const settings = config.vrrp.instances.find(({ name }) => name === instance.name);
    if (settings === undefined) continue;
    const { family, unicastPeer, authentication } = settings;
    const unicast = unicastPeer.length > 0;
    const key = [
      `   Interface = ${deviceOf(instance)}`,
      `   Family = ${family === 'ipv4' ? 'IPv4' : 'IPv6'}`,
      `   Protocol = ${authentication?.authType === 'AH' ? 'AH' : 'VRRP'}`,
      `   Type = ${unicast ? 'Unicast' : 'Multicast'}`,
      ...(unicast ? [`   Address = ${instance.source ?? '(none)'}`] : []),
    ].join('\n');
    const members = pools.get(key) ?? [];
    members.push(`     ${instance.name} vrid ${String(instance.virtualRouterId)}`);
    pools.set(key, members);
  }
  return [...pools].flatMap(([key, members]) => [' Socket', ...key.split('\n'), '   VRRP instances', ...members]);
}

function groupData(
  config: VrrpSyncGroup,
  state: string,
  members: readonly string[],
  { view }: VrrpReport,
  source: DumpSource,
): readonly string[] {
  const own = view.instances.filter(({ name }) => members.includes(name));
  const faults = own.filter(({ faults: count }) => count > 0).length;
  return [
    ` VRRP Sync Group = ${config.name}, ${state}`,
    ...[
      `Num member fault ${String(faults)}, num member init ${String(own.filter(({ held }) => held).length)}`,
      'VRRP member instances :',
      ...members.map((name) => `  ${name}`),
      ...(config.syncGroupTrackingWeight ? ['sync group tracking weight set'] : []),
      `Using smtp notification = ${config.smtpAlert ? 'yes' : 'no'}`,
      ...trackData(config, source),
      ...scriptData(config, source),
    ].map((line) => `   ${line}`),
  ];
}

function trackScriptData({ name, status, running }: ScriptView, source: DumpSource): readonly string[] {
  const config = source.config.vrrp.scripts.find((script) => script.name === name);
  if (config === undefined) return [];
  const { script, intervalMs, timeoutMs, weight, reverse, rise, fall, initFail } = config;
  return [
    ` VRRP Script = ${name}`,
    ...[
      `Command = ${source.host.command(script)}`,
      `Interval = ${String(intervalMs / 1000)} sec`,
      `Timeout = ${String((timeoutMs ?? 0) / 1000)} sec`,
      `Weight = ${String(weight)}${reverse ? ' reverse' : ''}`,
      `Rise = ${String(rise)}`,
      `Fall = ${String(fall)}`,
      `Init state = ${initFail ? 'failed' : 'unknown'}`,
      `Status = ${{ up: 'GOOD', down: 'BAD', init: 'INIT' }[status]}`,
      `Script uid:gid = ${source.host.owner(script)}`,
    ].map((line) => `   ${line}`),
    ...trackers('trackScript', name, source),
    `   State = ${running ? 'running' : 'idle'}`,
  ];
}

function processData(source: DumpSource): readonly string[] {
  return source.config.vrrp.trackProcesses.flatMap((tracked) => {
    const { name, process, quorum, quorumMax, weight, reverse, terminateDelayMs, forkDelayMs, fullCommand } = tracked;
    return [
      ` VRRP Track process = ${name}`,
      ...[
        `Process = ${process.join(' ')}`,
        `Min processes = ${String(quorum)}`,
        ...(quorumMax === undefined ? [] : [`Max processes = ${String(quorumMax)}`]),
        `Have quorum = ${String(source.processes[name] ?? false)}`,
        `Weight = ${String(weight)}${reverse ? ' reverse' : ''}`,
        `Terminate delay = ${(terminateDelayMs / 1000).toFixed(6)}s`,
        `Fork delay = ${(forkDelayMs / 1000).toFixed(6)}s`,
        `Full command = ${String(fullCommand)}`,
      ].map((line) => `   ${line}`),
      ...trackers('trackProcess', name, source),
    ];
  });
}

/** Instances and groups that look at an object of this name. */
function trackers(list: keyof TrackLists, name: string, { config: { vrrp } }: DumpSource): readonly string[] {
  const entries = [...vrrp.instances, ...vrrp.syncGroups].flatMap((object) =>
    object[list].flatMap((entry) =>
      entry.name === name
        ? [`     ${object.name}${entry.weight === undefined ? '' : `, weight ${String(entry.weight)}`}`]
        : [],
    ),
  );
  return entries.length === 0 ? [] : ['   Tracking instances :', ...entries];
}

function interfaceData(link: InterfaceReport, { view }: VrrpReport): readonly string[] {
  const own = (family: 'ipv4' | 'ipv6'): string =>
    link.addresses.filter((address) => ipFamily(address) === family).join(', ') || '(none)';
  const users = view.instances.filter(({ interface: base, ownInterface }) =>
    [base, ownInterface].includes(link.ifname),
  );
  return [
    ` Name = ${link.ifname}`,
    ...[
      `index = ${String(link.ifindex)}`,
      `IPv4 address = ${own('ipv4')}`,
      `IPv6 address = ${own('ipv6')}`,
      ...(link.mac === '' || link.loopback ? [] : [`MAC = ${link.mac}`]),
      `State = ${link.adminUp ? '' : 'not '}UP, ${link.running ? '' : 'not '}RUNNING${link.loopback ? ', loopback' : ''}`,
      `MTU = ${String(link.mtu)}`,
      `HW Type = ${link.loopback ? 'LOOPBACK' : 'ETHERNET'}`,
      ...(users.length === 0 ? [] : ['Tracking VRRP instances :', ...users.map(({ name }) => `  ${name}`)]),
    ].map((line) => `   ${line}`),
  ];
}
