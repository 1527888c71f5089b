import type { IpAddress } from '../core/index.ts';
import type { VrrpInstance } from '../config/index.ts';
import type { EngineConfig } from './events.ts';
import { receiverKey, type EngineIndex, type GroupState, type InstanceState, type ScriptState } from './state.ts';
import { noStats } from './stats.ts';
import { advertInterface } from './vmac-links.ts';

/** States as they are before anything happened, and the look-ups that follow from a configuration. */

export function newInstance(config: VrrpInstance): InstanceState {
  return {
    config,
    state: 'INIT',
    effectivePriority: config.priority,
    faults: [],
    held: false,
    wantsMaster: false,
    source: undefined,
    masterDownAtMs: undefined,
    advertAtMs: undefined,
    preemptAtMs: undefined,
    secondGarpAtMs: undefined,
    garpRefreshAtMs: undefined,
    lowerPrioGarpAtMs: undefined,
    extraGarpAtMs: undefined,
    masterAdvertIntMs: config.advertIntMs,
    demoted: false,
    relistened: false,
    rivalHeardAtMs: undefined,
    lastMaster: undefined,
    lastTransitionMs: 0,
    packetId: 0,
    ahSequence: 0,
    signedAt: undefined,
    heardSigned: new Map(),
    oldChecksumPeers: [],
    said: [],
    stats: noStats,
  };
}

export function newScript(config: ScriptState['config']): ScriptState {
  return { config, status: config.initFail ? 'down' : 'init', streak: 0, running: false, nextRunAtMs: 0 };
}

/** Groups and look-ups of a configuration. An instance that two groups name belongs to the first. */
export function arrange(config: EngineConfig): { readonly groups: readonly GroupState[]; readonly index: EngineIndex } {
  const { instances, syncGroups } = config.vrrp;
  const byName = new Map(instances.map(({ name }, i) => [name, i]));
  const groupOf: (number | undefined)[] = instances.map(() => undefined);
  const groups: GroupState[] = [];
  for (const group of syncGroups) {
    const members = group.group.flatMap((name) => byName.get(name) ?? []).filter((i) => groupOf[i] === undefined);
    if (members.length === 0) continue;
    for (const i of members) groupOf[i] = groups.length;
    groups.push({ config: group, members, state: 'INIT' });
  }
  const receivers = new Map<string, number>();
  const virtualAddresses = new Map<string, Set<IpAddress>>();
  for (const [i, instance] of instances.entries()) {
    const heardOn = advertInterface(instance);
    if (heardOn !== undefined) receivers.set(receiverKey(heardOn, instance.virtualRouterId, instance.family), i);
    for (const entry of [...instance.virtualIpaddress, ...instance.virtualIpaddressExcluded]) {
      const ifname = entry.dev ?? instance.interface;
      if (ifname === undefined) continue;
      const set = virtualAddresses.get(ifname) ?? new Set();
      virtualAddresses.set(ifname, set.add(entry.address));
    }
  }
  return { groups, index: { receivers, groupOf, virtualAddresses } };
}
