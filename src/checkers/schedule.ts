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
}

/** What a result means. */
export interface Verdict {
  readonly up: boolean;
  readonly changed: boolean;
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
  running: boolean;
  dueMs: number;
  removed: boolean;
}

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
   * anew with the start delay, as the reference does; ids that are gone are forgotten, their late results too.
   */
  configure(
    checkers: ReadonlyMap<string, { readonly checker: TimedChecker; readonly up: boolean }>,
    nowMs: number,
  ): void {
    for (const [id, entry] of this.#entries) {
      if (checkers.has(id)) continue;
      entry.removed = true;
      this.#entries.delete(id);
    }
    for (const [id, { checker, up }] of checkers) {
      const dueMs = nowMs + startDelayMs + this.#random() * checker.warmupMs;
      const known = this.#entries.get(id);
      if (known !== undefined) {
        known.checker = checker;
        known.dueMs = dueMs;
      } else {
        this.#entries.set(id, {
          id,
          checker,
          up,
          ran: false,
          failures: 0,
          url: 0,
          running: false,
          dueMs,
          removed: false,
        });
      }
    }
    this.#heap.splice(0, this.#heap.length, ...this.#entries.values());
    this.#heap.sort((a, b) => a.dueMs - b.dueMs);
  }

  /** When `due` has something next. */
  nextDeadline(): number | undefined {
    return this.#heap[0]?.dueMs;
  }

  /** The checks to run now; each runs alone until its result is given. */
  due(nowMs: number): readonly Run[] {
    const runs: Run[] = [];
    for (let entry = this.#heap[0]; entry !== undefined && entry.dueMs <= nowMs; entry = this.#heap[0]) {
      this.#pop();
      if (entry.running || entry.removed) continue;
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
    const verdict = result.ok ? succeeded(entry) : failed(entry);
    entry.dueMs = nowMs + delayAfter(entry, result.ok);
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

function urlCount(checker: TimedChecker): number {
  return checker.type === 'HTTP_GET' || checker.type === 'SSL_GET' ? checker.urls.length : 1;
}

/** All urls must pass, one after the other, before the check as a whole has succeeded. */
function succeeded(entry: Entry): Verdict {
  entry.failures = 0;
  entry.url++;
  if (entry.url < urlCount(entry.checker)) return { up: entry.up, changed: false, retries: 0 };
  entry.url = 0;
  entry.ran = true;
  const changed = !entry.up;
  entry.up = true;
  return { up: true, changed, retries: 0 };
}

/** The url that failed is tried again first. A first run that fails counts at once: nothing is known in the server's favour. */
function failed(entry: Entry): Verdict {
  entry.failures++;
  const patience = entry.ran ? entry.checker.retry : 0;
  const retries = entry.failures - 1;
  if (entry.up && retries < patience) return { up: true, changed: false, retries };
  const changed = entry.up;
  entry.ran = true;
  entry.up = false;
  entry.failures = 0;
  return { up: false, changed, retries };
}

function delayAfter(entry: Entry, ok: boolean): number {
  const { checker } = entry;
  if (!ok) return entry.up ? checker.delayBeforeRetryMs : checker.delayLoopMs;
  const moreUrls = entry.url > 0;
  const hurry = (checker.type === 'HTTP_GET' || checker.type === 'SSL_GET') && checker.fastRecovery;
  return moreUrls && hurry ? 0 : checker.delayLoopMs;
}
