import type { Checker, RealServer, VirtualServer } from '../config/index.ts';
import { checkerId } from './identity.ts';
import { quorumGained, quorumLost } from './notices.ts';
import type { Finding, Followed, LvsEffect, RealServerState, VirtualServerState } from './state.ts';

/** How a real server's and a virtual server's state follow from their parts. */

/** What is said of a checker that has not run yet. */
export type InitialFinding = (id: string, checker: Checker) => Finding;

export function asConfigured(followed: Followed): InitialFinding {
  return (id, checker) => followed.get(id) ?? { up: checker.type === 'FILE_CHECK' || !checker.alpha };
}

/** Most servers have none of these, and there may be 100,000. */
const noWeights: RealServerState['dynamicWeights'] = new Map();
const noIds: ReadonlySet<string> = new Set();

export function newRealServer(virtual: VirtualServer, real: RealServer, found: InitialFinding): RealServerState {
  const checkers = new Map<string, boolean>();
  let dynamicWeights = noWeights;
  let replacing = noIds;
  const checkerIds = real.checkers.map((checker) => {
    const id = checkerId(virtual, real, checker);
    const { up, weight } = found(id, checker);
    checkers.set(id, up);
    if (weight !== undefined) dynamicWeights = new Map(dynamicWeights).set(id, weight);
    if (checker.type === 'MISC_CHECK') replacing = new Set(replacing).add(id);
    return id;
  });
  const alive = allUp(checkers);
  const weight = effectiveWeight({ config: real, dynamicWeights, replacing });
  return { config: real, checkerIds, checkers, alive, weight, dynamicWeights, replacing, judged: alive };
}

export function newVirtualServer(virtual: VirtualServer, found: InitialFinding): VirtualServerState {
  const realServers = virtual.realServers.map((real) => newRealServer(virtual, real, found));
  const quorumUp = aliveWeight(realServers) >= virtual.quorum + virtual.hysteresis;
  return { config: virtual, quorumUp, sorryActive: !quorumUp && virtual.sorryServer !== undefined, realServers };
}

export function allUp(checkers: ReadonlyMap<string, boolean>): boolean {
  for (const up of checkers.values()) if (!up) return false;
  return true;
}

export function aliveWeight(realServers: readonly RealServerState[]): number {
  return realServers.reduce((sum, { alive, weight }) => (alive ? sum + weight : sum), 0);
}

/** The kernel's own limit; that of the configuration, 65535, is for what is written there. */
const weightMax = 2 ** 31 - 1;

/** Each weight given in place of the configured one counts as its difference to that. */
export function effectiveWeight({
  config,
  dynamicWeights,
  replacing,
}: Pick<RealServerState, 'config' | 'dynamicWeights' | 'replacing'>): number {
  let sum = config.weight;
  for (const [id, weight] of dynamicWeights) sum += replacing.has(id) ? weight - config.weight : weight;
  return Math.min(Math.max(weightMax, config.weight), Math.max(0, sum));
}

/** Gained when the weights of the living reach quorum + hysteresis, lost below quorum - hysteresis or at 0. */
export function withQuorum(virtual: VirtualServerState, effects: LvsEffect[]): VirtualServerState {
  const { quorum, hysteresis, sorryServer } = virtual.config;
  const sum = aliveWeight(virtual.realServers);
  if (!virtual.quorumUp && sum >= quorum + hysteresis) {
    effects.push(...quorumGained(virtual.config, sum, { sorryWasActive: virtual.sorryActive }));
    return { ...virtual, quorumUp: true, sorryActive: false };
  }
  if (virtual.quorumUp && (sum < quorum - hysteresis || sum === 0)) {
    effects.push(...quorumLost(virtual.config, sum));
    return { ...virtual, quorumUp: false, sorryActive: sorryServer !== undefined };
  }
  return virtual;
}
