import type { IpAddress } from '../core/index.ts';
import type { AddressEntry, RouteEntry, RuleEntry, VrrpInstance } from '../config/index.ts';
import { authenticationProtocol, lastSequence, seal } from './authentication-header.ts';
import { advertisedAddresses } from './advertised.ts';
import type { NotifyState } from './events.ts';
import { encodeAdvert, vrrpProtocol } from './packet.ts';
import { signer } from './signed.ts';
import { addressKey, type Draft, type InstanceState } from './state.ts';
import { advertInterface } from './vmac-links.ts';

/** What an instance does to the world when it moves: adverts, addresses, announcements, notifications. */

/** RFC 9568 section 6.1: version 2 counts in parts of a second, version 3 in parts of the master's interval. */
export function skewMs(instance: InstanceState): number {
  const unitMs = instance.config.version === 2 ? 1000 : instance.masterAdvertIntMs;
  return ((256 - instance.effectivePriority) * unitMs) / 256;
}

export function masterDownMs(instance: InstanceState): number {
  return instance.config.downTimerAdverts * instance.masterAdvertIntMs + skewMs(instance);
}

export function notify(draft: Draft, i: number, state: NotifyState): void {
  const { config, effectivePriority: priority } = draft.instance(i);
  draft.emit({ type: 'notify', object: 'INSTANCE', name: config.name, state, priority });
}

/** Whether what is sent to its addresses is thrown away: no_accept, except for their owner. */
function refusesPackets({ config }: InstanceState): boolean {
  return !config.accept && config.priority !== 255 && allAddresses(config).length > 0;
}

/** Before the addresses are there, so that nothing is answered meanwhile. */
export function block(draft: Draft, i: number): void {
  const instance = draft.instance(i);
  if (!refusesPackets(instance)) return;
  const { config } = instance;
  draft.log('info', `(${config.name}) setting firewall drop rule`);
  draft.emit({ type: 'block-addresses', instance: config.name, entries: blockedEntries(config) });
}

/** With the interface of each: a link-local address means something only there. */
function blockedEntries(config: VrrpInstance): readonly AddressEntry[] {
  return allAddresses(config).map((entry) => ({ ...entry, dev: entry.dev ?? config.interface ?? '' }));
}

function unblock(draft: Draft, i: number): void {
  const instance = draft.instance(i);
  if (!refusesPackets(instance)) return;
  draft.log('info', `(${instance.config.name}) removing firewall drop rule`);
  draft.emit({ type: 'unblock-addresses', instance: instance.config.name });
}

/** A master after a reload: blocked are its addresses of now. */
export function changeBlock(draft: Draft, i: number, before: InstanceState): void {
  const now = draft.instance(i);
  if (!refusesPackets(now)) {
    if (refusesPackets(before)) draft.emit({ type: 'unblock-addresses', instance: now.config.name });
  } else if (!refusesPackets(before) || blockKey(before) !== blockKey(now)) {
    draft.emit({ type: 'block-addresses', instance: now.config.name, entries: blockedEntries(now.config) });
  }
}

function blockKey({ config }: InstanceState): string {
  return allAddresses(config)
    .map((entry) => entryKey(entry, config))
    .join();
}

export interface Release {
  /** With an advert of priority 0, so that a backup need not wait. */
  readonly tell: boolean;
  readonly keepAddresses: boolean;
  /** Addresses by `entryKey`, routes and rules by `lineKey`, that stay because another instance has them now. */
  readonly except?: ReadonlySet<string>;
}

/** Gives up what a master has. */
export function release(draft: Draft, i: number, { tell, keepAddresses, except }: Release): void {
  const { config } = draft.instance(i);
  draft.count(i, 'release_master');
  if (tell) {
    sendAdvert(draft, i, 0);
    draft.log('debug', `(${config.name}) sent 0 priority`);
  }
  if (keepAddresses) return;
  removeRoutes(draft, i, except);
  draft.log('debug', `(${config.name}) removing VIPs.`);
  const entries = allAddresses(config).filter((entry) => except?.has(entryKey(entry, config)) !== true);
  changeAddresses(draft, i, 'remove-addresses', entries);
  unblock(draft, i);
}

/** Adds routes, then rules, after the addresses that they may need. */
export function addRoutes(
  draft: Draft,
  i: number,
  { virtualRoutes, virtualRules }: Pick<VrrpInstance, 'virtualRoutes' | 'virtualRules'>,
): void {
  const { name } = draft.instance(i).config;
  if (virtualRoutes.length > 0) {
    draft.log('info', `(${name}) setting Virtual Routes`);
    draft.emit({ type: 'add-routes', instance: name, entries: virtualRoutes });
  }
  if (virtualRules.length > 0) {
    draft.log('info', `(${name}) setting Virtual Rules`);
    draft.emit({ type: 'add-rules', instance: name, entries: virtualRules });
  }
}

/** Removes rules, then routes, before the addresses that they may need; but for those in `except`, by `lineKey`. */
export function removeRoutes(draft: Draft, i: number, except: ReadonlySet<string> = new Set()): void {
  const { name, virtualRoutes, virtualRules } = draft.instance(i).config;
  const rules = virtualRules.filter((rule) => !except.has(lineKey(rule)));
  const routes = virtualRoutes.filter((route) => !except.has(lineKey(route)));
  if (rules.length > 0) {
    draft.log('info', `(${name}) removing Virtual Rules`);
    draft.emit({ type: 'remove-rules', instance: name, entries: rules });
  }
  if (routes.length > 0) {
    draft.log('info', `(${name}) removing Virtual Routes`);
    draft.emit({ type: 'remove-routes', instance: name, entries: routes });
  }
}

/** Equal for routes and rules of which everything but the place in the file is equal. */
export function lineKey(entry: RouteEntry | RuleEntry): string {
  return JSON.stringify({ ...entry, span: undefined });
}

export function allAddresses(config: VrrpInstance): readonly AddressEntry[] {
  return [...config.virtualIpaddress, ...config.virtualIpaddressExcluded];
}

/** Equal for entries that are one address to the kernel. */
export function entryKey(entry: AddressEntry, config: VrrpInstance): string {
  const peer = entry.peer === undefined ? '' : `${entry.peer.address}/${String(entry.peer.prefixLength)}`;
  const words = [entry.address, entry.prefixLength, entry.dev ?? config.interface ?? '', entry.label ?? '', peer];
  return [...words, entry.scope ?? '', entry.broadcast ?? ''].join(' ');
}

export function changeAddresses(
  draft: Draft,
  i: number,
  type: 'add-addresses' | 'remove-addresses',
  entries: readonly AddressEntry[],
): void {
  const byInterface = new Map<string, AddressEntry[]>();
  for (const entry of entries) {
    const ifname = entry.dev ?? draft.instance(i).config.interface;
    if (ifname === undefined) continue;
    const list = byInterface.get(ifname);
    if (list === undefined) byInterface.set(ifname, [entry]);
    else list.push(entry);
  }
  for (const [ifname, list] of byInterface) {
    if (type === 'remove-addresses') rememberRemovals(draft, ifname, list);
    draft.emit({ type, ifname, entries: list });
  }
}

function rememberRemovals(draft: Draft, ifname: string, entries: readonly AddressEntry[]): void {
  const present = draft.shared.interfaces.get(ifname)?.addresses ?? [];
  for (const { address } of entries)
    if (present.includes(address)) draft.ownRemovals.set(addressKey(ifname, address), draft.nowMs);
}

/** Sends an advert now, with the effective priority or the one given, to the group or to each unicast peer. */
export function sendAdvert(draft: Draft, i: number, priority?: number): void {
  const instance = draft.instance(i);
  const { config, source } = instance;
  const ifname = advertInterface(config);
  if (source === undefined || ifname === undefined) return;
  const unicast = config.unicastPeer.length > 0;
  const authentication = config.version === 2 ? config.authentication : undefined;
  const sealed = authentication?.authType === 'AH';
  const advert = {
    version: config.version,
    virtualRouterId: config.virtualRouterId,
    priority: priority ?? instance.effectivePriority,
    advertIntMs: config.advertIntMs,
    addresses: advertisedAddresses(config),
    ...(authentication?.authType === 'PASS' ? { authPass: authentication.authPass } : {}),
    ...(sealed ? { authHeader: true } : {}),
  };
  // The kernel would put an id of its own where there is none.
  const id = (instance.packetId % 0xffff) + 1;
  const sequence = Math.min(instance.ahSequence + 1, lastSequence);
  const ttl = unicast ? (config.unicastTtl ?? 255) : 255;
  // The destination is not signed: all peers get the same.
  const signature = signer(draft.shared.hmac, instance, source, draft.wallMs);
  for (const destination of destinationsOf(draft, instance)) {
    const summed = usesOldChecksum(instance, destination) ? draft.shared.config.mcastGroup4 : destination;
    const message = encodeAdvert(advert, { source, destination: summed }, config.v3ChecksumAsV2, signature?.trailerOf);
    draft.emit({
      type: 'send-advert',
      instance: config.name,
      ifname,
      family: config.family,
      source,
      destination,
      ttl,
      id,
      protocol: sealed ? authenticationProtocol : vrrpProtocol,
      pdu: sealed
        ? seal(draft.shared.hmac, authentication.authPass, { source, destination, ttl, id, sequence }, message)
        : message,
    });
  }
  draft.update(i, {
    packetId: id,
    ...(sealed ? { ahSequence: sequence } : {}),
    ...(signature === undefined ? {} : { signedAt: signature.time }),
  });
  draft.count(i, 'advert_sent');
  if (priority === 0) draft.count(i, 'pri_zero_sent');
}

/** Up to 1.3.6 keepalived summed unicast over IPv4 as if it went to the multicast group. */
function usesOldChecksum({ config, oldChecksumPeers }: InstanceState, peer: IpAddress): boolean {
  if (config.version === 2 || config.family !== 'ipv4' || config.unicastPeer.length === 0) return false;
  return config.oldUnicastChecksum === 'yes' || oldChecksumPeers.includes(peer);
}

function destinationsOf(draft: Draft, { config }: InstanceState): readonly IpAddress[] {
  if (config.unicastPeer.length > 0) return config.unicastPeer.map(({ address }) => address);
  const { mcastGroup4, mcastGroup6 } = draft.shared.config;
  return [config.mcastDstIp ?? (config.family === 'ipv4' ? mcastGroup4 : mcastGroup6)];
}
