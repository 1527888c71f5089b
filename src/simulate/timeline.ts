import type { IpAddress } from '../core/index.ts';
import type { InstanceStateName } from '../vrrp/index.ts';
import type { Machine } from './machine.ts';
import type { Network } from './network.ts';
import type { VirtualRouter } from './routers.ts';

/** What an instance is to somebody who looks on; `off`: its process does not run. */
export type Shown = InstanceStateName | 'off';

/** How one virtual router stands from `atMs` until the next of these. */
export interface Standing {
  readonly atMs: number;
  /** By member of the router. */
  readonly states: readonly Shown[];
  /** The directors that are MASTER, and those that answer for one of the addresses on the link, by name. */
  readonly masters: readonly string[];
  readonly holders: readonly string[];
}

/** One history for each virtual router; each begins at 0. */
export type Timeline = readonly (readonly Standing[])[];

/** More changes than these are not kept: `full` says so. */
const maxChanges = 200_000;

/** Watches a network and keeps what changes. */
export class Recorder {
  readonly #network: Network;
  readonly #routers: readonly VirtualRouter[];
  readonly #machines: ReadonlyMap<string, Machine>;
  readonly #timeline: Standing[][];
  #changes = 0;

  constructor(network: Network, routers: readonly VirtualRouter[]) {
    this.#network = network;
    this.#routers = routers;
    this.#machines = new Map(network.machines.map((machine) => [machine.name, machine]));
    this.#timeline = routers.map(() => []);
  }

  get timeline(): Timeline {
    return this.#timeline;
  }

  get full(): boolean {
    return this.#changes >= maxChanges;
  }

  look(nowMs: number): void {
    if (this.full) return;
    for (const [r, router] of this.#routers.entries()) {
      const history = this.#timeline[r];
      const standing = this.#standing(router, nowMs);
      const last = history?.at(-1);
      if (history === undefined || (last !== undefined && same(last, standing))) continue;
      this.#changes++;
      // What changes several times at one moment is shown as it is in the end.
      if (last?.atMs === nowMs) history.pop();
      const before = history.at(-1);
      if (before === undefined || !same(before, standing)) history.push(standing);
    }
  }

  #standing({ members, link, addresses }: VirtualRouter, atMs: number): Standing {
    const states = members.map(({ director, instance }) => {
      const machine = this.#machines.get(director);
      return machine?.alive === true ? (machine.stateOf(instance) ?? 'off') : 'off';
    });
    const masters = members.flatMap(({ director }, m) => (states[m] === 'MASTER' ? [director] : []));
    return { atMs, states, masters, holders: this.#holders(link, addresses) };
  }

  #holders(link: string, addresses: readonly IpAddress[]): readonly string[] {
    const names = addresses.flatMap((address) => this.#network.holders(link, address).map(({ name }) => name));
    return [...new Set(names)];
  }
}

function same(a: Standing, b: Standing): boolean {
  return equal(a.states, b.states) && equal(a.masters, b.masters) && equal(a.holders, b.holders);
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}

/** A stretch of time in which a router stands still. */
export interface Span extends Standing {
  readonly endMs: number;
}

/** The stretches of a history between two times; one of no length at `toMs` is left out. */
export function spansOf(history: readonly Standing[], fromMs: number, toMs: number): readonly Span[] {
  return history.flatMap((standing, i): readonly Span[] => {
    const endMs = Math.min(toMs, history[i + 1]?.atMs ?? toMs);
    const atMs = Math.max(fromMs, standing.atMs);
    return atMs < endMs ? [{ ...standing, atMs, endMs }] : [];
  });
}

/** How long something was so: its longest stretch, when that began, and all together. */
export interface Duration {
  readonly longestMs: number;
  readonly longestAtMs: number | undefined;
  readonly totalMs: number;
}

export function durationOf(spans: readonly Span[], holds: (span: Span) => boolean): Duration {
  let longestMs = 0;
  let longestAtMs: number | undefined;
  let totalMs = 0;
  let beganAtMs: number | undefined;
  for (const span of spans) {
    if (!holds(span)) {
      beganAtMs = undefined;
      continue;
    }
    beganAtMs ??= span.atMs;
    totalMs += span.endMs - span.atMs;
    if (span.endMs - beganAtMs > longestMs) {
      longestMs = span.endMs - beganAtMs;
      longestAtMs = beganAtMs;
    }
  }
  return { longestMs, longestAtMs, totalMs };
}
