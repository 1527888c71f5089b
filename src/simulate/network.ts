import { ipFamily, type IpAddress } from '../core/index.ts';
import { authenticationProtocol, ipv4Datagram, type EngineConfig, type VrrpEffect } from '../vrrp/index.ts';
import { Machine, type Port, type SendAdvert } from './machine.ts';
import { Queue } from './queue.ts';

/** What a link does to packets. Shares are from 0 to 1. */
export interface Quality {
  readonly lost: number;
  readonly duplicated: number;
  /** Overtaken by those that are sent later. */
  readonly reordered: number;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

const good: Quality = { lost: 0, duplicated: 0, reordered: 0, minDelayMs: 0.1, maxDelayMs: 1 };
/** How much later than the others a packet comes that is overtaken. */
const overtakenMs = 100;
/** Packets under way at one time: more are lost, as in the queues of a real network. */
const maxUnderWay = 100_000;

export type Watch = (nowMs: number) => void;

/**
 * Machines on links under one virtual clock. An advert that is sent on a link reaches the others on it that listen to its group; one
 * to a single address whoever has that address. All that is by chance comes from `random`.
 */
export class Network {
  nowMs = 0;
  /** What has happened so far: each is one step of a machine, or one arrival. */
  happened = 0;
  readonly machines: Machine[] = [];
  /** By link; links that are not named are like `quality`. */
  readonly qualities = new Map<string, Quality>();
  quality: Quality = good;
  /** Nothing that the first sends arrives at the second on that link: see `cutKey`. */
  readonly cuts = new Set<string>();
  readonly #underWay = new Queue<(nowMs: number) => void>();
  /** When the last packet of a path arrives: later ones come after it. */
  readonly #lastArrivalMs = new Map<string, number>();
  readonly #random: () => number;
  readonly #watchEffect: ((machine: Machine, effect: VrrpEffect, nowMs: number) => void) | undefined;

  constructor(random: () => number, watchEffect?: (machine: Machine, effect: VrrpEffect, nowMs: number) => void) {
    this.#random = random;
    this.#watchEffect = watchEffect;
  }

  add(name: string, config: EngineConfig, ports: readonly Port[]): Machine {
    const machine = new Machine(name, config, ports, {
      send: (from, advert, port) => {
        this.#send(from, advert, port);
      },
      later: (afterMs, act) => {
        this.#underWay.put(this.nowMs + afterMs, act);
      },
      watch: this.#watchEffect,
    });
    this.machines.push(machine);
    return machine;
  }

  /** Lets time pass up to and including `untilMs`, and calls `watch` after everything that happens. */
  run(untilMs: number, watch: Watch = () => undefined, maxSteps = Number.POSITIVE_INFINITY): void {
    while (this.happened < maxSteps) {
      const arrivalMs = this.#underWay.nextMs ?? Number.POSITIVE_INFINITY;
      let first: Machine | undefined;
      let dueMs = Number.POSITIVE_INFINITY;
      for (const machine of this.machines) {
        const machineMs = machine.deadline;
        if (machineMs === undefined || machineMs >= dueMs) continue;
        first = machine;
        dueMs = machineMs;
      }
      const nextMs = Math.min(arrivalMs, dueMs);
      if (nextMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, nextMs);
      this.happened++;
      if (first !== undefined && dueMs <= arrivalMs) first.wake(this.nowMs);
      else this.#underWay.take()?.(this.nowMs);
      watch(this.nowMs);
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  qualityOf(link: string): Quality {
    return this.qualities.get(link) ?? this.quality;
  }

  holders(link: string, address: IpAddress): readonly Machine[] {
    return this.machines.filter((machine) =>
      [...machine.ports.values()].some((port) => port.link === link && port.up && port.addresses.includes(address)),
    );
  }

  #send(from: Machine, advert: SendAdvert, port: Port): void {
    for (const to of this.machines) {
      if (to === from || this.cuts.has(cutKey(from.name, to.name, port.link))) continue;
      const ifname = receivingInterface(to, advert, port.link);
      if (ifname === undefined) continue;
      const { lost, duplicated } = this.qualityOf(port.link);
      if (this.#chance(lost)) continue;
      const copies = this.#chance(duplicated) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) this.#carry(from, to, { advert, link: port.link, ifname });
    }
  }

  #carry(
    from: Machine,
    to: Machine,
    { advert, link, ifname }: { readonly advert: SendAdvert; readonly link: string; readonly ifname: string },
  ): void {
    if (this.#underWay.length >= maxUnderWay) return;
    const { minDelayMs, maxDelayMs, reordered } = this.qualityOf(link);
    const path = cutKey(from.name, to.name, link);
    const soonestMs = this.nowMs + minDelayMs + this.#random() * (maxDelayMs - minDelayMs);
    const inOrderMs = Math.max(soonestMs, this.#lastArrivalMs.get(path) ?? 0);
    const overtaken = this.#chance(reordered);
    if (!overtaken) this.#lastArrivalMs.set(path, inOrderMs);
    const { source, destination, ttl, protocol, pdu } = advert;
    const sealed = protocol === authenticationProtocol;
    const header = sealed ? { header: ipv4Datagram(advert, pdu, protocol).subarray(0, 20) } : {};
    this.#underWay.put(overtaken ? inOrderMs + overtakenMs + maxDelayMs : inOrderMs, (nowMs) => {
      if (to.ports.get(ifname)?.up !== true) return;
      to.tell({ type: 'packet', ifname, source, destination, ttl, payload: pdu, ...header }, nowMs);
    });
  }

  /** Draws no number where there is nothing to decide: a good link stays the same whatever becomes of others. */
  #chance(share: number): boolean {
    return share > 0 && this.#random() < share;
  }
}

export function cutKey(from: string, to: string, link: string): string {
  return `${from}>${to} ${link}`;
}

/** Where `to` hears the advert; undefined: nowhere. */
function receivingInterface(to: Machine, { destination, family }: SendAdvert, link: string): string | undefined {
  const multicast = /^(?:2(?:2[4-9]|3\d)\.|ff)/.test(destination);
  for (const { ifname, link: on, up, addresses } of to.ports.values()) {
    if (!up) continue;
    if (multicast ? on === link && listens(to, ifname, destination) : addresses.includes(destination)) {
      if (ipFamily(destination) === family) return ifname;
    }
  }
  return undefined;
}

function listens({ config }: Machine, ifname: string, group: IpAddress): boolean {
  return config.vrrp.instances.some(
    ({ interface: own, unicastPeer, mcastDstIp, family }) =>
      own === ifname &&
      unicastPeer.length === 0 &&
      (mcastDstIp ?? (family === 'ipv4' ? config.mcastGroup4 : config.mcastGroup6)) === group,
  );
}
