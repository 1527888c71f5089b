import type { IpAddress } from '../core/index.ts';
import { toyHmac } from './toy-hmac.ts';
import {
  judgesSilence,
  newVrrpState,
  nextVrrpDeadline,
  vrrpStep,
  type EngineConfig,
  type InstanceStateName,
  type InterfaceFacts,
  type VrrpEffect,
  type VrrpEvent,
  type VrrpState,
} from '../vrrp/index.ts';

/** An interface and the link that it is on. */
export interface Port extends InterfaceFacts {
  readonly link: string;
}

export type SendAdvert = Extract<VrrpEffect, { type: 'send-advert' }>;

/** What a machine does that others see or that takes time. */
export interface Surroundings {
  readonly send: (machine: Machine, advert: SendAdvert, port: Port) => void;
  readonly later: (afterMs: number, act: (nowMs: number) => void) => void;
  /** Every effect, as it is done. */
  readonly watch?: ((machine: Machine, effect: VrrpEffect, nowMs: number) => void) | undefined;
}

/** What a run of a vrrp_script comes to. */
export type ScriptOutcome = 'succeeds' | 'fails' | 'hangs';

/** A program that does not hang is done after this. */
const scriptMs = 10;
/** Packets and news of the kernel that wait for a process that is not scheduled; more are lost, as in a socket. */
const maxWaiting = 1000;
/** What sums and differences of times may be off. */
const roundingMs = 1e-6;

/**
 * A director: the engine in its process, and a small kernel under it that outlives the process. Addresses that are added and
 * removed come back as news of their interfaces.
 */
export class Machine {
  readonly name: string;
  /** What the process reads when it starts. */
  config: EngineConfig;
  readonly ports: Map<string, Port>;
  readonly scripts = new Map<string, ScriptOutcome>();
  readonly files = new Map<string, number>();
  readonly processes = new Map<string, boolean>();
  readonly bfds = new Map<string, boolean>();
  state: VrrpState | undefined;
  /** Until then the process is not scheduled: news wait in its sockets, and its timers come late. */
  frozenUntilMs = 0;
  /** Counts its processes: what one began is none of the next one's business. */
  #process = 0;
  #stepping = false;
  #known: { readonly state: VrrpState | undefined; readonly dueMs: number | undefined } = {
    state: undefined,
    dueMs: undefined,
  };
  /** By how much its clock is ahead of the others'. */
  #aheadMs = 0;
  #lastMs = 0;
  readonly #waiting: VrrpEvent[] = [];
  readonly #around: Surroundings;

  constructor(name: string, config: EngineConfig, ports: readonly Port[], around: Surroundings) {
    this.name = name;
    this.config = config;
    this.ports = new Map(ports.map((port) => [port.ifname, port]));
    this.#around = around;
    for (const { name: file, initFile } of config.trackFiles) {
      if (initFile !== undefined) this.files.set(file, initFile.value);
    }
  }

  get alive(): boolean {
    return this.state !== undefined && this.state.phase !== 'stopped';
  }

  /** When it next does something by itself, on the clock of the network; undefined: never. */
  get deadline(): number | undefined {
    const due = this.#due();
    const wakes = this.#waiting.length > 0 ? this.frozenUntilMs : undefined;
    if (due === undefined) return wakes;
    const own = Math.max(due - this.#aheadMs, this.frozenUntilMs);
    return wakes === undefined ? own : Math.min(own, wakes);
  }

  start(nowMs: number, resume?: Readonly<Record<string, InstanceStateName>>): void {
    if (this.alive) return;
    this.state = newVrrpState(this.config, toyHmac);
    this.frozenUntilMs = 0;
    this.#waiting.length = 0;
    this.#process++;
    this.#step({ type: 'start', interfaces: this.#facts(), ...(resume === undefined ? {} : { resume }) }, nowMs);
    this.#read(nowMs);
    for (const [trackFile, value] of this.files) this.tell({ type: 'file-value', trackFile, value }, nowMs);
    for (const { name } of this.config.vrrp.trackProcesses) {
      this.tell({ type: 'process-state', trackProcess: name, ok: this.processes.get(name) ?? true }, nowMs);
    }
    for (const { name } of this.config.bfdInstances ?? []) {
      this.tell({ type: 'bfd-state', bfd: name, up: this.bfds.get(name) ?? true }, nowMs);
    }
  }

  /** Kills the process: nothing is said and nothing is taken back. */
  kill(): void {
    this.state = undefined;
    this.frozenUntilMs = 0;
    this.#waiting.length = 0;
  }

  /** The machine goes off: what was added to its interfaces is gone when it is back. */
  powerOff(own: readonly Port[]): void {
    this.kill();
    for (const port of own) this.ports.set(port.ifname, { ...port, up: false });
  }

  /** Gives the process news; while it is not scheduled, they wait. */
  tell(event: VrrpEvent, nowMs: number): void {
    if (!this.alive) return;
    if (nowMs < this.frozenUntilMs || this.#stepping || this.#waiting.length > 0) {
      if (this.#waiting.length < maxWaiting) this.#waiting.push(event);
    } else {
      this.#step(event, nowMs);
      this.#read(nowMs);
    }
  }

  /** Lets it do what is due: timers first, unless they judge a silence, then what waited in the sockets. */
  wake(nowMs: number): void {
    if (nowMs < this.frozenUntilMs) return;
    if (this.state !== undefined && judgesSilence(this.state, this.#clock(nowMs))) this.#read(nowMs);
    const due = this.#due();
    const clockMs = this.#clock(nowMs);
    if (due !== undefined && due <= clockMs + roundingMs) {
      this.#lastMs = Math.max(clockMs, due);
      this.#step({ type: 'timer' }, nowMs);
    }
    this.#read(nowMs);
  }

  /** The clock that VRRP goes by. It never goes back: where it should, it stands still. */
  jump(byMs: number): void {
    this.#aheadMs += byMs;
  }

  setUp(ifname: string, up: boolean, nowMs: number): void {
    const port = this.ports.get(ifname);
    if (port !== undefined && port.up !== up) this.#setPort({ ...port, up }, nowMs);
  }

  /** Adds or removes an address as the kernel would, whoever asked for it. */
  setAddress(ifname: string, address: IpAddress, present: boolean, nowMs: number): void {
    const port = this.ports.get(ifname);
    if (port === undefined || port.addresses.includes(address) === present) return;
    const addresses = present
      ? [...port.addresses, address]
      : port.addresses.filter((candidate) => candidate !== address);
    this.#setPort({ ...port, addresses }, nowMs);
  }

  stateOf(instance: string): InstanceStateName | undefined {
    return this.state?.instances.find(({ config }) => config.name === instance)?.state;
  }

  holds(ifname: string, address: IpAddress): boolean {
    return this.ports.get(ifname)?.addresses.includes(address) === true;
  }

  #setPort(port: Port, nowMs: number): void {
    this.ports.set(port.ifname, port);
    this.tell({ type: 'interface', facts: factsOf(port) }, nowMs);
  }

  #facts(): readonly InterfaceFacts[] {
    return [...this.ports.values()].map(factsOf);
  }

  /** Asked much more often than the state changes. */
  #due(): number | undefined {
    if (this.#known.state !== this.state) {
      this.#known = { state: this.state, dueMs: this.state === undefined ? undefined : nextVrrpDeadline(this.state) };
    }
    return this.#known.dueMs;
  }

  #clock(nowMs: number): number {
    return Math.max(this.#lastMs, nowMs + this.#aheadMs);
  }

  #step(event: VrrpEvent, nowMs: number): void {
    if (this.state === undefined) return;
    this.#lastMs = this.#clock(nowMs);
    const { state, effects } = vrrpStep(this.state, event, this.#lastMs);
    this.state = state;
    this.#stepping = true;
    for (const effect of effects) this.#perform(effect, nowMs);
    this.#stepping = false;
  }

  #read(nowMs: number): void {
    while (this.alive && nowMs >= this.frozenUntilMs) {
      const event = this.#waiting.shift();
      if (event === undefined) break;
      this.#step(event, nowMs);
    }
  }

  #perform(effect: VrrpEffect, nowMs: number): void {
    this.#around.watch?.(this, effect, nowMs);
    if (effect.type === 'send-advert') {
      const port = this.ports.get(effect.ifname);
      if (port?.up === true) this.#around.send(this, effect, port);
    } else if (effect.type === 'add-addresses' || effect.type === 'remove-addresses') {
      for (const { address } of effect.entries)
        this.setAddress(effect.ifname, address, effect.type === 'add-addresses', nowMs);
    } else if (effect.type === 'run-script') {
      this.#runScript(effect.script, effect.timeoutMs);
    }
  }

  #runScript(script: string, timeoutMs: number): void {
    const process = this.#process;
    const outcome = this.scripts.get(script) ?? 'succeeds';
    const reason = outcome === 'hangs' ? 'timed out' : 'exited with status 1';
    this.#around.later(outcome === 'hangs' ? timeoutMs : Math.min(scriptMs, timeoutMs), (nowMs) => {
      if (process !== this.#process) return;
      this.tell({ type: 'script-result', script, ok: outcome === 'succeeds', reason }, nowMs);
    });
  }
}

function factsOf({ ifname, ifindex, up, addresses }: Port): InterfaceFacts {
  return { ifname, ifindex, up, addresses };
}
