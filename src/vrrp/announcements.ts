import { ipFamily, type IpFamily } from '../core/index.ts';
import type { AddressEntry, VrrpInstance } from '../config/index.ts';
import type { EngineConfig } from './events.ts';
import type { Announcement, Draft, Lane } from './state.ts';

/**
 * Gratuitous ARP and unsolicited neighbour advertisements, at the pace that vrrp_garp_interval, vrrp_gna_interval and garp_group
 * set (keepalived.conf(5)). An address that waits for its turn waits once, however often it is to be told, as the reference has it.
 */

/** `rounds` rounds over all addresses, so that no neighbour waits for all repetitions of another address. */
export function announce(draft: Draft, i: number, rounds: number): void {
  const { config } = draft.instance(i);
  announceSome(draft, config, [...config.virtualIpaddress, ...config.virtualIpaddressExcluded], rounds);
}

/** Switches may have lost the way by which the answers of unicast peers come [ref]. */
export function announceSource(draft: Draft, i: number): void {
  const { config, source } = draft.instance(i);
  if (config.unicastPeer.length === 0 || source === undefined || config.interface === undefined) return;
  draft.emit({ type: 'announce', ifname: config.interface, address: source });
}

/** garp_extra_if: the addresses on other interfaces than the instance's own, of which adverts remind no switch. */
function extraAddresses(config: VrrpInstance): readonly AddressEntry[] {
  const { garpExtraIf } = config;
  if (garpExtraIf === undefined) return [];
  return [...config.virtualIpaddress, ...config.virtualIpaddressExcluded].filter(
    ({ dev, useVmac }) =>
      dev !== undefined && dev !== config.interface && (garpExtraIf.all || useVmac === true || config.useVmacAddr),
  );
}

export function firstExtraGarp(config: VrrpInstance, nowMs: number): number | undefined {
  const { garpExtraIf } = config;
  return garpExtraIf === undefined || extraAddresses(config).length === 0 ? undefined : nowMs + garpExtraIf.intervalMs;
}

export function announceExtra(draft: Draft, i: number): void {
  const { config } = draft.instance(i);
  announceSome(draft, config, extraAddresses(config), 1);
}

function announceSome(draft: Draft, config: VrrpInstance, entries: readonly AddressEntry[], rounds: number): void {
  for (let round = 0; round < rounds; round++) {
    for (const { dev, address } of entries) {
      const ifname = dev ?? config.interface;
      if (ifname !== undefined) announceOne(draft, { instance: config.name, ifname, address });
    }
  }
}

function announceOne(draft: Draft, announcement: Announcement): void {
  const { ifname, address } = announcement;
  const pace = paceOf(draft.shared.config, ifname, ipFamily(address));
  if (pace.intervalMs === 0) {
    draft.emit({ type: 'announce', ifname, address });
    return;
  }
  const lane = draft.shared.lanes.get(pace.lane) ?? { nextAtMs: draft.nowMs, waiting: [] };
  if (lane.nextAtMs <= draft.nowMs && lane.waiting.length === 0) {
    draft.emit({ type: 'announce', ifname, address });
    setLane(draft, pace.lane, { nextAtMs: draft.nowMs + pace.intervalMs, waiting: [] });
  } else if (!lane.waiting.some((other) => other.ifname === ifname && other.address === address)) {
    setLane(draft, pace.lane, { ...lane, waiting: [...lane.waiting, announcement] });
  }
}

interface Pace {
  readonly lane: string;
  /** 0: no limit. */
  readonly intervalMs: number;
}

function paceOf({ vrrp, garpIntervalMs = 0, gnaIntervalMs = 0 }: EngineConfig, ifname: string, family: IpFamily): Pace {
  const group = vrrp.garpGroups.find(({ interfaces }) => interfaces.includes(ifname));
  const lane = `${group?.interfaces[0] ?? ifname}/${family}`;
  if (group === undefined) return { lane, intervalMs: family === 'ipv4' ? garpIntervalMs : gnaIntervalMs };
  return { lane, intervalMs: family === 'ipv4' ? group.garpIntervalMs : group.gnaIntervalMs };
}

export function nextAnnouncement(lanes: ReadonlyMap<string, Lane>): number | undefined {
  let next: number | undefined;
  for (const { nextAtMs, waiting } of lanes.values())
    if (waiting.length > 0 && (next === undefined || nextAtMs < next)) next = nextAtMs;
  return next;
}

/** Sends what has waited long enough, if its instance still has the address. */
export function runDueAnnouncements(draft: Draft): void {
  for (const [key, { nextAtMs, waiting }] of draft.shared.lanes) {
    if (nextAtMs > draft.nowMs) continue;
    const [first, ...rest] = waiting.filter((announcement) => isHeld(draft, announcement));
    if (first === undefined) {
      setLane(draft, key, undefined);
      continue;
    }
    const { ifname, address } = first;
    draft.emit({ type: 'announce', ifname, address });
    const { intervalMs } = paceOf(draft.shared.config, ifname, ipFamily(address));
    setLane(draft, key, { nextAtMs: draft.nowMs + intervalMs, waiting: rest });
  }
}

function isHeld(draft: Draft, { instance, ifname, address }: Announcement): boolean {
  return draft.instances.some(
    ({ config, state }) =>
      config.name === instance &&
      state === 'MASTER' &&
      [...config.virtualIpaddress, ...config.virtualIpaddressExcluded].some(
        (entry) => entry.address === address && (entry.dev ?? config.interface) === ifname,
      ),
  );
}

function setLane(draft: Draft, key: string, lane: Lane | undefined): void {
  const lanes = new Map(draft.shared.lanes);
  if (lane === undefined) lanes.delete(key);
  else lanes.set(key, lane);
  draft.set({ lanes });
}
