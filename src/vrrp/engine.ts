import type { AddressEntry } from '../config/index.ts';
import type { EngineConfig, InstanceStateName, InterfaceFacts, VrrpEffect, VrrpEvent } from './events.ts';
import { receive } from './receive.ts';
import { reload } from './reload.ts';
import { nextScriptDeadline, runDueScripts, scriptResult } from './scripts.ts';
import { Draft, type VrrpState } from './state.ts';
import {
  allAddresses,
  allUnits,
  announce,
  changeAddresses,
  measureUnit,
  release,
  sendAdvert,
  settle,
  skewMs,
  toMaster,
  unitOf,
  unitToBackup,
  wantMaster,
  type Unit,
} from './transitions.ts';
import { arrange, newInstance, newScript } from './build.ts';

/** The engine of a whole vrrp process: all instances, sync groups and tracked objects. `step` is its only way in. */

export interface VrrpStep {
  readonly state: VrrpState;
  /** To be performed in this order. */
  readonly effects: readonly VrrpEffect[];
}

export function newVrrpState(config: EngineConfig): VrrpState {
  const instances = config.vrrp.instances.map(newInstance);
  const { groups, index } = arrange(config);
  return {
    config,
    instances,
    groups,
    scripts: config.vrrp.scripts.map(newScript),
    files: new Map(),
    interfaces: new Map(),
    index,
    phase: 'new',
    startedAtMs: 0,
  };
}

/** Advances the engine by one event. `nowMs` is monotonic and never goes back. */
export function vrrpStep(state: VrrpState, event: VrrpEvent, nowMs: number): VrrpStep {
  const draft = new Draft(state, nowMs);
  if (state.phase === 'stopped') return { state, effects: [] };
  switch (event.type) {
    case 'start':
      if (state.phase === 'new') start(draft, event);
      break;
    case 'packet':
      receive(draft, event);
      break;
    case 'interface':
      interfaceChanged(draft, event.facts.ifname, event.facts);
      break;
    case 'interface-gone':
      interfaceChanged(draft, event.ifname, undefined);
      break;
    case 'script-result':
      if (scriptResult(draft, event)) settleAll(draft);
      break;
    case 'file-value':
      draft.set({ files: new Map(draft.shared.files).set(event.trackFile, event.value) });
      if (draft.shared.phase === 'running') settleAll(draft);
      break;
    case 'timer':
      if (state.phase === 'running') timer(draft);
      break;
    case 'reload':
      reload(draft, event.config);
      settleAll(draft);
      runDueScripts(draft);
      break;
    case 'stop':
      stop(draft, event.keepAddresses);
      break;
  }
  return { state: draft.state, effects: draft.effects };
}

/** When `timer` is due next; undefined: nothing to wait for. */
export function nextVrrpDeadline(state: VrrpState): number | undefined {
  if (state.phase !== 'running') return undefined;
  let next = nextScriptDeadline(state.scripts);
  for (const instance of state.instances) {
    for (const due of [
      instance.masterDownAtMs,
      instance.advertAtMs,
      instance.secondGarpAtMs,
      instance.garpRefreshAtMs,
      instance.lowerPrioGarpAtMs,
    ]) {
      if (due !== undefined && (next === undefined || due < next)) next = due;
    }
  }
  return next;
}

/** What a successor needs to take over: the states by instance name. */
export function resumable(state: VrrpState): Readonly<Record<string, InstanceStateName>> {
  return Object.fromEntries(state.instances.map((instance) => [instance.config.name, instance.state]));
}

function start(draft: Draft, event: Extract<VrrpEvent, { type: 'start' }>): void {
  draft.set({
    phase: 'running',
    startedAtMs: draft.nowMs,
    interfaces: new Map(event.interfaces.map((facts) => [facts.ifname, facts])),
  });
  const { resume } = event;
  for (const unit of allUnits(draft)) {
    const wasMaster =
      resume !== undefined && unit.members.every((i) => resume[draft.instance(i).config.name] === 'MASTER');
    // Addresses that a former run left would be answered for by two directors.
    if (!wasMaster) for (const i of unit.members) removeLeftovers(draft, i);
    for (const i of unit.members) draft.update(i, { lastTransitionMs: draft.nowMs });
    if (wasMaster) resumeMaster(draft, unit);
    settle(draft, unit);
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

function removeLeftovers(draft: Draft, i: number): void {
  const instance = draft.instance(i);
  const present = (entry: AddressEntry): boolean => {
    const facts = draft.shared.interfaces.get(entry.dev ?? instance.config.interface ?? '');
    return facts?.addresses.includes(entry.address) === true;
  };
  const left = allAddresses(instance).filter(present);
  if (left.length === 0) return;
  draft.log('info', `(${instance.config.name}) removing VIPs.`);
  changeAddresses(draft, i, 'remove-addresses', left);
}

function settleAll(draft: Draft): void {
  if (draft.shared.phase !== 'running') return;
  for (const unit of allUnits(draft)) settle(draft, unit);
}

function interfaceChanged(draft: Draft, ifname: string, facts: InterfaceFacts | undefined): void {
  const before = draft.shared.interfaces.get(ifname);
  const interfaces = new Map(draft.shared.interfaces);
  if (facts === undefined) interfaces.delete(ifname);
  else interfaces.set(ifname, facts);
  draft.set({ interfaces });
  if (draft.shared.phase !== 'running') return;
  if (facts !== undefined && before !== undefined) lostAddresses(draft, ifname, before, facts);
  settleAll(draft);
}

/** Somebody took a virtual address away from a master: it yields, and asks for it again after the skew. */
function lostAddresses(draft: Draft, ifname: string, before: InterfaceFacts, facts: InterfaceFacts): void {
  const gone = new Set(before.addresses.filter((address) => !facts.addresses.includes(address)));
  if (gone.size === 0) return;
  for (const [i, instance] of draft.instances.entries()) {
    if (instance.state !== 'MASTER') continue;
    const lost = allAddresses(instance).find(
      (entry) =>
        (entry.dev ?? instance.config.interface) === ifname && gone.has(entry.address) && entry.noTrack !== true,
    );
    if (lost === undefined) continue;
    draft.log(
      'warning',
      `(${instance.config.name}) VIP ${lost.address} was removed from ${ifname} by somebody else: leaving MASTER`,
    );
    unitToBackup(draft, unitOf(draft, i), (member) => draft.nowMs + skewMs(member), 'lost-address');
  }
}

function timer(draft: Draft): void {
  for (const i of draft.instances.keys()) instanceTimers(draft, i);
  runDueScripts(draft);
}

function instanceTimers(draft: Draft, i: number): void {
  const { nowMs } = draft;
  const due = (at: number | undefined): at is number => at !== undefined && at <= nowMs;
  const { advertAtMs, masterDownAtMs, config } = draft.instance(i);
  if (due(advertAtMs)) {
    sendAdvert(draft, i);
    // The beat is kept unless it was lost altogether: then it starts anew instead of sending a burst.
    const next = advertAtMs + config.advertIntMs;
    draft.update(i, { advertAtMs: next > nowMs ? next : nowMs + config.advertIntMs });
  }
  if (due(masterDownAtMs)) masterDown(draft, i, masterDownAtMs);
  const { secondGarpAtMs, garpRefreshAtMs, lowerPrioGarpAtMs } = draft.instance(i);
  if (due(secondGarpAtMs)) {
    draft.update(i, { secondGarpAtMs: undefined });
    announce(draft, i, config.garpMasterRepeat);
  }
  if (due(garpRefreshAtMs)) {
    draft.update(i, { garpRefreshAtMs: nowMs + config.garpMasterRefreshMs });
    announce(draft, i, config.garpMasterRefreshRepeat);
  }
  if (due(lowerPrioGarpAtMs)) {
    draft.update(i, { lowerPrioGarpAtMs: undefined });
    announce(draft, i, config.garpLowerPrioRepeat);
  }
}

/**
 * When this process was not scheduled for longer than an advert interval, the adverts that it missed are still in its
 * socket: it listens once more before it believes that the master is dead.
 */
function masterDown(draft: Draft, i: number, dueMs: number): void {
  const { config, masterAdvertIntMs } = draft.instance(i);
  const lateMs = draft.nowMs - dueMs;
  if (lateMs > masterAdvertIntMs) {
    draft.log(
      'warning',
      `(${config.name}) timer was ${lateMs.toFixed(0)} ms late: this process was not scheduled; listening for one more interval`,
    );
    draft.update(i, { masterDownAtMs: draft.nowMs + masterAdvertIntMs });
    return;
  }
  wantMaster(draft, i);
}

function stop(draft: Draft, keepAddresses: boolean): void {
  for (const [i, instance] of draft.instances.entries()) {
    if (instance.state === 'MASTER') release(draft, i, { tell: true, keepAddresses });
    draft.emit({
      type: 'notify',
      object: 'INSTANCE',
      name: instance.config.name,
      state: 'STOP',
      priority: instance.effectivePriority,
    });
  }
  for (const { config } of draft.groups)
    draft.emit({ type: 'notify', object: 'GROUP', name: config.name, state: 'STOP', priority: 0 });
  draft.set({ phase: 'stopped' });
}
