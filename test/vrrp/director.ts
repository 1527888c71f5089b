import { hmac } from '../../src/platform/index.ts';
import type { IpAddress } from '../../src/core/index.ts';
import {
  newVrrpState,
  nextVrrpDeadline,
  vrrpStep,
  type EngineConfig,
  type InstanceStateName,
  type InterfaceFacts,
  type VrrpEffect,
  type VrrpEvent,
  type VrrpState,
} from '../../src/vrrp/index.ts';

/** One engine with a small kernel: addresses that are added and removed come back as facts about their interfaces. */
export class Director {
  state: VrrpState;
  readonly interfaces: Map<string, InterfaceFacts>;
  /** All effects so far with the time of each. */
  readonly trace: { readonly atMs: number; readonly effect: VrrpEffect }[] = [];

  constructor(config: EngineConfig, interfaces: readonly InterfaceFacts[]) {
    this.state = newVrrpState(config, hmac);
    this.interfaces = new Map(interfaces.map((facts) => [facts.ifname, facts]));
  }

  start(nowMs: number, resume?: Readonly<Record<string, InstanceStateName>>): readonly VrrpEffect[] {
    const interfaces = [...this.interfaces.values()];
    return this.step({ type: 'start', interfaces, ...(resume === undefined ? {} : { resume }) }, nowMs);
  }

  step(event: VrrpEvent, nowMs: number): readonly VrrpEffect[] {
    const { state, effects } = vrrpStep(this.state, event, nowMs);
    this.state = state;
    const all = [...effects];
    for (const effect of effects) this.trace.push({ atMs: nowMs, effect });
    for (const effect of effects) {
      if (effect.type !== 'add-addresses' && effect.type !== 'remove-addresses') continue;
      for (const { address } of effect.entries) {
        all.push(...this.setAddress(effect.ifname, address, effect.type === 'add-addresses', nowMs));
      }
    }
    return all;
  }

  /** Adds or removes an address as the kernel would, whoever asked for it. */
  setAddress(ifname: string, address: IpAddress, present: boolean, nowMs: number): readonly VrrpEffect[] {
    const facts = this.interfaces.get(ifname);
    if (facts === undefined || facts.addresses.includes(address) === present) return [];
    const addresses = present
      ? [...facts.addresses, address]
      : facts.addresses.filter((candidate) => candidate !== address);
    return this.setInterface({ ...facts, addresses }, nowMs);
  }

  setUp(ifname: string, up: boolean, nowMs: number): readonly VrrpEffect[] {
    const facts = this.interfaces.get(ifname);
    return facts === undefined || facts.up === up ? [] : this.setInterface({ ...facts, up }, nowMs);
  }

  setInterface(facts: InterfaceFacts, nowMs: number): readonly VrrpEffect[] {
    this.interfaces.set(facts.ifname, facts);
    return this.step({ type: 'interface', facts }, nowMs);
  }

  /** Lets the timers run up to and including `untilMs`, each on time. */
  run(untilMs: number): readonly VrrpEffect[] {
    const all: VrrpEffect[] = [];
    for (let due = this.deadline; due !== undefined && due <= untilMs; due = this.deadline) {
      all.push(...this.step({ type: 'timer' }, due));
    }
    return all;
  }

  get deadline(): number | undefined {
    return nextVrrpDeadline(this.state);
  }

  stateOf(name: string): InstanceStateName | undefined {
    return this.state.instances.find(({ config }) => config.name === name)?.state;
  }

  /** The notifications since `fromMs`, as the FIFO would have them. */
  notifications(fromMs = 0): readonly string[] {
    return this.trace.flatMap(({ atMs, effect }) =>
      effect.type === 'notify' && atMs >= fromMs
        ? [`${effect.object} ${effect.name} ${effect.state} ${String(effect.priority)}`]
        : [],
    );
  }

  logs(fromMs = 0): readonly string[] {
    return this.trace.flatMap(({ atMs, effect }) => (effect.type === 'log' && atMs >= fromMs ? [effect.text] : []));
  }

  holds(ifname: string, address: IpAddress): boolean {
    return this.interfaces.get(ifname)?.addresses.includes(address) === true;
  }
}
