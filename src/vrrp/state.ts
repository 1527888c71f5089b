import type { IpAddress } from '../core/index.ts';
import type { VrrpInstance, VrrpScript, VrrpSyncGroup } from '../config/index.ts';
import type { Hmac } from './authentication-header.ts';
import type { SignTime } from './hmac-trailer.ts';
import type { EngineConfig, InstanceStateName, InterfaceFacts, VrrpEffect } from './events.ts';
import { counted, type VrrpStats } from './stats.ts';

/** One virtual router. All times are on the engine's clock; undefined: that timer does not run. */
export interface InstanceState {
  readonly config: VrrpInstance;
  readonly state: InstanceStateName;
  readonly effectivePriority: number;
  /** Why the instance cannot work, in words; empty: it can. */
  readonly faults: readonly string[];
  /** Waits for the first result of a tracked script. */
  readonly held: boolean;
  /** The master is silent; a sync group waits for all its members to want this. With a timer it is due, and put off to the next step. */
  readonly wantsMaster: boolean;
  /** Where adverts are sent from. */
  readonly source: IpAddress | undefined;
  readonly masterDownAtMs: number | undefined;
  readonly advertAtMs: number | undefined;
  /** The end of preempt_delay, counted while a lower priority master is seen. */
  readonly preemptAtMs: number | undefined;
  readonly secondGarpAtMs: number | undefined;
  readonly garpRefreshAtMs: number | undefined;
  readonly lowerPrioGarpAtMs: number | undefined;
  /** garp_extra_if. */
  readonly extraGarpAtMs: number | undefined;
  /** Learnt from the master's adverts in version 3. */
  readonly masterAdvertIntMs: number;
  /** An owner that met another owner and lost: it goes on with 254. */
  readonly demoted: boolean;
  /** The master down timer came late and was given more time; it is given none again. */
  readonly relistened: boolean;
  /** When another master with less right was heard last. */
  readonly rivalHeardAtMs: number | undefined;
  readonly lastMaster: { readonly source: IpAddress; readonly priority: number } | undefined;
  readonly lastTransitionMs: number;
  readonly packetId: number;
  /** auth_type AH: the highest sequence number that was sent or heard; the next advert has the next one. */
  readonly ahSequence: number;
  /** auth_hmac: the time of the last advert that was signed, and of the last that was believed of each sender. */
  readonly signedAt: SignTime | undefined;
  readonly heardSigned: ReadonlyMap<IpAddress, SignTime>;
  /** Unicast peers that were heard with the sum of keepalived up to 1.3.6. */
  readonly oldChecksumPeers: readonly IpAddress[];
  /** What was logged in this state already: each kind once, whoever provokes it. */
  readonly said: readonly string[];
  readonly stats: VrrpStats;
}

export interface GroupState {
  readonly config: VrrpSyncGroup;
  /** Indexes into the instances. */
  readonly members: readonly number[];
  readonly state: InstanceStateName;
}

export interface ScriptState {
  readonly config: VrrpScript;
  readonly status: 'init' | 'up' | 'down';
  /** Equal results in a row that speak against `status`. */
  readonly streak: number;
  readonly running: boolean;
  readonly nextRunAtMs: number;
}

/** One pace: of an interface, or of all interfaces of a garp_group. ARP and NA have their own. */
export interface Lane {
  readonly nextAtMs: number;
  readonly waiting: readonly Announcement[];
}

export interface Announcement {
  readonly instance: string;
  readonly ifname: string;
  readonly address: IpAddress;
}

export interface VrrpState {
  readonly config: EngineConfig;
  readonly instances: readonly InstanceState[];
  readonly groups: readonly GroupState[];
  readonly scripts: readonly ScriptState[];
  readonly files: ReadonlyMap<string, number>;
  /** By track_process and by bfd_instance; absent: not heard of yet. */
  readonly processes: ReadonlyMap<string, boolean>;
  readonly bfds: ReadonlyMap<string, boolean>;
  /** A change of a link counts only when it has lasted (interface_up_down_delays). */
  readonly interfaces: ReadonlyMap<string, InterfaceFacts>;
  /** Changes of links that must last until then before they count, by interface. */
  readonly linkChanges: ReadonlyMap<string, { readonly up: boolean; readonly atMs: number }>;
  /** Addresses that we took away ourselves, by `addressKey`, and when: their vanishing is no surprise. */
  readonly ownRemovals: ReadonlyMap<string, number>;
  /** Announcements that keep a pace, by interface or garp_group and family; without one there is none. */
  readonly lanes: ReadonlyMap<string, Lane>;
  /** Receivers that do not exist and were spoken of, by `receiverKey`. */
  readonly unknownReceivers: ReadonlySet<string>;
  readonly index: EngineIndex;
  readonly phase: 'new' | 'running' | 'stopped';
  readonly startedAtMs: number;
  /** Undefined: long ago. */
  readonly bootedAtMs: number | undefined;
  readonly hmac: Hmac;
}

/** Look-ups that follow from the configuration. */
export interface EngineIndex {
  /** By `receiverKey`. */
  readonly receivers: ReadonlyMap<string, number>;
  /** The group of an instance, by the instance's index. */
  readonly groupOf: readonly (number | undefined)[];
  /** All virtual addresses of an interface: they do not count as its own. */
  readonly virtualAddresses: ReadonlyMap<string, ReadonlySet<IpAddress>>;
}

export function receiverKey(ifname: string, virtualRouterId: number, family: string): string {
  return `${ifname}/${String(virtualRouterId)}/${family}`;
}

/** How long the kernel's word that an address is gone may take after we removed it. */
const ownRemovalMs = 1000;

export function addressKey(ifname: string, address: IpAddress): string {
  return `${ifname} ${address}`;
}

/**
 * One step in the making: reads see what the step has written so far. Arrays are copied at the first write, so the
 * state that went in stays as it was.
 */
export class Draft {
  readonly nowMs: number;
  /** Milliseconds since 1970. */
  readonly wallMs: number;
  readonly effects: VrrpEffect[] = [];
  /** How many instances became MASTER in this step. */
  takeovers = 0;
  #state: VrrpState;
  #instances: InstanceState[] | undefined;
  #ownRemovals: Map<string, number> | undefined;

  constructor(state: VrrpState, nowMs: number, wallMs: number) {
    this.#state = state;
    this.nowMs = nowMs;
    this.wallMs = wallMs;
  }

  get state(): VrrpState {
    return this.#instances === undefined ? this.#state : { ...this.#state, instances: this.#instances };
  }

  get instances(): readonly InstanceState[] {
    return this.#instances ?? this.#state.instances;
  }

  get groups(): readonly GroupState[] {
    return this.#state.groups;
  }

  get shared(): Omit<VrrpState, 'instances' | 'groups'> {
    return this.#state;
  }

  /** To be changed: the recent ones of the state. */
  get ownRemovals(): Map<string, number> {
    if (this.#ownRemovals !== undefined) return this.#ownRemovals;
    const recent = [...this.#state.ownRemovals].filter(([, atMs]) => this.nowMs - atMs < ownRemovalMs);
    const ownRemovals = new Map(recent);
    this.#ownRemovals = ownRemovals;
    this.#state = { ...this.#state, ownRemovals };
    return ownRemovals;
  }

  instance(i: number): InstanceState {
    const instance = this.instances[i];
    if (instance === undefined) throw new RangeError(`no instance ${String(i)}`);
    return instance;
  }

  update(i: number, change: Partial<InstanceState>): void {
    this.#instances ??= [...this.#state.instances];
    this.#instances[i] = Object.assign(copyOf(this.instance(i)), change);
  }

  set(change: Partial<VrrpState>): void {
    this.#state = { ...this.state, ...change };
    this.#instances = undefined;
  }

  setGroup(g: number, state: InstanceStateName): void {
    this.set({ groups: this.groups.map((group, k) => (k === g ? { ...group, state } : group)) });
  }

  count(i: number, counter: keyof VrrpStats): void {
    this.update(i, { stats: counted(this.instance(i).stats, counter) });
  }

  emit(effect: VrrpEffect): void {
    this.effects.push(effect);
  }

  log(level: 'debug' | 'info' | 'warning' | 'error', text: string): void {
    this.emit({ type: 'log', level, text });
  }

  /** Logs `text` unless the same kind was logged in the instance's present state: a flood of packets is one line. */
  logOnce(i: number, kind: string, text: string, level: 'debug' | 'info' | 'warning' = 'warning'): void {
    const { said, config } = this.instance(i);
    if (said.includes(kind)) return;
    this.update(i, { said: [...said, kind] });
    this.log(level, `(${config.name}) ${text}`);
  }
}

/** Written out: a spread of so many takes ten times as long, and the adverts of a thousand instances copy thousands a second. */
function copyOf(instance: InstanceState): InstanceState {
  return {
    config: instance.config,
    state: instance.state,
    effectivePriority: instance.effectivePriority,
    faults: instance.faults,
    held: instance.held,
    wantsMaster: instance.wantsMaster,
    source: instance.source,
    masterDownAtMs: instance.masterDownAtMs,
    advertAtMs: instance.advertAtMs,
    preemptAtMs: instance.preemptAtMs,
    secondGarpAtMs: instance.secondGarpAtMs,
    garpRefreshAtMs: instance.garpRefreshAtMs,
    lowerPrioGarpAtMs: instance.lowerPrioGarpAtMs,
    extraGarpAtMs: instance.extraGarpAtMs,
    masterAdvertIntMs: instance.masterAdvertIntMs,
    demoted: instance.demoted,
    relistened: instance.relistened,
    rivalHeardAtMs: instance.rivalHeardAtMs,
    lastMaster: instance.lastMaster,
    lastTransitionMs: instance.lastTransitionMs,
    packetId: instance.packetId,
    ahSequence: instance.ahSequence,
    signedAt: instance.signedAt,
    heardSigned: instance.heardSigned,
    oldChecksumPeers: instance.oldChecksumPeers,
    said: instance.said,
    stats: instance.stats,
  };
}
