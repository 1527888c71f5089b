import type { VrrpSyncGroup } from '../config/index.ts';
import {
  addRoutes,
  allAddresses,
  block,
  changeAddresses,
  masterDownMs,
  notify,
  release,
  sendAdvert,
} from './actions.ts';
import { lastSequence, unheardSequences } from './authentication-header.ts';
import { announce, announceSource, firstExtraGarp } from './announcements.ts';
import type { Draft, GroupState, InstanceState } from './state.ts';
import { effectivePriority, standingOf } from './tracking.ts';

/**
 * The moves between states. They act on units: the instances of a sync group, or one instance that is in none, so that a
 * group can never be apart. Sources: RFC 9568 section 6.4, and for groups keepalived.conf(5) and what the reference does:
 * the member that has the cause moves first, the others follow, the group is notified last.
 */

export interface Unit {
  readonly members: readonly number[];
  readonly group: number | undefined;
}

export function unitOf(draft: Draft, i: number): Unit {
  const group = draft.shared.index.groupOf[i];
  if (group === undefined) return { members: [i], group };
  const members = draft.groups[group]?.members ?? [];
  return { members: [i, ...members.filter((member) => member !== i)], group };
}

export function allUnits(draft: Draft): readonly Unit[] {
  const alone = draft.instances.flatMap((_, i) =>
    draft.shared.index.groupOf[i] === undefined ? [{ members: [i], group: undefined }] : [],
  );
  const byConfiguration = (a: number, b: number): number => a - b;
  return [
    ...draft.groups.map(({ members }, g) => ({ members: members.toSorted(byConfiguration), group: g })),
    ...alone,
  ];
}

/** Reads the tracked objects again and moves the unit accordingly: into FAULT, or out of it. */
export function settle(draft: Draft, unit: Unit, quiet = false): void {
  const healed = unit.members.find((i) => draft.instance(i).faults.length > 0);
  measureUnit(draft, unit);
  const states = unit.members.map((i) => draft.instance(i).state);
  const faulty = unit.members.find((i) => draft.instance(i).faults.length > 0);
  if (faulty !== undefined) {
    if (states.some((state) => state !== 'FAULT')) unitToFault(draft, ledBy(unit, faulty));
    return;
  }
  if (unit.members.some((i) => draft.instance(i).held)) return;
  if (states.includes('MASTER')) joinMasters(draft, unit);
  else if (states.includes('FAULT') || states.includes('INIT')) leaveFault(draft, ledBy(unit, healed), quiet);
}

function ledBy(unit: Unit, first: number | undefined): Unit {
  if (first === undefined) return unit;
  return { ...unit, members: [first, ...unit.members.filter((member) => member !== first)] };
}

export function measureUnit(draft: Draft, unit: Unit): void {
  const group = unit.group === undefined ? undefined : draft.groups[unit.group];
  const lists = group && { ...group.config, owned: owns(draft, group) };
  for (const i of unit.members) measure(draft, i, lists);
}

function measure(draft: Draft, i: number, group: (VrrpSyncGroup & { readonly owned: boolean }) | undefined): void {
  const before = draft.instance(i);
  const { config, state } = before;
  const standing = standingOf(draft.shared, config, group, before.source);
  const priority = effectivePriority(config, standing.weight, before.demoted);
  draft.update(i, {
    faults: standing.faults,
    held: standing.held,
    source: standing.source,
    effectivePriority: priority,
  });
  if (priority === before.effectivePriority) return;
  const [from, to] = [String(before.effectivePriority), String(priority)];
  draft.log('info', `(${config.name}) Changing effective priority from ${from} to ${to}`);
  // Of a group that asks for it the members are told of: it has no priority itself.
  const asked = config.notifyPriorityChanges || group?.notifyPriorityChanges === true;
  if (asked && (state === 'MASTER' || state === 'BACKUP')) notify(draft, i, `${state}_PRIORITY`);
}

function owns(draft: Draft, { members }: GroupState): boolean {
  return members.some((i) => draft.instance(i).config.priority === 255);
}

/** A group that is MASTER stays so when a reload adds a member: the new one is MASTER too. */
function joinMasters(draft: Draft, unit: Unit): void {
  for (const i of unit.members) {
    if (draft.instance(i).state !== 'MASTER') toMaster(draft, i);
  }
  changeGroup(draft, unit, 'MASTER');
}

function leaveFault(draft: Draft, unit: Unit, quiet: boolean): void {
  const back = unit.members.filter((i) => draft.instance(i).state === 'FAULT');
  enterBackup(draft, unit, quiet);
  for (const i of back) announceSource(draft, i);
}

function enterBackup(draft: Draft, unit: Unit, quiet: boolean): void {
  // The owner of the addresses does not ask (RFC 9568 section 6.4.1); but after a fault it waits, as the reference does.
  const takesUp = ({ state, effectivePriority: priority }: InstanceState): boolean =>
    state === 'INIT' && priority === 255;
  if (unit.members.every((i) => takesUp(draft.instance(i)) && startupEndMs(draft, i) <= draft.nowMs)) {
    unitToMaster(draft, unit);
    return;
  }
  for (const i of unit.members) {
    const waitMs = masterDownMs(draft.instance(i));
    draft.update(i, { masterDownAtMs: Math.max(draft.nowMs, startupEndMs(draft, i)) + waitMs });
  }
  unitToBackup(draft, unit, (instance) => instance.masterDownAtMs ?? draft.nowMs, quiet ? 'resumed' : 'better-master');
}

/** Until when adverts are neither believed nor missed (vrrp_startup_delay, vrrp_delay_after_boot, startup_delay). */
export function startupEndMs(draft: Draft, i: number): number {
  const { config, startedAtMs, bootedAtMs } = draft.shared;
  const delayMs = draft.instance(i).config.startupDelayMs ?? config.startupDelayMs;
  const afterBootMs = bootedAtMs === undefined ? startedAtMs : bootedAtMs + (config.delayAfterBootMs ?? 0);
  return Math.max(startedAtMs + delayMs, afterBootMs);
}

/** So many instances take over in one step; the others do in the next ones, so that adverts need not wait for a thousand. */
const takeoversAtOnce = 64;

/** The master is silent. A sync group moves when all its members find it so. */
export function wantMaster(draft: Draft, i: number): void {
  draft.update(i, { wantsMaster: true, masterDownAtMs: undefined });
  draft.logOnce(i, 'silent-master', 'Receive advertisement timeout', 'debug');
  const unit = unitOf(draft, i);
  if (!unit.members.every((member) => draft.instance(member).wantsMaster)) return;
  if (draft.takeovers >= takeoversAtOnce) draft.update(i, { masterDownAtMs: draft.nowMs });
  else unitToMaster(draft, unit);
}

function unitToMaster(draft: Draft, unit: Unit): void {
  draft.takeovers += unit.members.length;
  for (const [k, i] of unit.members.entries()) {
    if (k === 1) syncing(draft, unit, 'MASTER');
    if (draft.instance(i).state !== 'MASTER') toMaster(draft, i);
  }
  changeGroup(draft, unit, 'MASTER');
}

/**
 * `masterDownAtMs` says until when each member waits. Who yields to a better master says no priority 0, which would call
 * for an election; who lost an address does, and its group is not notified, as the reference has it.
 */
export function unitToBackup(
  draft: Draft,
  unit: Unit,
  masterDownAtMs: (instance: InstanceState) => number,
  why: 'better-master' | 'lost-address' | 'resumed' = 'better-master',
): void {
  // At the start a group is told of before its members; one that waited for what they track, after them [ref].
  const atStart = draft.nowMs === draft.shared.startedAtMs;
  const starting = atStart && unit.group !== undefined && draft.groups[unit.group]?.state === 'INIT';
  const group: (draft: Draft, unit: Unit, state: 'BACKUP') => void = why === 'better-master' ? changeGroup : setGroup;
  if (starting) group(draft, unit, 'BACKUP');
  for (const [k, i] of unit.members.entries()) {
    if (k === 1 && !starting) syncing(draft, unit, 'BACKUP');
    toBackup(draft, i, masterDownAtMs(draft.instance(i)), why);
  }
  group(draft, unit, 'BACKUP');
}

function unitToFault(draft: Draft, unit: Unit): void {
  for (const [k, i] of unit.members.entries()) {
    if (k === 1) syncing(draft, unit, 'FAULT');
    const { state, faults, config } = draft.instance(i);
    if (state === 'FAULT') continue;
    const why = faults.length > 0 ? faults.join(', ') : 'another member of its sync group is in fault';
    draft.log('warning', `(${config.name}) Entering FAULT STATE: ${why}`);
    if (state === 'MASTER') release(draft, i, { tell: true, keepAddresses: false });
    enter(draft, i, 'FAULT', {});
    notify(draft, i, 'FAULT');
  }
  changeGroup(draft, unit, 'FAULT');
}

function syncing(draft: Draft, { group }: Unit, state: 'MASTER' | 'BACKUP' | 'FAULT'): void {
  const name = group === undefined ? undefined : draft.groups[group]?.config.name;
  if (name !== undefined) draft.log('info', `VRRP_Group(${name}) Syncing instances to ${state} state`);
}

function setGroup(draft: Draft, { group }: Unit, state: 'MASTER' | 'BACKUP' | 'FAULT'): void {
  if (group !== undefined) draft.setGroup(group, state);
}

function changeGroup(draft: Draft, unit: Unit, state: 'MASTER' | 'BACKUP' | 'FAULT'): void {
  const group = unit.group === undefined ? undefined : draft.groups[unit.group];
  if (group === undefined || group.state === state) return;
  setGroup(draft, unit, state);
  draft.emit({ type: 'notify', object: 'GROUP', name: group.config.name, state, priority: 0 });
}

const fresh = {
  masterDownAtMs: undefined,
  advertAtMs: undefined,
  preemptAtMs: undefined,
  secondGarpAtMs: undefined,
  garpRefreshAtMs: undefined,
  lowerPrioGarpAtMs: undefined,
  extraGarpAtMs: undefined,
  rivalHeardAtMs: undefined,
  wantsMaster: false,
  relistened: false,
  said: [],
};

function enter(draft: Draft, i: number, state: InstanceState['state'], change: Partial<InstanceState>): void {
  draft.update(i, { ...fresh, state, lastTransitionMs: draft.nowMs, ...change });
}

function toBackup(draft: Draft, i: number, masterDownAtMs: number, why: string): void {
  const { state, config } = draft.instance(i);
  if (state === 'BACKUP') {
    draft.update(i, { masterDownAtMs, wantsMaster: false });
    return;
  }
  draft.log('info', `(${config.name}) Entering BACKUP STATE${state === 'INIT' ? ' (init)' : ''}`);
  if (state === 'MASTER') release(draft, i, { tell: why === 'lost-address', keepAddresses: false });
  enter(draft, i, 'BACKUP', { masterDownAtMs });
  if (why !== 'resumed') notify(draft, i, 'BACKUP');
}

/** `quiet`: a successor goes on where its predecessor stopped, and nobody is notified. */
export function toMaster(draft: Draft, i: number, quiet = false): void {
  const { config, stats } = draft.instance(i);
  draft.log('info', `(${config.name}) ${quiet ? 'Taking up' : 'Entering'} MASTER STATE`);
  // What a predecessor counted counts on.
  if (!quiet || stats.become_master === 0) draft.count(i, 'become_master');
  const garpAgain = config.garpMasterDelayMs > 0 && config.garpMasterRepeat > 0;
  enter(draft, i, 'MASTER', {
    advertAtMs: draft.nowMs + config.advertIntMs,
    masterAdvertIntMs: config.advertIntMs,
    secondGarpAtMs: garpAgain ? draft.nowMs + config.garpMasterDelayMs : undefined,
    garpRefreshAtMs: config.garpMasterRefreshMs > 0 ? draft.nowMs + config.garpMasterRefreshMs : undefined,
    extraGarpAtMs: firstExtraGarp(config, draft.nowMs),
    lastMaster: undefined,
  });
  if (!quiet) skipUnheard(draft, i);
  sendAdvert(draft, i);
  block(draft, i);
  draft.log('debug', `(${config.name}) setting VIPs.`);
  changeAddresses(draft, i, 'add-addresses', allAddresses(config));
  addRoutes(draft, i, config);
  announce(draft, i, config.garpMasterRepeat);
  if (!quiet) notify(draft, i, 'MASTER');
}

/** Only auth_type AH counts. Where nobody was heard yet there is nothing to leave out. */
function skipUnheard(draft: Draft, i: number): void {
  const { ahSequence } = draft.instance(i);
  if (ahSequence > 0) draft.update(i, { ahSequence: Math.min(ahSequence + unheardSequences, lastSequence) });
}
