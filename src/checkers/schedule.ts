import type { Checker } from '../config/index.ts';

/**
 * When each check runs and when its results count. It knows no clock: the time is an argument, and `random` gives numbers in [0, 1).
 * Thousands of checks change it every second, so unlike the small engines it is changed in place; equal calls give equal answers all the same.
 */

/** A checker that is run, as opposed to FILE_CHECK and BFD_CHECK, whose results come by event. */
export type TimedChecker = Extract<Checker, { readonly delayLoopMs: number }>;

export interface Run {
  readonly id: string;
  readonly checker: TimedChecker;
  /** Which url of an HTTP_GET or SSL_GET is next. */
  readonly url: number;
}

export interface CheckResult {
  readonly ok: boolean;
  /** Why, in words that follow the server's name. */
  readonly reason: string;
  /** What a dynamic check adds to the weight. */
  readonly weight?: number;
  /** The check could not be made, for a reason on this host: it says nothing of the server. */
  readonly unjudged?: boolean;
  /** What is to be mended though the server may be well. */
  readonly warning?: CheckWarning;
}

export interface CheckWarning {
  /** Equal where it was told before. */
  readonly about: string;
  /** In words that follow the server's name. */
  readonly text: string;
}

/** What a result means. */
export interface Verdict {
  readonly up: boolean;
  readonly changed: boolean;
  /** Not one that is to be retried, nor of a check that could not be made. */
  readonly counts: boolean;
  /** `failed after 3 retries`, for the log; only with a change to down. */
  readonly retries: number;
}

interface Entry {
  readonly id: string;
  checker: TimedChecker;
  up: boolean;
  ran: boolean;
  failures: number;
  url: number;
  /** The url that is next failed the last time. */
  failing: boolean;
  /** With fast_recovery the urls are asked for without delay: the first time, and when a server comes back. */
  hurry: boolean;
  running: boolean;
  resting: boolean;
  dueMs: number;
}

/** A checker as the schedule is told of it. */
export interface ConfiguredCheck {
  readonly checker: TimedChecker;
  /** What is known of its server. */
  readonly up: boolean;
  /** It does not run for now, and goes on with what it knows when it may. */
  readonly resting?: boolean;
}

/** Checks that are started before anything else has its turn. */
const mostAtOnce = 16;

/** keepalived waits this long before the first check of anything. */
const startDelayMs = 1000;

export class CheckSchedule {
  readonly #entries = new Map<string, Entry>();
  readonly #heap: Entry[] = [];
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /**
   * Takes the checkers of a configuration, at start and at reload. Ids that were there before go on with what they know but begin
   * anew with the start delay, as the reference does, unless they run just now or `times` stay; ids that are gone are forgotten, their
   * late results too.
   */
  configure(
    checkers: ReadonlyMap<string, ConfiguredCheck>,
    nowMs: number,
    times: 'anew' | 'as they are' = 'anew',
  ): void {
    for (const id of this.#entries.keys()) if (!checkers.has(id)) this.#entries.delete(id);
    for (const [id, { checker, up, resting = false }] of checkers) {
      const dueMs = nowMs + startDelayMs + this.#random() * checker.warmupMs;
      const known = this.#entries.get(id);
      if (known !== undefined) {
        known.checker = checker;
        if (times === 'anew' && !known.resting) known.hurry = false;
        // Whoever lets it rest has ended what ran.
        if (resting) known.running = false;
        if ((times === 'anew' || known.resting) && !known.running) {
          known.url = 0;
          known.failing = false;
          known.dueMs = dueMs;
        }
        known.resting = resting;
      } else {
        this.#entries.set(id, {
          id,
          checker,
          up,
          ran: false,
          failures: 0,
          url: 0,
          failing: false,
          hurry: true,
          running: false,
          resting,
          dueMs,
        });
      }
    }
    // What runs is not due before its result, which puts it back: twice in the heap, or changed while in it, it would hold up the others.
    this.#heap.length = 0;
    for (const entry of this.#entries.values()) if (!entry.running && !entry.resting) this.#heap.push(entry);
    this.#heap.sort((a, b) => a.dueMs - b.dueMs);
  }

  /** When `due` has something next. */
  nextDeadline(): number | undefined {
    return this.#heap[0]?.dueMs;
  }

  /**
   * The checks to run now, the longest due first; each runs alone until its result is given. A few at a time, for a start takes its
   * time, of a program most of all: between them answers are to be read and orders to be heard. The others are due still.
   */
  due(nowMs: number): readonly Run[] {
    const runs: Run[] = [];
    for (
      let entry = this.#heap[0];
      entry !== undefined && entry.dueMs <= nowMs && runs.length < mostAtOnce;
      entry = this.#heap[0]
    ) {
      this.#pop();
      entry.running = true;
      runs.push({ id: entry.id, checker: entry.checker, url: entry.url });
    }
    return runs;
  }

  /** Takes a result; undefined where the check was removed meanwhile. */
  result(id: string, result: CheckResult, nowMs: number): Verdict | undefined {
    const entry = this.#entries.get(id);
    if (entry?.running !== true) return undefined;
    entry.running = false;
    const unjudged = result.unjudged === true;
    const verdict = unjudged ? unchanged(entry) : result.ok ? succeeded(entry) : failed(entry);
    entry.dueMs = nowMs + (unjudged ? entry.checker.delayLoopMs : delayAfter(entry, result.ok));
    this.#push(entry);
    return verdict;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    heap.push(entry);
    let i = heap.length - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (this.#at(parent).dueMs <= entry.dueMs) break;
      heap[i] = this.#at(parent);
      heap[parent] = entry;
      i = parent;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    let i = 0;
    for (;;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < heap.length && this.#at(child).dueMs < this.#at(least).dueMs) least = child;
      }
      if (least === i) return;
      [heap[i], heap[least]] = [this.#at(least), this.#at(i)];
      i = least;
    }
  }

  #at(i: number): Entry {
    const entry = this.#heap[i];
    if (entry === undefined) throw new RangeError(`no entry ${String(i)}`);
    return entry;
  }
}

function unchanged({ up }: Entry, retries = 0): Verdict {
  return { up, changed: false, counts: false, retries };
}

/**
 * All urls must pass, one after the other, before the check as a whole has succeeded. Once the url by which a server went
 * down is well, they are asked for from the first again.
 */
function succeeded(entry: Entry): Verdict {
  const { checker, failing } = entry;
  entry.failures = 0;
  entry.failing = false;
  const http = checker.type === 'HTTP_GET' || checker.type === 'SSL_GET';
  if (http && failing && !entry.up) {
    entry.url = 0;
    entry.hurry = true;
    return unchanged(entry);
  }
  entry.url++;
  if (http && entry.url < checker.urls.length) return unchanged(entry);
  entry.url = 0;
  entry.hurry = false;
  entry.ran = true;
  const changed = !entry.up;
  entry.up = true;
  return { up: true, changed, counts: true, retries: 0 };
}

/**
 * The url that failed is tried again first. A first run that fails counts at once: nothing is known in the server's favour. SMTP_CHECK
 * alone has its retries also then, and while the server is down, as keepalived 2.2.7 has it.
 */
function failed(entry: Entry): Verdict {
  const smtp = entry.checker.type === 'SMTP_CHECK';
  entry.failures++;
  entry.failing = true;
  const patience = entry.ran || smtp ? entry.checker.retry : 0;
  const retries = entry.failures - 1;
  if ((entry.up || smtp) && retries < patience) return unchanged(entry, retries);
  const changed = entry.up;
  entry.ran = true;
  entry.up = false;
  entry.failures = 0;
  return { up: false, changed, counts: true, retries };
}

function delayAfter({ checker, failures, hurry }: Entry, ok: boolean): number {
  if (!ok) return failures > 0 ? checker.delayBeforeRetryMs : checker.delayLoopMs;
  const http = checker.type === 'HTTP_GET' || checker.type === 'SSL_GET';
  return http && hurry && checker.fastRecovery ? 0 : checker.delayLoopMs;
}
