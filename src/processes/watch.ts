import type { VrrpTrackProcess } from '../config/index.ts';
import { comparesCommandLine, matches, type SeenProcess } from './match.ts';

/** Counts the processes of each vrrp_track_process; `step` is its only way in. Times are milliseconds that never go back. */

export type ProcessEvent =
  /** All that run now: at first, and again where events were lost or there are none. */
  | { readonly type: 'all'; readonly processes: readonly (SeenProcess & { readonly pid: number })[] }
  | { readonly type: 'fork'; readonly parent: number; readonly pid: number }
  /** `seen` is absent where it is gone already. */
  | { readonly type: 'exec'; readonly pid: number; readonly seen?: SeenProcess | undefined }
  | { readonly type: 'comm'; readonly pid: number; readonly comm: string }
  | { readonly type: 'exit'; readonly pid: number }
  | { readonly type: 'timer' };

export interface QuorumChange {
  readonly trackProcess: string;
  readonly ok: boolean;
}

interface Tracked {
  readonly config: VrrpTrackProcess;
  count: number;
  /** Undefined until the first look at all processes. */
  ok: boolean | undefined;
  /** When the other verdict counts, unless it is taken back before. */
  dueMs: number | undefined;
}

/** More matching processes than any quorum asks for; what comes beyond is not counted. */
const mostProcesses = 200_000;

export class ProcessWatch {
  readonly #tracked: readonly Tracked[];
  /** By process id, what each matching process counts for. */
  readonly #counted = new Map<number, readonly Tracked[]>();

  /** Of several with one name the first counts, as where an instance names it. */
  constructor(trackProcesses: readonly VrrpTrackProcess[]) {
    const first = new Map([...trackProcesses].reverse().map((config) => [config.name, config]));
    this.#tracked = [...first.values()].map((config) => ({ config, count: 0, ok: undefined, dueMs: undefined }));
  }

  get needsCommandLine(): boolean {
    return this.#tracked.some(({ config }) => comparesCommandLine(config));
  }

  /** Whether each quorum is there, as far as it is known. */
  get values(): Readonly<Record<string, boolean>> {
    return Object.fromEntries(this.#tracked.flatMap(({ config, ok }) => (ok === undefined ? [] : [[config.name, ok]])));
  }

  get deadlineMs(): number | undefined {
    const due = this.#tracked.flatMap(({ dueMs }) => dueMs ?? []);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  /** Takes an event in; what it changes is returned, but for what the first look finds. */
  step(event: ProcessEvent, nowMs: number): readonly QuorumChange[] {
    const before = this.#tracked.map(({ count }) => count);
    this.#count(event);
    return this.#tracked.flatMap((tracked, i) => {
      const risen = tracked.count > (before[i] ?? 0);
      const moved = tracked.count !== before[i];
      return moved || tracked.ok === undefined || event.type === 'timer'
        ? this.#judge(tracked, delayMs(tracked.config, event.type, risen), nowMs)
        : [];
    });
  }

  #count(event: ProcessEvent): void {
    switch (event.type) {
      case 'all':
        for (const pid of [...this.#counted.keys()]) this.#set(pid, []);
        for (const seen of event.processes) this.#set(seen.pid, this.#matching(seen));
        break;
      case 'fork':
        // A child is what its parent is until it becomes something else.
        this.#set(event.pid, this.#counted.get(event.parent) ?? []);
        break;
      case 'exec':
        this.#set(event.pid, event.seen === undefined ? [] : this.#matching(event.seen));
        break;
      case 'comm': {
        const byCommandLine = (this.#counted.get(event.pid) ?? []).filter(({ config }) => comparesCommandLine(config));
        const byName = this.#tracked.filter(
          ({ config }) => !comparesCommandLine(config) && matches(config, { comm: event.comm, argv: [] }),
        );
        this.#set(event.pid, [...byCommandLine, ...byName]);
        break;
      }
      case 'exit':
        this.#set(event.pid, []);
        break;
      case 'timer':
        break;
    }
  }

  #matching(seen: SeenProcess): readonly Tracked[] {
    return this.#tracked.filter(({ config }) => matches(config, seen));
  }

  #set(pid: number, now: readonly Tracked[]): void {
    for (const tracked of this.#counted.get(pid) ?? []) tracked.count--;
    this.#counted.delete(pid);
    if (now.length === 0 || this.#counted.size >= mostProcesses) return;
    this.#counted.set(pid, now);
    for (const tracked of now) tracked.count++;
  }

  #judge(tracked: Tracked, afterMs: number, nowMs: number): readonly QuorumChange[] {
    const { config, count } = tracked;
    // quorum_max 0: it must not run at all, whatever quorum says.
    const least = config.quorumMax === 0 ? 0 : config.quorum;
    const ok = count >= least && (config.quorumMax === undefined || count <= config.quorumMax);
    if (tracked.ok === undefined) {
      tracked.ok = ok;
      return [];
    }
    if (ok === tracked.ok) {
      tracked.dueMs = undefined;
      return [];
    }
    tracked.dueMs = Math.min(tracked.dueMs ?? Number.POSITIVE_INFINITY, nowMs + afterMs);
    if (tracked.dueMs > nowMs) return [];
    tracked.ok = ok;
    tracked.dueMs = undefined;
    return [{ trackProcess: config.name, ok }];
  }
}

/** fork_delay and terminate_delay are for programs that fork or start anew; what becomes another program is one at once. */
function delayMs(
  { forkDelayMs, terminateDelayMs }: VrrpTrackProcess,
  cause: ProcessEvent['type'],
  risen: boolean,
): number {
  switch (cause) {
    case 'fork':
      return forkDelayMs;
    case 'exit':
      return terminateDelayMs;
    case 'all':
      return risen ? forkDelayMs : terminateDelayMs;
    case 'exec':
    case 'comm':
      return 0;
    case 'timer':
      return Number.POSITIVE_INFINITY;
  }
}
