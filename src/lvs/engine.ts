import type { IpvsTableEntry } from '../core/index.ts';
import type { Checker, LvsConfig, RealServer, VirtualServer } from '../config/index.ts';
import { desiredEntries } from './desired.ts';
import { checkerId, realServerId, realServerText, virtualServerId, virtualServerText } from './identity.ts';
import type { LvsEffect, LvsEvent, LvsState, RealServerState, VirtualServerState } from './state.ts';

/** Which servers are in the table, from what the checkers say: quorum, sorry server, inhibition, weights (keepalived.conf(5), virtual_server). */

export interface LvsStep {
  readonly state: LvsState;
  readonly effects: readonly LvsEffect[];
}

/** `known` says of checkers (by id) how a predecessor last found them; the others start as `alpha` says. */
export function newLvsState(
  config: LvsConfig,
  rsInitNotifies: boolean,
  known: ReadonlyMap<string, boolean> = new Map(),
): LvsState {
  const virtualServers = config.virtualServers.map((virtual) =>
    newVirtualServer(virtual, (id, checker) => known.get(id) ?? startsUp(checker)),
  );
  return { config, rsInitNotifies, virtualServers, checkerIndex: indexCheckers(virtualServers) };
}

function startsUp(checker: Checker): boolean {
  return checker.type === 'FILE_CHECK' || !checker.alpha;
}

function newVirtualServer(virtual: VirtualServer, up: (id: string, checker: Checker) => boolean): VirtualServerState {
  const realServers = virtual.realServers.map((real): RealServerState => {
    const checkers = new Map<string, boolean>();
    for (const checker of real.checkers) {
      const id = checkerId(virtual, real, checker);
      checkers.set(id, up(id, checker));
    }
    return { config: real, checkers, alive: allUp(checkers), weight: real.weight, dynamicWeights: new Map() };
  });
  const quorumUp = aliveWeight(realServers) >= virtual.quorum + virtual.hysteresis;
  return { config: virtual, quorumUp, sorryActive: !quorumUp && virtual.sorryServer !== undefined, realServers };
}

function allUp(checkers: ReadonlyMap<string, boolean>): boolean {
  for (const up of checkers.values()) if (!up) return false;
  return true;
}

function aliveWeight(realServers: readonly RealServerState[]): number {
  return realServers.reduce((sum, { alive, weight }) => (alive ? sum + weight : sum), 0);
}

function indexCheckers(virtualServers: readonly VirtualServerState[]): ReadonlyMap<string, readonly [number, number]> {
  const index = new Map<string, readonly [number, number]>();
  for (const [v, virtual] of virtualServers.entries()) {
    for (const [r, real] of virtual.realServers.entries()) {
      for (const id of real.checkers.keys()) index.set(id, [v, r]);
    }
  }
  return index;
}

/** What the whole table should hold. */
export function desiredTable(state: LvsState): readonly IpvsTableEntry[] {
  return state.virtualServers.flatMap((virtual) => desiredEntries(virtual, state.config));
}

/** What it should hold for one virtual server. */
export function desiredOf(state: LvsState, virtualServer: number): readonly IpvsTableEntry[] {
  const virtual = state.virtualServers[virtualServer];
  return virtual === undefined ? [] : desiredEntries(virtual, state.config);
}

/** How each checker finds its server now, by id: what a successor takes up. */
export function checkerStates(state: LvsState): ReadonlyMap<string, boolean> {
  return new Map(state.virtualServers.flatMap((virtual) => virtual.realServers.flatMap((real) => [...real.checkers])));
}

/** What is told at start: with rs_init_notifies the state of each server, and a quorum that is missing from the beginning. */
export function startEffects(state: LvsState): readonly LvsEffect[] {
  const effects: LvsEffect[] = [{ type: 'reconcile', virtualServer: -1 }];
  if (!state.rsInitNotifies) return effects;
  for (const virtual of state.virtualServers) {
    for (const real of virtual.realServers) effects.push(realServerNotice(virtual.config, real.config, real.alive));
    effects.push(quorumNotice(virtual.config, virtual.quorumUp));
  }
  return effects;
}

export function lvsStep(state: LvsState, event: LvsEvent): LvsStep {
  switch (event.type) {
    case 'checker':
      return checkerChanged(state, event);
    case 'reload':
      return reloaded(state, event);
    case 'stop':
      return { state, effects: state.virtualServers.filter(({ config }) => config.omega).flatMap(omegaNotices) };
  }
}

function checkerChanged(state: LvsState, event: Extract<LvsEvent, { type: 'checker' }>): LvsStep {
  const place = state.checkerIndex.get(event.id);
  const virtual = state.virtualServers[place?.[0] ?? -1];
  const real = virtual?.realServers[place?.[1] ?? -1];
  if (place === undefined || virtual === undefined || real === undefined) return { state, effects: [] };
  const checkers = new Map(real.checkers).set(event.id, event.up);
  const dynamicWeights =
    event.weight === undefined ? real.dynamicWeights : new Map(real.dynamicWeights).set(event.id, event.weight);
  const weight = Math.max(
    0,
    [...dynamicWeights.values()].reduce((sum, part) => sum + part, real.config.weight),
  );
  const next: RealServerState = { ...real, checkers, dynamicWeights, weight, alive: allUp(checkers) };
  const effects: LvsEffect[] = [];
  if (next.alive !== real.alive) effects.push(...realServerChange(virtual.config, next));
  else if (next.weight !== real.weight) {
    const text = `Changing weight from ${String(real.weight)} to ${String(next.weight)} for ${next.alive ? 'active' : 'inactive'} service`;
    effects.push({
      type: 'log',
      level: 'info',
      text: `${text} ${realServerText(real.config, virtual.config)} of VS ${virtualServerText(virtual.config)}`,
    });
  } else {
    return {
      state: replaceVirtual(state, place[0], {
        ...virtual,
        realServers: replaced(virtual.realServers, place[1], next),
      }),
      effects,
    };
  }
  const updated = withQuorum({ ...virtual, realServers: replaced(virtual.realServers, place[1], next) }, effects);
  effects.push({ type: 'reconcile', virtualServer: place[0] });
  return { state: replaceVirtual(state, place[0], updated), effects };
}

function realServerChange(virtual: VirtualServer, real: RealServerState): readonly LvsEffect[] {
  const names = `${realServerText(real.config, virtual)} ${real.alive ? 'to' : 'from'} VS ${virtualServerText(virtual)}`;
  const verb = real.alive ? 'Adding' : real.config.inhibitOnFailure ? 'Disabling' : 'Removing';
  const level = real.alive ? 'info' : 'warning';
  return [{ type: 'log', level, text: `${verb} service ${names}` }, realServerNotice(virtual, real.config, real.alive)];
}

function realServerNotice(virtual: VirtualServer, real: RealServer, up: boolean): LvsEffect {
  const script = up ? real.notifyUp : real.notifyDown;
  return {
    type: 'notify',
    object: 'RS',
    virtualServer: virtualServerText(virtual),
    realServer: realServerText(real, virtual),
    state: up ? 'UP' : 'DOWN',
    ...(script === undefined ? {} : { script }),
  };
}

function quorumNotice(virtual: VirtualServer, up: boolean): LvsEffect {
  const script = up ? virtual.quorumUp : virtual.quorumDown;
  return {
    type: 'notify',
    object: 'VS',
    virtualServer: virtualServerText(virtual),
    state: up ? 'UP' : 'DOWN',
    ...(script === undefined ? {} : { script }),
  };
}

/** Gained when the weights of the living reach quorum + hysteresis, lost below quorum - hysteresis or at 0. */
function withQuorum(virtual: VirtualServerState, effects: LvsEffect[]): VirtualServerState {
  const { quorum, hysteresis, sorryServer } = virtual.config;
  const sum = aliveWeight(virtual.realServers);
  const name = virtualServerText(virtual.config);
  const sorryName = sorryServer === undefined ? '' : realServerText(sorryServer, virtual.config);
  if (!virtual.quorumUp && sum >= quorum + hysteresis) {
    const terms = `${String(quorum)}+${String(hysteresis)}=${String(quorum + hysteresis)} <= ${String(sum)}`;
    effects.push({ type: 'log', level: 'info', text: `Gained quorum ${terms} for VS ${name}` });
    if (virtual.sorryActive)
      effects.push({ type: 'log', level: 'info', text: `Removing sorry server ${sorryName} from VS ${name}` });
    effects.push(quorumNotice(virtual.config, true));
    return { ...virtual, quorumUp: true, sorryActive: false };
  }
  if (virtual.quorumUp && (sum < quorum - hysteresis || sum === 0)) {
    const terms = `${String(quorum)}-${String(hysteresis)}=${String(quorum - hysteresis)} > ${String(sum)}`;
    effects.push({ type: 'log', level: 'warning', text: `Lost quorum ${terms} for VS ${name}` });
    if (sorryServer !== undefined)
      effects.push({ type: 'log', level: 'info', text: `Adding sorry server ${sorryName} to VS ${name}` });
    effects.push(quorumNotice(virtual.config, false));
    return { ...virtual, quorumUp: false, sorryActive: sorryServer !== undefined };
  }
  return virtual;
}

function replaced<T>(list: readonly T[], i: number, value: T): readonly T[] {
  const copy = [...list];
  copy[i] = value;
  return copy;
}

function replaceVirtual(state: LvsState, v: number, virtual: VirtualServerState): LvsState {
  return { ...state, virtualServers: replaced(state.virtualServers, v, virtual) };
}

/** What the checkers found is carried over by identity: a server that was down stays down, one that was up stays up. */
function reloaded(state: LvsState, event: Extract<LvsEvent, { type: 'reload' }>): LvsStep {
  const before = new Map(state.virtualServers.map((virtual) => [virtualServerId(virtual.config), virtual]));
  const effects: LvsEffect[] = [{ type: 'reconcile', virtualServer: -1 }];
  const virtualServers = event.config.virtualServers.map((config) => {
    const old = before.get(virtualServerId(config));
    if (old === undefined) return newVirtualServer(config, (_, checker) => startsUp(checker));
    return carriedOver(old, config, effects);
  });
  return {
    state: {
      config: event.config,
      rsInitNotifies: event.rsInitNotifies,
      virtualServers,
      checkerIndex: indexCheckers(virtualServers),
    },
    effects,
  };
}

function carriedOver(old: VirtualServerState, config: VirtualServer, effects: LvsEffect[]): VirtualServerState {
  const servers = new Map(old.realServers.map((real) => [realServerId(real.config), real]));
  const fresh = newVirtualServer(config, (id, checker) => {
    for (const real of old.realServers) {
      const known = real.checkers.get(id);
      if (known !== undefined) return known;
    }
    return startsUp(checker);
  });
  const realServers = fresh.realServers.map((real) => {
    const known = servers.get(realServerId(real.config));
    if (known === undefined) return real;
    const dynamicWeights = new Map([...known.dynamicWeights].filter(([id]) => real.checkers.has(id)));
    const weight = Math.max(
      0,
      [...dynamicWeights.values()].reduce((sum, part) => sum + part, real.config.weight),
    );
    const next = { ...real, dynamicWeights, weight };
    if (next.alive !== known.alive) effects.push(realServerNotice(config, next.config, next.alive));
    return next;
  });
  const sorryActive = !old.quorumUp && config.sorryServer !== undefined;
  return withQuorum({ ...fresh, realServers, quorumUp: old.quorumUp, sorryActive }, effects);
}

function omegaNotices(virtual: VirtualServerState): readonly LvsEffect[] {
  const servers = virtual.realServers
    .filter(({ alive }) => alive)
    .map((real) => realServerNotice(virtual.config, real.config, false));
  return virtual.quorumUp ? [...servers, quorumNotice(virtual.config, false)] : servers;
}
