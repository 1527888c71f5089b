import type { NotifyScripts, TrackLists, VrrpInstance } from '../../config/index.ts';
import type { InstanceView } from '../../vrrp/index.ts';
import { addressWords } from './address-words.ts';
import { dateText, deviceOf, secondsText, type DumpSource, type VrrpReport } from './report.ts';
import { routeWords, ruleWords } from './route-words.ts';

/** An instance in keepalived.data: its lines are the ones that exporters and people look for. */
export function instanceData(
  view: InstanceView,
  config: VrrpInstance,
  report: VrrpReport,
  source: DumpSource,
): readonly string[] {
  const group = source.config.vrrp.syncGroups.find((candidate) => candidate.group.includes(view.name));
  return [
    ` VRRP Instance = ${view.name}`,
    ...[
      `VRRP Version = ${String(config.version)}`,
      ...(group === undefined ? [] : [`Sync group = ${group.name}`]),
      ...(config.family === 'ipv6' ? ['Using Native IPv6'] : []),
      ...stateData(view, config, report.clockZeroMs),
      ...interfaceData(view, config, report),
      ...garpData(config),
      ...priorityData(view, config),
      ...authenticationData(config),
      ...addressData(view, config),
      ...unicastData(config),
      ...titled('Virtual Routes :', config.virtualRoutes.map(routeWords)),
      ...titled('Virtual Rules :', config.virtualRules.map(ruleWords)),
      ...trackData(config, source),
      `Using smtp notification = ${config.smtpAlert ? 'yes' : 'no'}`,
      `Notify deleted = ${config.notifyDeletedEnabled || config.notifyDeleted !== undefined ? 'Deleted' : 'Fault'}`,
      ...scriptData(config, source),
      `Notify priority changes = ${String(config.notifyPriorityChanges)}`,
    ].map((line) => `   ${line}`),
  ];
}

function stateData(view: InstanceView, config: VrrpInstance, clockZeroMs: number): readonly string[] {
  const changed = clockZeroMs + view.lastTransitionMs;
  const due = view.dueAtMs === null ? undefined : clockZeroMs + view.dueAtMs;
  const master = view.state === 'MASTER' ? null : view.otherMaster;
  return [
    `State = ${view.state}`,
    ...(master === null ? [] : [`Master router = ${master.address}`, `Master priority = ${String(master.priority)}`]),
    ...titled('Flags:', config.unicastPeer.length > 0 ? ['Using unicast'] : [], 'Flags: none'),
    `Wantstate = ${view.wantedState}`,
    'Number of config faults = 0',
    `Number of interface and track script faults = ${String(view.faults)}`,
    `Number of track scripts init = ${String(Number(view.held))}`,
    `Last transition = ${secondsText(changed)} (${dateText(changed)})`,
    `Read timeout = ${due === undefined ? 'DISABLED' : `${secondsText(due)} (${dateText(due)})`}`,
    `Master down timer = ${String(Math.floor(view.masterDownMs * 1000))} usecs`,
  ];
}

function interfaceData(view: InstanceView, config: VrrpInstance, { interfaces }: VrrpReport): readonly string[] {
  const { vmac, unicastPeer, unicastSrcIp, mcastSrcIp } = config;
  const chosen = unicastSrcIp ?? mcastSrcIp;
  const device = deviceOf(view);
  return [
    ...(view.ownInterface === null
      ? [`Interface = ${device}`]
      : [
          `Use ${vmac?.kind === 'ipvlan' ? 'IPVLAN' : 'VMAC'}, i/f name ${view.ownInterface}, xmit_base = ${String(vmac?.xmitBase ?? false)}`,
          `Interface = ${device}, ${vmac?.kind === 'ipvlan' ? 'ipvlan' : 'vmac'} on ${view.interface ?? ''}`,
        ]),
    ...(config.dontTrackPrimary ? ['VRRP interface tracking disabled'] : []),
    ...(config.skipCheckAdvAddr ? ['Skip checking advert IP addresses'] : []),
    ...(config.strictMode ? ['Enforcing strict VRRP compliance'] : []),
    `Using src_ip = ${view.source ?? '(none)'}${chosen === undefined ? '' : ' (from configuration)'}`,
    ...(unicastPeer.length > 0 ? [] : [multicast(config, interfaces.find(({ ifname }) => ifname === device)?.ifindex)]),
  ];
}

/** A link-local group means something only with its interface. */
function multicast({ mcastDstIp, family }: VrrpInstance, index: number | undefined): string {
  if (family === 'ipv4') return `Multicast address ${mcastDstIp ?? '224.0.0.18'}`;
  return `Multicast address ${mcastDstIp ?? 'ff02::12'}${index === undefined ? '' : `, ifindex ${String(index)}`}`;
}

function garpData(config: VrrpInstance): readonly string[] {
  return [
    `Gratuitous ARP delay = ${String(config.garpMasterDelayMs / 1000)}`,
    `Gratuitous ARP repeat = ${String(config.garpMasterRepeat)}`,
    `Gratuitous ARP refresh = ${String(config.garpMasterRefreshMs / 1000)}`,
    `Gratuitous ARP refresh repeat = ${String(config.garpMasterRefreshRepeat)}`,
    `Gratuitous ARP lower priority delay = ${String(config.garpLowerPrioDelayMs / 1000)}`,
    `Gratuitous ARP lower priority repeat = ${String(config.garpLowerPrioRepeat)}`,
    `Down timer adverts = ${String(config.downTimerAdverts)}`,
    `Send advert after receive lower priority advert = ${String(!config.lowerPrioNoAdvert)}`,
    `Send advert after receive higher priority advert = ${String(config.higherPrioSendAdvert)}`,
  ];
}

function priorityData(view: InstanceView, config: VrrpInstance): readonly string[] {
  const { advertIntMs, version } = config;
  const able = (on: boolean): string => (on ? 'enabled' : 'disabled');
  return [
    `Virtual Router ID = ${String(view.virtualRouterId)}`,
    `Priority = ${String(view.priority)}`,
    `Effective priority = ${String(view.effectivePriority)}`,
    `Total priority = ${String(view.effectivePriority)}`,
    `Advert interval = ${version === 2 ? `${String(advertIntMs / 1000)} sec` : `${String(advertIntMs)} milli-sec`}`,
    `Accept = ${able(config.accept)}`,
    `Preempt = ${able(!config.nopreempt)}`,
    ...(config.preemptDelayMs > 0 ? [`Preempt delay = ${(config.preemptDelayMs / 1000).toFixed(6)} secs`] : []),
    `Promote_secondaries = ${able(config.promoteSecondaries && view.ownInterface === null)}`,
  ];
}

/** The password is left out: the file is read by programs that need not know it. */
function authenticationData({ authentication, version }: VrrpInstance): readonly string[] {
  if (authentication === undefined) return version === 2 ? ['Authentication type = none'] : [];
  return authentication.authType === 'AH'
    ? ['Authentication type = IPSEC_AH']
    : ['Authentication type = SIMPLE_PASSWORD', 'Password = ********'];
}

function addressData(view: InstanceView, config: VrrpInstance): readonly string[] {
  const { virtualIpaddress, virtualIpaddressExcluded } = config;
  const words = [...virtualIpaddress, ...virtualIpaddressExcluded].map((entry, i) =>
    addressWords(entry, view.addressInterfaces[i] ?? '', view.state === 'MASTER'),
  );
  const count = virtualIpaddress.length;
  return [
    ...titled(`Virtual IP (${String(count)}):`, words.slice(0, count)),
    ...titled('Virtual IP Excluded :', words.slice(count)),
  ];
}

function unicastData(config: VrrpInstance): readonly string[] {
  const { unicastPeer, unicastTtl, checkUnicastSrc } = config;
  if (unicastPeer.length === 0) return [];
  return [
    `Unicast TTL = ${String(unicastTtl ?? 255)}`,
    `Check unicast src : ${checkUnicastSrc ? 'yes' : 'no'}`,
    ...titled(
      'Unicast Peer :',
      unicastPeer.map(
        ({ address, minTtl, maxTtl }) => `${address} min_ttl ${String(minTtl)} max_ttl ${String(maxTtl)}`,
      ),
    ),
  ];
}

/** What an instance or a group tracks. */
export function trackData(lists: TrackLists, { config }: DumpSource): readonly string[] {
  const weights = (weight: number, reverse: boolean): string => `weight ${String(weight)}${reverse ? ' reverse' : ''}`;
  const rows = (
    entries: TrackLists['trackScript'],
    objects: readonly { readonly name: string; readonly weight: number; readonly reverse: boolean }[],
    separator: string,
  ): readonly string[] =>
    entries.map(({ name, weight, reverse }) => {
      const own = objects.find((object) => object.name === name);
      return `${name}${separator}${weights(weight ?? own?.weight ?? 0, reverse ?? own?.reverse ?? false)}`;
    });
  return [
    ...titled('Tracked interfaces :', rows(lists.trackInterface, [], ' ')),
    ...titled('Tracked scripts :', rows(lists.trackScript, config.vrrp.scripts, ' ')),
    ...titled('Tracked files :', rows(lists.trackFile, config.trackFiles, ', ')),
    ...titled('Tracked processes :', rows(lists.trackProcess, config.vrrp.trackProcesses, ', ')),
    ...titled('Tracked BFDs :', rows(lists.trackBfd, config.bfdInstances, ', ')),
  ];
}

/** The scripts of an instance or a group. */
export function scriptData(scripts: NotifyScripts, { host }: DumpSource): readonly string[] {
  const rows = [
    ['Backup', scripts.notifyBackup],
    ['Master', scripts.notifyMaster],
    ['Fault', scripts.notifyFault],
    ['Stop', scripts.notifyStop],
    ['Deleted', scripts.notifyDeleted],
    ['Generic', scripts.notify],
    ['Master rx lower pri', scripts.notifyMasterRxLowerPri],
  ] as const;
  return rows.flatMap(([title, command]) =>
    command === undefined
      ? []
      : [`${title} state transition script = ${host.command(command)}, uid:gid ${host.owner(command)}`],
  );
}

function titled(title: string, lines: readonly string[], without?: string): readonly string[] {
  if (lines.length === 0) return without === undefined ? [] : [without];
  return [title, ...lines.map((line) => `  ${line}`)];
}
