import { allAddresses, notify, release, removeRoutes, sendAdvert } from './actions.ts';
import { lastSequence } from './authentication-header.ts';
import type { InstanceStateName, VrrpEvent } from './events.ts';
import { removeLeftovers } from './leftovers.ts';
import { runDueScripts } from './scripts.ts';
import type { Draft, ScriptState, VrrpState } from './state.ts';
import type { VrrpStats } from './stats.ts';
import { allUnits, measureUnit, settle, toMaster, type Unit } from './transitions.ts';

/** How a vrrp process begins and ends. */

/** What a successor needs to take over, by name. */
export interface SuccessorFacts {
  readonly states: Readonly<Record<string, InstanceStateName>>;
  /** Of instances with auth_type AH: where their sequence numbers are, rounded down. */
  readonly ahSequences: Readonly<Record<string, number>>;
  /** Whether each script that has run is up. */
  readonly scripts: Readonly<Record<string, boolean>>;
}

/** `whole`: that is all; else what it does not name is as it was. */
export interface SuccessorNews extends SuccessorFacts {
  readonly whole: boolean;
}

/** Sequence numbers are told in steps of so many, so that not every advert is news. */
const sequenceStep = 256;

function toldSequence(sequence: number): number {
  return sequence - (sequence % sequenceStep);
}

function factsOf(instances: VrrpState['instances'], scripts: VrrpState['scripts']): SuccessorFacts {
  const signing = instances.filter(({ config }) => config.version === 2 && config.authentication?.authType === 'AH');
  const known = scripts.filter(({ status }) => status !== 'init');
  return {
    states: Object.fromEntries(instances.map(({ config, state }) => [config.name, state])),
    ahSequences: Object.fromEntries(signing.map(({ config, ahSequence }) => [config.name, toldSequence(ahSequence)])),
    scripts: Object.fromEntries(known.map(({ config, status }) => [config.name, status === 'up'])),
  };
}

export function successorFacts(state: VrrpState): SuccessorFacts {
  return factsOf(state.instances, state.scripts);
}

/** What a successor need be told that was told all of `before`; quick, since adverts of a thousand instances are no news. */
export function successorNews(before: VrrpState | undefined, state: VrrpState): SuccessorNews | undefined {
  if (before?.config !== state.config || before.instances.length !== state.instances.length)
    return { whole: true, ...successorFacts(state) };
  const instances = state.instances.filter((one, i) => {
    const was = before.instances[i];
    return one !== was && (one.state !== was?.state || toldSequence(one.ahSequence) !== toldSequence(was.ahSequence));
  });
  const scripts =
    state.scripts === before.scripts
      ? []
      : state.scripts.filter(({ status }, i) => status !== before.scripts[i]?.status);
  return instances.length + scripts.length === 0 ? undefined : { whole: false, ...factsOf(instances, scripts) };
}

/** The counters, by instance name. */
export function statistics(state: VrrpState): Readonly<Record<string, VrrpStats>> {
  return Object.fromEntries(state.instances.map(({ config, stats }) => [config.name, stats]));
}

export function start(
  draft: Draft,
  {
    interfaces,
    sinceBootMs,
    resume,
    ahSequences: known,
    scripts,
    stats,
    sinceLeftMs = 0,
  }: Extract<VrrpEvent, { type: 'start' }>,
): void {
  draft.set({
    phase: 'running',
    startedAtMs: draft.nowMs,
    bootedAtMs: sinceBootMs === undefined ? undefined : draft.nowMs - sinceBootMs,
    interfaces: new Map(interfaces.map((facts) => [facts.ifname, facts])),
    scripts: draft.shared.scripts.map((script): ScriptState => {
      const up = scripts?.[script.config.name];
      return up === undefined ? script : { ...script, status: up ? 'up' : 'down' };
    }),
  });
  const units = allUnits(draft);
  const were = (unit: Unit, state: InstanceStateName): boolean =>
    unit.members.every((i) => {
      const { name, downTimerAdverts, advertIntMs } = draft.instance(i).config;
      // A peer that waited for longer has taken over, or is about to.
      return resume?.[name] === state && sinceLeftMs < downTimerAdverts * advertIntMs;
    });
  const resumed = new Set(units.filter((unit) => were(unit, 'MASTER')).flatMap(({ members }) => members));
  for (const [i, { config }] of draft.instances.entries()) {
    draft.update(i, { lastTransitionMs: draft.nowMs, stats: stats?.[config.name] ?? draft.instance(i).stats });
    const sequence = known?.[config.name];
    if (sequence !== undefined) {
      // A master must be ahead of what it sent, a backup not ahead of what it heard.
      const ahead = resume?.[config.name] === 'MASTER' ? sequenceStep : 0;
      draft.update(i, { ahSequence: Math.min(sequence + ahead, lastSequence) });
    }
    if (resumed.has(i)) continue;
    removeRoutes(draft, i);
    removeLeftovers(draft, i, allAddresses(config));
  }
  for (const unit of units) {
    if (were(unit, 'MASTER')) resumeMaster(draft, unit);
    settle(draft, unit, were(unit, 'BACKUP'));
  }
  runDueScripts(draft);
}

/** The master's process died and this is the next one: the addresses are in place, so the adverts just go on. */
function resumeMaster(draft: Draft, unit: Unit): void {
  measureUnit(draft, unit);
  if (unit.members.some((i) => draft.instance(i).faults.length > 0)) return;
  for (const i of unit.members) toMaster(draft, i, true);
  if (unit.group !== undefined) draft.setGroup(unit.group, 'MASTER');
}

export function stop(draft: Draft, keepAddresses: boolean): void {
  for (const [i, { state }] of draft.instances.entries()) {
    if (state === 'MASTER') release(draft, i, { tell: true, keepAddresses });
    notify(draft, i, 'STOP');
  }
  for (const { config } of draft.groups)
    draft.emit({ type: 'notify', object: 'GROUP', name: config.name, state: 'STOP', priority: 0 });
  draft.set({ phase: 'stopped' });
}

/** The peers wait from now on; until then a successor must have sent the next advert. */
export function leave(draft: Draft): void {
  for (const [i, { state }] of draft.instances.entries()) if (state === 'MASTER') sendAdvert(draft, i);
  draft.set({ phase: 'stopped' });
}

/** All states again, for whoever reads a FIFO only since now. */
export function tellStates(draft: Draft): void {
  const tell = (object: 'INSTANCE' | 'GROUP', name: string, state: InstanceStateName, priority: number): void => {
    if (state !== 'INIT') draft.emit({ type: 'notify', object, name, state, priority, fifoOnly: true });
  };
  for (const { config, state, effectivePriority } of draft.instances)
    tell('INSTANCE', config.name, state, effectivePriority);
  for (const { config, state } of draft.groups) tell('GROUP', config.name, state, 0);
}
