import type { IpvsTableEntry } from '../core/index.ts';
import type { LvsConfig } from '../config/index.ts';
import { desiredEntries, groupFinder } from './desired.ts';
import { quorumGained, quorumMissing, realServerChange, realServerNotice, shutdown, weightChange } from './notices.ts';
import { serviceId } from './identity.ts';
import { carriedVirtualServers } from './reload.ts';
import {
  aliveWeight,
  allUp,
  asConfigured,
  effectiveWeight,
  newVirtualServer,
  withQuorum,
  type InitialFinding,
} from './servers.ts';
import { takenServices } from './shared-services.ts';
import type { Followed, LvsEffect, LvsEvent, LvsState, RealServerState, VirtualServerState } from './state.ts';

/** Which servers are in the table, from what the checkers say: quorum, sorry server, inhibition, weights (keepalived.conf(5), virtual_server). */

export interface LvsStep {
  readonly state: LvsState;
  readonly effects: readonly LvsEffect[];
}

/** `known` says of checkers (by id) how a predecessor last found them; others that are not followed start as `alpha` says. */
export function newLvsState(
  config: LvsConfig,
  rsInitNotifies: boolean,
  known: ReadonlyMap<string, boolean> = new Map(),
  followed: Followed = new Map(),
): LvsState {
  const configured = asConfigured(followed);
  const found: InitialFinding = (id, checker) => {
    const up = followed.has(id) ? undefined : known.get(id);
    return up === undefined ? configured(id, checker) : { up };
  };
  const fresh = config.virtualServers.map((virtual) => newVirtualServer(virtual, found));
  const virtualServers =
    known.size === 0
      ? fresh
      : fresh.map((virtual) => ({
          ...virtual,
          realServers: virtual.realServers.map((real) => judgedBefore(real, known)),
        }));
  return stateOf(config, rsInitNotifies, virtualServers);
}

function stateOf(config: LvsConfig, rsInitNotifies: boolean, virtualServers: readonly VirtualServerState[]): LvsState {
  const checkerIndex = indexCheckers(virtualServers);
  return { config, rsInitNotifies, virtualServers, checkerIndex, taken: takenServices(config) };
}

function judgedBefore(real: RealServerState, known: ReadonlyMap<string, boolean>): RealServerState {
  return { ...real, judged: real.judged || [...real.checkers.keys()].some((id) => known.has(id)) };
}

function indexCheckers(virtualServers: readonly VirtualServerState[]): ReadonlyMap<string, readonly [number, number]> {
  const index = new Map<string, readonly [number, number]>();
  for (const [v, virtual] of virtualServers.entries()) {
    for (const [r, real] of virtual.realServers.entries()) {
      const at = [v, r] as const;
      for (const id of real.checkerIds) index.set(id, at);
    }
  }
  return index;
}

/** What the whole table should hold. */
export function desiredTable(state: LvsState): readonly IpvsTableEntry[] {
  const findGroup = groupFinder(state.config);
  return state.virtualServers.flatMap((virtual) => desiredEntries(virtual, findGroup));
}

/** What it should hold for one virtual server. */
export function desiredOf(state: LvsState, virtualServer: number): readonly IpvsTableEntry[] {
  const virtual = state.virtualServers[virtualServer];
  if (virtual === undefined) return [];
  const entries = desiredEntries(virtual, (name) => state.config.groups.find((group) => group.name === name));
  const taken = state.taken.get(virtualServer);
  return taken === undefined ? entries : entries.filter(({ service }) => !taken.has(serviceId(service.key)));
}

/** How each checker finds its server now, by id: what a successor takes up. */
export function checkerStates(state: LvsState): ReadonlyMap<string, boolean> {
  const states = new Map<string, boolean>();
  for (const { realServers } of state.virtualServers) {
    for (const { checkers } of realServers) for (const [id, up] of checkers) states.set(id, up);
  }
  return states;
}

/** What is told at start: every quorum, there or missing, and with rs_init_notifies the servers that start up. */
export function startEffects(state: LvsState): readonly LvsEffect[] {
  const told = state.virtualServers.flatMap((virtual) => virtualServerStarted(virtual, state.rsInitNotifies));
  return [{ type: 'reconcile', virtualServer: -1 }, ...told];
}

function virtualServerStarted(
  { config, realServers, quorumUp }: VirtualServerState,
  rsInitNotifies: boolean,
): readonly LvsEffect[] {
  const alive = rsInitNotifies ? realServers.filter((real) => real.alive) : [];
  const sum = aliveWeight(realServers);
  return [
    ...alive.map((real) => realServerNotice(config, real.config, true)),
    ...(quorumUp ? quorumGained(config, sum, { atStart: true }) : quorumMissing(config, sum)),
  ];
}

export function lvsStep(state: LvsState, event: LvsEvent): LvsStep {
  switch (event.type) {
    case 'checker':
      return checkerChanged(state, event);
    case 'reload':
      return reloaded(state, event);
    case 'stop':
      return { state, effects: state.virtualServers.flatMap(shutdown) };
  }
}

type Finding = Extract<LvsEvent, { type: 'checker' }>;

function checkerChanged(state: LvsState, event: Finding): LvsStep {
  const [v, r] = state.checkerIndex.get(event.id) ?? [-1, -1];
  const virtual = state.virtualServers[v];
  const real = virtual?.realServers[r];
  if (virtual === undefined || real === undefined || saysNothingNew(real, event)) return { state, effects: [] };
  const next = withFinding(real, event);
  const changed = { ...virtual, realServers: replaced(virtual.realServers, r, next) };
  const effects: LvsEffect[] = [];
  if (next.weight !== real.weight) effects.push(weightChange(virtual.config, real, next));
  if (next.alive !== real.alive) effects.push(...realServerChange(virtual.config, next.config, next.alive));
  if (effects.length > 0) {
    const decided = withQuorum(changed, effects);
    effects.push({ type: 'reconcile', virtualServer: v });
    return { state: replaceVirtual(state, v, decided), effects };
  }
  if (!real.judged && !event.up) effects.push(realServerNotice(virtual.config, next.config, false));
  return { state: replaceVirtual(state, v, changed), effects };
}

/** Most checks find what the one before found, thousands of times a second. */
function saysNothingNew(real: RealServerState, { id, up, weight }: Finding): boolean {
  if (real.checkers.get(id) !== up || (!up && !real.judged)) return false;
  return up ? real.dynamicWeights.get(id) === weight : true;
}

function withFinding(real: RealServerState, { id, up, weight }: Finding): RealServerState {
  const checkers = new Map(real.checkers).set(id, up);
  const dynamicWeights = new Map(real.dynamicWeights);
  if (weight !== undefined) dynamicWeights.set(id, weight);
  else if (up) dynamicWeights.delete(id);
  const next = { ...real, checkers, dynamicWeights, alive: allUp(checkers) };
  return { ...next, weight: effectiveWeight(next), judged: real.judged || !up || next.alive };
}

function reloaded(state: LvsState, event: Extract<LvsEvent, { type: 'reload' }>): LvsStep {
  const { config, rsInitNotifies, followed = new Map() } = event;
  const effects: LvsEffect[] = [{ type: 'reconcile', virtualServer: -1 }];
  const virtualServers = carriedVirtualServers(
    state.virtualServers,
    config.virtualServers,
    (virtual) => virtualServerStarted(virtual, rsInitNotifies),
    followed,
    effects,
  );
  return { state: stateOf(config, rsInitNotifies, virtualServers), effects };
}

function replaced<T>(list: readonly T[], i: number, value: T): readonly T[] {
  const copy = [...list];
  copy[i] = value;
  return copy;
}

function replaceVirtual(state: LvsState, v: number, virtual: VirtualServerState): LvsState {
  return { ...state, virtualServers: replaced(state.virtualServers, v, virtual) };
}
