import type { IpAddress } from '../../src/core/index.ts';
import type { EngineConfig, InterfaceFacts, VrrpEffect } from '../../src/vrrp/index.ts';
import { Director } from '../vrrp/director.ts';

/** Numbers from 0 to below 1 that a seed decides (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Router {
  readonly name: string;
  director: Director;
  readonly config: EngineConfig;
  readonly own: readonly InterfaceFacts[];
  /** Dead: the process does nothing, its addresses stay. */
  alive: boolean;
  /** Until then it is not scheduled: packets wait in its sockets, and its timers come late. */
  frozenUntilMs: number;
}

type Advert = Extract<VrrpEffect, { type: 'send-advert' }>;
interface Delivery {
  readonly atMs: number;
  readonly order: number;
  readonly to: Router;
  readonly advert: Advert;
}

/** Routers on links under one virtual clock. A packet sent on a link reaches all others on it: late, lost, or overtaken. */
export class Network {
  nowMs = 0;
  readonly routers: Router[] = [];
  /** The chance that a packet is lost. */
  loss = 0;
  maxDelayMs = 1;
  /** Nothing sent by the first arrives at the second on that interface: 'A>B eth0'. */
  readonly cuts = new Set<string>();
  #queue: Delivery[] = [];
  #order = 0;
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  add(name: string, config: EngineConfig, own: readonly InterfaceFacts[]): Router {
    const router = { name, config, own, director: new Director(config, own), alive: true, frozenUntilMs: 0 };
    this.routers.push(router);
    this.carry(router, router.director.start(this.nowMs));
    return router;
  }

  /** Kills the process: nothing is said and nothing is taken back. */
  kill(router: Router): void {
    router.alive = false;
  }

  /** Starts a new process, which finds what the old one left. */
  restart(router: Router): void {
    const left = [...router.director.interfaces.values()];
    router.director = new Director(router.config, left);
    router.alive = true;
    this.carry(router, router.director.start(this.nowMs));
  }

  setUp(router: Router, ifname: string, up: boolean): void {
    const facts = router.director.interfaces.get(ifname);
    if (facts === undefined) return;
    if (router.alive) this.carry(router, router.director.setUp(ifname, up, this.nowMs));
    else router.director.interfaces.set(ifname, { ...facts, up });
  }

  /** Calls `watch` after everything that happens, with the time. */
  run(untilMs: number, watch: (nowMs: number) => void = () => undefined): void {
    for (;;) {
      const next = this.#next(untilMs);
      if (next === undefined) break;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.act();
      watch(this.nowMs);
    }
    this.nowMs = untilMs;
  }

  carry(from: Router, effects: readonly VrrpEffect[]): void {
    for (const advert of effects) {
      if (advert.type !== 'send-advert' || !this.#isUp(from, advert.ifname)) continue;
      for (const to of this.routers) {
        if (to === from || this.cuts.has(`${from.name}>${to.name} ${advert.ifname}`)) continue;
        if (this.#random() < this.loss) continue;
        const atMs = this.nowMs + this.#random() * this.maxDelayMs;
        this.#queue.push({ atMs, order: this.#order++, to, advert });
      }
    }
  }

  #isUp(router: Router, ifname: string): boolean {
    return router.director.interfaces.get(ifname)?.up === true;
  }

  /** A frozen router comes to itself at the end of its freeze: first its timers, as in Node's event loop, then its sockets. */
  #next(untilMs: number): { readonly atMs: number; readonly act: () => void } | undefined {
    let best: { readonly atMs: number; readonly act: () => void } | undefined;
    const offer = (atMs: number, act: () => void): void => {
      if (atMs <= untilMs && (best === undefined || atMs < best.atMs)) best = { atMs, act };
    };
    for (const router of this.routers) {
      const due = router.alive ? router.director.deadline : undefined;
      if (due === undefined) continue;
      offer(Math.max(due, router.frozenUntilMs), () => {
        this.carry(router, router.director.step({ type: 'timer' }, this.nowMs));
      });
    }
    this.#queue.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
    for (const delivery of this.#queue) {
      offer(Math.max(delivery.atMs, delivery.to.frozenUntilMs), () => {
        this.#queue = this.#queue.filter((candidate) => candidate !== delivery);
        this.#deliver(delivery);
      });
    }
    return best;
  }

  #deliver({ to, advert }: Delivery): void {
    if (!to.alive || !this.#isUp(to, advert.ifname)) return;
    const { ifname, source, destination, ttl, pdu } = advert;
    this.carry(to, to.director.step({ type: 'packet', ifname, source, destination, ttl, payload: pdu }, this.nowMs));
  }

  holders(ifname: string, address: IpAddress): readonly string[] {
    return this.routers.filter(({ director }) => director.holds(ifname, address)).map(({ name }) => name);
  }
}
