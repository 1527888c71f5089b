import type { IpAddress } from '../core/index.ts';
import { masterDownMs } from './actions.ts';
import type { InstanceStateName } from './events.ts';
import type { InstanceState, VrrpState } from './state.ts';
import type { VrrpStats } from './stats.ts';

/** The state as plain data for people and programs; all times are on the engine's clock. */
export interface VrrpView {
  readonly instances: readonly InstanceView[];
  readonly groups: readonly {
    readonly name: string;
    readonly state: InstanceStateName;
    readonly members: readonly string[];
  }[];
  readonly scripts: readonly ScriptView[];
}

export interface ScriptView {
  readonly name: string;
  readonly status: 'init' | 'up' | 'down';
  readonly running: boolean;
}

export interface InstanceView {
  readonly name: string;
  readonly state: InstanceStateName;
  /** What it would be if its sync group let it. */
  readonly wantedState: InstanceStateName;
  readonly interface: string | null;
  /** That of use_vmac or use_ipvlan. */
  readonly ownInterface: string | null;
  /** Where each of its addresses is, excluded ones last. */
  readonly addressInterfaces: readonly string[];
  /** Where its adverts come from. */
  readonly source: IpAddress | null;
  readonly virtualRouterId: number;
  readonly priority: number;
  readonly effectivePriority: number;
  readonly lastTransitionMs: number;
  /** Why it is in FAULT or still waits, in words. */
  readonly reasons: readonly string[];
  /** Who is known to be master, or being MASTER: who else claims to be. */
  readonly otherMaster: { readonly address: IpAddress; readonly priority: number } | null;
  /** Another master was heard so recently that it counts as alive. */
  readonly splitBrain: boolean;
  readonly masterAdvertIntMs: number;
  readonly masterDownMs: number;
  /** When it sends its next advert or takes its master for dead; null: neither. */
  readonly dueAtMs: number | null;
  /** How much speaks against it, apart from its group; and whether it waits for what it tracks. */
  readonly faults: number;
  readonly held: boolean;
  readonly stats: VrrpStats;
}

/** What the engine knows, at `nowMs`. */
export function vrrpView(state: VrrpState, nowMs: number): VrrpView {
  return {
    instances: state.instances.map((instance, i) => instanceView(state, instance, i, nowMs)),
    groups: state.groups.map(({ config, state: groupState, members }) => ({
      name: config.name,
      state: groupState,
      members: members.flatMap((i) => state.instances[i]?.config.name ?? []),
    })),
    scripts: state.scripts.map(({ config, status, running }) => ({ name: config.name, status, running })),
  };
}

function instanceView(state: VrrpState, instance: InstanceState, i: number, nowMs: number): InstanceView {
  const { config, lastMaster, rivalHeardAtMs } = instance;
  return {
    name: config.name,
    state: instance.state,
    wantedState: instance.wantsMaster ? 'MASTER' : instance.faults.length > 0 ? 'FAULT' : instance.state,
    interface: config.interface ?? null,
    ownInterface: config.vmac?.ifname ?? null,
    addressInterfaces: [...config.virtualIpaddress, ...config.virtualIpaddressExcluded].map(
      ({ dev }) => dev ?? config.interface ?? '',
    ),
    source: instance.source ?? null,
    virtualRouterId: config.virtualRouterId,
    priority: config.priority,
    effectivePriority: instance.effectivePriority,
    lastTransitionMs: instance.lastTransitionMs,
    reasons: reasons(state, instance, i),
    otherMaster: lastMaster === undefined ? null : { address: lastMaster.source, priority: lastMaster.priority },
    splitBrain: rivalHeardAtMs !== undefined && nowMs - rivalHeardAtMs <= masterDownMs(instance),
    masterAdvertIntMs: instance.masterAdvertIntMs,
    masterDownMs: masterDownMs(instance),
    dueAtMs: instance.advertAtMs ?? instance.masterDownAtMs ?? null,
    faults: instance.faults.length,
    held: instance.held,
    stats: instance.stats,
  };
}

function reasons(state: VrrpState, instance: InstanceState, i: number): readonly string[] {
  const words = [...instance.faults];
  if (instance.held) words.push('waits for the first result of what it tracks');
  const group = state.groups[state.index.groupOf[i] ?? -1];
  if (group === undefined) return words;
  for (const member of group.members) {
    const other = state.instances[member];
    if (other === undefined || member === i) continue;
    if (other.faults.length > 0) words.push(`${other.config.name} of the same sync group is in fault`);
    else if (other.held) words.push(`${other.config.name} of the same sync group waits`);
    else if (instance.wantsMaster && !other.wantsMaster)
      words.push(`no master is heard here, but ${other.config.name} of the same sync group hears one`);
  }
  return words;
}
