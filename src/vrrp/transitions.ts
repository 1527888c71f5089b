import { ipFamily, type IpAddress } from '../core/index.ts';
import type { AddressEntry } from '../config/index.ts';
import type { NotifyState } from './events.ts';
import { encodeAdvert } from './packet.ts';
import type { Draft, GroupState, InstanceState } from './state.ts';
import { effectivePriority, standingOf } from './tracking.ts';

/**
 * The moves between states. They act on units: the instances of a sync group, or one instance that is in none, so that a
 * group can never be apart. Sources: RFC 9568 section 6.4, and for groups keepalived.conf(5) and what the reference does.
 */

/** RFC 9568 section 6.1: version 2 counts in parts of a second, version 3 in parts of the master's interval. */
export function skewMs(instance: InstanceState): number {
  const unitMs = instance.config.version === 2 ? 1000 : instance.masterAdvertIntMs;
  return ((256 - instance.effectivePriority) * unitMs) / 256;
}

export function masterDownMs(instance: InstanceState): number {
  return instance.config.downTimerAdverts * instance.masterAdvertIntMs + skewMs(instance);
}

export interface Unit {
  readonly members: readonly number[];
  readonly group: number | undefined;
}

export function unitOf(draft: Draft, i: number): Unit {
  const group = draft.shared.index.groupOf[i];
  if (group === undefined) return { members: [i], group };
  return { members: draft.groups[group]?.members ?? [i], group };
}

export function allUnits(draft: Draft): readonly Unit[] {
  const alone = draft.instances.flatMap((_, i) =>
    draft.shared.index.groupOf[i] === undefined ? [{ members: [i], group: undefined }] : [],
  );
  return [...draft.groups.map((group, g) => ({ members: group.members, group: g })), ...alone];
}

/** Reads the tracked objects again and moves the unit accordingly: into FAULT, or out of it. */
export function settle(draft: Draft, unit: Unit): void {
  measureUnit(draft, unit);
  const members = unit.members.map((i) => draft.instance(i));
  if (members.some(({ faults }) => faults.length > 0)) {
    if (members.some(({ state }) => state !== 'FAULT')) unitToFault(draft, unit);
    return;
  }
  if (members.some(({ held }) => held)) return;
  if (members.some(({ state }) => state === 'MASTER')) joinMasters(draft, unit);
  else if (members.some(({ state }) => state === 'FAULT' || state === 'INIT')) leaveFault(draft, unit);
}

export function measureUnit(draft: Draft, unit: Unit): void {
  for (const i of unit.members) measure(draft, i, unit.group === undefined ? undefined : draft.groups[unit.group]);
}

/** A group that is MASTER stays so when a reload adds a member: the new one is MASTER too. */
function joinMasters(draft: Draft, unit: Unit): void {
  for (const i of unit.members) {
    if (draft.instance(i).state !== 'MASTER') toMaster(draft, i);
  }
}

function measure(draft: Draft, i: number, group: GroupState | undefined): void {
  const before = draft.instance(i);
  const standing = standingOf(draft.shared, before.config, group?.config);
  const priority = effectivePriority(before.config, standing.weight);
  draft.update(i, {
    faults: standing.faults,
    held: standing.held,
    source: standing.source,
    effectivePriority: priority,
  });
  if (priority === before.effectivePriority) return;
  draft.log(
    'info',
    `(${before.config.name}) Changing effective priority from ${String(before.effectivePriority)} to ${String(priority)}`,
  );
}

function leaveFault(draft: Draft, unit: Unit): void {
  const first = unit.members.every((i) => draft.instance(i).state === 'INIT');
  // The owner of the addresses does not ask (RFC 9568 section 6.4.1).
  if (
    unit.members.every((i) => draft.instance(i).config.priority === 255) &&
    draft.shared.config.startupDelayMs === 0
  ) {
    unitToMaster(draft, unit);
    return;
  }
  unitToBackup(draft, unit, (instance) => {
    // `state MASTER` means only this: the first wait is short.
    const waitMs =
      first && instance.config.state === 'MASTER'
        ? instance.config.advertIntMs + skewMs(instance)
        : masterDownMs(instance);
    const heldBackUntilMs = first ? draft.shared.startedAtMs + draft.shared.config.startupDelayMs : 0;
    return Math.max(draft.nowMs, heldBackUntilMs) + waitMs;
  });
}

/** The master is silent. A sync group moves when all its members find it so. */
export function wantMaster(draft: Draft, i: number): void {
  draft.update(i, { wantsMaster: true, masterDownAtMs: undefined, preemptAtMs: undefined });
  const unit = unitOf(draft, i);
  if (unit.members.every((member) => draft.instance(member).wantsMaster)) unitToMaster(draft, unit);
}

export function unitToMaster(draft: Draft, unit: Unit): void {
  const name = groupName(draft, unit);
  if (name !== undefined) draft.log('info', `VRRP_Group(${name}) Syncing instances to MASTER state`);
  for (const i of unit.members) {
    if (draft.instance(i).state !== 'MASTER') toMaster(draft, i);
  }
  if (unit.group !== undefined) changeGroup(draft, unit.group, 'MASTER');
}

/**
 * `masterDownAtMs` says until when each member waits. Who yields to a better master says no priority 0, which would call for an
 * election; who lost an address does, and its group is not told, as the reference has it.
 */
export function unitToBackup(
  draft: Draft,
  unit: Unit,
  masterDownAtMs: (instance: InstanceState) => number,
  why: 'better-master' | 'lost-address' = 'better-master',
): void {
  const name = groupName(draft, unit);
  if (name !== undefined && draft.groups[unit.group ?? -1]?.state !== 'INIT') {
    draft.log('info', `VRRP_Group(${name}) Syncing instances to BACKUP state`);
  }
  if (unit.group !== undefined) {
    if (why === 'lost-address') draft.setGroup(unit.group, 'BACKUP');
    else changeGroup(draft, unit.group, 'BACKUP');
  }
  for (const i of unit.members) toBackup(draft, i, masterDownAtMs(draft.instance(i)), why === 'lost-address');
}

function unitToFault(draft: Draft, unit: Unit): void {
  const name = groupName(draft, unit);
  if (name !== undefined) draft.log('info', `VRRP_Group(${name}) Syncing instances to FAULT state`);
  if (unit.group !== undefined) changeGroup(draft, unit.group, 'FAULT');
  for (const i of unit.members) {
    const instance = draft.instance(i);
    if (instance.state === 'FAULT') continue;
    const why =
      instance.faults.length > 0 ? instance.faults.join(', ') : 'another member of its sync group is in fault';
    draft.log('warning', `(${instance.config.name}) Entering FAULT STATE: ${why}`);
    if (instance.state === 'MASTER') release(draft, i, { tell: true, keepAddresses: false });
    enter(draft, i, 'FAULT', {});
  }
}

function groupName(draft: Draft, unit: Unit): string | undefined {
  return unit.group === undefined ? undefined : draft.groups[unit.group]?.config.name;
}

function changeGroup(draft: Draft, g: number, state: 'MASTER' | 'BACKUP' | 'FAULT'): void {
  const group = draft.groups[g];
  if (group === undefined || group.state === state) return;
  draft.setGroup(g, state);
  draft.emit({ type: 'notify', object: 'GROUP', name: group.config.name, state, priority: 0 });
}

const noTimers = {
  masterDownAtMs: undefined,
  advertAtMs: undefined,
  preemptAtMs: undefined,
  secondGarpAtMs: undefined,
  garpRefreshAtMs: undefined,
  lowerPrioGarpAtMs: undefined,
  wantsMaster: false,
};

function enter(
  draft: Draft,
  i: number,
  state: 'MASTER' | 'BACKUP' | 'FAULT',
  change: Partial<InstanceState>,
  quiet = false,
): void {
  draft.update(i, { ...noTimers, state, lastTransitionMs: draft.nowMs, said: [], ...change });
  if (!quiet) notify(draft, i, state);
}

export function notify(draft: Draft, i: number, state: NotifyState): void {
  const { config, effectivePriority: priority } = draft.instance(i);
  draft.emit({ type: 'notify', object: 'INSTANCE', name: config.name, state, priority });
}

export function toMaster(draft: Draft, i: number, quiet = false): void {
  const { config } = draft.instance(i);
  draft.log('info', quiet ? `(${config.name}) Taking up MASTER STATE` : `(${config.name}) Entering MASTER STATE`);
  draft.count(i, 'become_master');
  enter(
    draft,
    i,
    'MASTER',
    {
      advertAtMs: draft.nowMs + config.advertIntMs,
      masterAdvertIntMs: config.advertIntMs,
      secondGarpAtMs:
        config.garpMasterDelayMs > 0 && config.garpMasterRepeat > 0
          ? draft.nowMs + config.garpMasterDelayMs
          : undefined,
      garpRefreshAtMs: config.garpMasterRefreshMs > 0 ? draft.nowMs + config.garpMasterRefreshMs : undefined,
      lastMaster: undefined,
    },
    true,
  );
  sendAdvert(draft, i);
  changeAddresses(draft, i, 'add-addresses', allAddresses(draft.instance(i)));
  announce(draft, i, config.garpMasterRepeat);
  if (!quiet) notify(draft, i, 'MASTER');
}

function toBackup(draft: Draft, i: number, masterDownAtMs: number, tell: boolean): void {
  const instance = draft.instance(i);
  if (instance.state === 'BACKUP') {
    draft.update(i, { masterDownAtMs, wantsMaster: false });
    return;
  }
  draft.log('info', `(${instance.config.name}) Entering BACKUP STATE${instance.state === 'INIT' ? ' (init)' : ''}`);
  if (instance.state === 'MASTER') release(draft, i, { tell, keepAddresses: false });
  enter(draft, i, 'BACKUP', { masterDownAtMs });
}

/** Gives up what a master has; `tell`: with an advert of priority 0, so that a backup need not wait. */
export function release(
  draft: Draft,
  i: number,
  how: { readonly tell: boolean; readonly keepAddresses: boolean },
): void {
  draft.count(i, 'release_master');
  if (how.tell) sendAdvert(draft, i, 0);
  if (!how.keepAddresses) changeAddresses(draft, i, 'remove-addresses', allAddresses(draft.instance(i)));
}

export function allAddresses(instance: InstanceState): readonly AddressEntry[] {
  return [...instance.config.virtualIpaddress, ...instance.config.virtualIpaddressExcluded];
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
  for (const [ifname, list] of byInterface) draft.emit({ type, ifname, entries: list });
}

/** `rounds` rounds over all addresses, so that no neighbour waits for all repetitions of another address. */
export function announce(draft: Draft, i: number, rounds: number): void {
  const instance = draft.instance(i);
  const ifname = instance.config.interface;
  if (ifname === undefined) return;
  for (let round = 0; round < rounds; round++) {
    for (const entry of allAddresses(instance)) {
      draft.emit({ type: 'announce', ifname: entry.dev ?? ifname, address: entry.address });
    }
  }
}

/** Sends an advert now, with the effective priority or the one given, to the group or to each unicast peer. */
export function sendAdvert(draft: Draft, i: number, priority?: number): void {
  const instance = draft.instance(i);
  const { config, source } = instance;
  if (source === undefined || config.interface === undefined) return;
  const addresses = config.virtualIpaddress
    .map(({ address }) => address)
    .filter((address) => ipFamily(address) === config.family);
  const unicast = config.unicastPeer.length > 0;
  const advert = {
    version: config.version,
    virtualRouterId: config.virtualRouterId,
    priority: priority ?? instance.effectivePriority,
    advertIntMs: config.advertIntMs,
    addresses,
    ...(config.version === 2 && config.authentication?.authType === 'PASS'
      ? { authPass: config.authentication.authPass }
      : {}),
  };
  let id = instance.packetId;
  for (const destination of destinationsOf(draft, instance)) {
    id = (id + 1) & 0xffff;
    draft.emit({
      type: 'send-advert',
      instance: config.name,
      ifname: config.interface,
      family: config.family,
      source,
      destination,
      ttl: unicast ? (config.unicastTtl ?? 255) : 255,
      id,
      pdu: encodeAdvert(advert, { source, destination }, config.v3ChecksumAsV2),
    });
  }
  draft.update(i, { packetId: id });
  draft.count(i, 'advert_sent');
  if (priority === 0) draft.count(i, 'pri_zero_sent');
}

function destinationsOf(draft: Draft, { config }: InstanceState): readonly IpAddress[] {
  if (config.unicastPeer.length > 0) return config.unicastPeer.map(({ address }) => address);
  const { mcastGroup4, mcastGroup6 } = draft.shared.config;
  return [config.mcastDstIp ?? (config.family === 'ipv4' ? mcastGroup4 : mcastGroup6)];
}
