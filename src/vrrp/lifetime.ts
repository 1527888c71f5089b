import { allAddresses, notify, release, removeRoutes, sendAdvert } from './actions.ts';
import { lastSequence } from './authentication-header.ts';
import type { InstanceStateName, VrrpEvent } from './events.ts';
import { removeLeftovers } from './leftovers.ts';
import { runDueScripts } from './scripts.ts';
import type { Draft, ScriptState, VrrpState } from './state.ts';
import type { VrrpStats } from './stats.ts';
import { allUnits, measureUnit, settle, toMaster, type Unit } from './transitions.ts';

/** How a vrrp process begins and ends. */

/** What a successor needs to take over: the states by instance name. */
export function resumable(state: VrrpState): Readonly<Record<string, InstanceStateName>> {
  return Object.fromEntries(state.instances.map((instance) => [instance.config.name, instance.state]));
}

/** Sequence numbers are told in steps of so many, so that not every advert is news. */
const sequenceStep = 256;

function toldSequence(sequence: number): number {
  return sequence - (sequence % sequenceStep);
}

/** Where each instance with auth_type AH is with its sequence numbers, rounded down; by name. */
export function ahSequences(state: VrrpState): Readonly<Record<string, number>> {
  return Object.fromEntries(
    state.instances
      .filter(({ config }) => config.version === 2 && config.authentication?.authType === 'AH')
      .map(({ config, ahSequence }) => [config.name, toldSequence(ahSequence)]),
  );
}

/** Whether each script that has run is up; by name. */
export function scriptResults(state: VrrpState): Readonly<Record<string, boolean>> {
  const known = state.scripts.filter(({ status }) => status !== 'init');
  return Object.fromEntries(known.map(({ config, status }) => [config.name, status === 'up']));
}

/** Whether `resumable`, `ahSequences` and `scriptResults` of both are the same; quick, since adverts of a thousand instances change nothing of it. */
export function sameForSuccessor(a: VrrpState, b: VrrpState): boolean {
  return (
    a.config === b.config &&
    a.instances.length === b.instances.length &&
    a.instances.every((one, i) => {
      const other = b.instances[i];
      return (
        one === other || (one.state === other?.state && toldSequence(one.ahSequence) === toldSequence(other.ahSequence))
      );
    }) &&
    (a.scripts === b.scripts || a.scripts.every((one, i) => one.status === b.scripts[i]?.status))
  );
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
  for (const [i, { config }] of draft.instances.entries()) {
    draft.update(i, { lastTransitionMs: draft.nowMs, stats: stats?.[config.name] ?? draft.instance(i).stats });
    const sequence = known?.[config.name];
    if (sequence !== undefined) {
      // A master must be ahead of what it sent, a backup not ahead of what it heard.
      const ahead = resume?.[config.name] === 'MASTER' ? sequenceStep : 0;
      draft.update(i, { ahSequence: Math.min(sequence + ahead, lastSequence) });
    }
    if (units.some((unit) => unit.members.includes(i) && were(unit, 'MASTER'))) continue;
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
