import type { RealServer, VirtualServer } from '../config/index.ts';
import { realServerId, realServerText, virtualServerId } from './identity.ts';
import { info, realServerChange, realServerGone, sorryIn, virtualServerGone, weightChange } from './notices.ts';
import {
  asConfigured,
  effectiveWeight,
  newRealServer,
  newVirtualServer,
  withQuorum,
  type InitialFinding,
} from './servers.ts';
import type { Followed, LvsEffect, RealServerState, VirtualServerState } from './state.ts';

/**
 * The virtual servers of a new configuration. Servers are known by address, port and protocol, and what was found out about
 * them is carried over: one that was down stays down until a check succeeds, one that was up stays up until a check fails.
 */
export function carriedVirtualServers(
  before: readonly VirtualServerState[],
  configs: readonly VirtualServer[],
  started: (virtual: VirtualServerState) => readonly LvsEffect[],
  followed: Followed,
  effects: LvsEffect[],
): readonly VirtualServerState[] {
  const left = new Map(before.map((virtual) => [virtualServerId(virtual.config), virtual]));
  const now = configs.map((config) => {
    const id = virtualServerId(config);
    const old = left.get(id);
    left.delete(id);
    if (old !== undefined) return carriedVirtualServer(old, config, followed, effects);
    const virtual = newVirtualServer(config, asConfigured(followed));
    effects.push(...started(virtual));
    return virtual;
  });
  for (const virtual of left.values()) effects.push(...virtualServerGone(virtual));
  return now;
}

function carriedVirtualServer(
  old: VirtualServerState,
  config: VirtualServer,
  followed: Followed,
  effects: LvsEffect[],
): VirtualServerState {
  const left = new Map(old.realServers.map((real) => [realServerId(real.config), real]));
  const realServers = config.realServers.map((real) => {
    const id = realServerId(real);
    const known = left.get(id);
    left.delete(id);
    return known === undefined
      ? newRealServer(config, real, asConfigured(followed))
      : carriedRealServer(config, known, real, followed, effects);
  });
  for (const { config: real, alive } of left.values()) {
    effects.push(info(`service ${realServerText(real, old.config)} no longer exist`));
    if (alive && !old.sorryActive) effects.push(...realServerGone(old.config, real));
  }
  const sorryActive = !old.quorumUp && config.sorryServer !== undefined;
  if (sorryActive && !old.sorryActive) effects.push(...sorryIn(config));
  return withQuorum({ config, quorumUp: old.quorumUp, sorryActive, realServers }, effects);
}

/**
 * A checker that is new at a known server, also one whose settings changed, begins with what is known of the server: otherwise a
 * failed server would be back in the table, and a good one out of it, before anything was checked.
 */
function carriedRealServer(
  virtual: VirtualServer,
  known: RealServerState,
  real: RealServer,
  followed: Followed,
  effects: LvsEffect[],
): RealServerState {
  const found: InitialFinding = (id) => followed.get(id) ?? { up: known.checkers.get(id) ?? known.alive };
  const fresh = newRealServer(virtual, real, found);
  const carried = [...known.dynamicWeights].filter(([id]) => fresh.checkers.has(id) && !followed.has(id));
  const dynamicWeights = carried.length === 0 ? fresh.dynamicWeights : new Map([...carried, ...fresh.dynamicWeights]);
  const weight = effectiveWeight({ ...fresh, dynamicWeights });
  const now = { ...fresh, dynamicWeights, weight, judged: known.judged };
  if (now.weight !== known.weight) effects.push(weightChange(virtual, known, now));
  if (now.alive !== known.alive) effects.push(...realServerChange(virtual, real, now.alive));
  return now;
}
