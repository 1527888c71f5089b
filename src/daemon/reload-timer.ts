import type { Result } from '../core/index.ts';
import type { Log } from './messages.ts';
import { nextReloadMs } from './reload-time.ts';

export interface ReloadTimerEdges {
  readonly log: Log;
  /** Undefined: there is no file, or nothing in it. */
  readonly readFirstLine: (path: string) => Result<string | undefined>;
  /** Calls when the file may be another; the returned function ends it. */
  readonly followFile: (path: string, changed: () => void) => () => void;
  readonly removeFile: (path: string) => Result<void>;
  readonly wallClockMs: () => number;
  readonly reload: () => void;
}

/** The clock is looked at so often: it may be set. */
const longestSleepMs = 10_000;

/** Reloads at the time that a file names, which may come, change and go (reload_time_file, reload_repeat). */
export class ReloadTimer {
  readonly #edges: ReloadTimerEdges;
  #path: string | undefined;
  #repeat = false;
  #dueMs: number | undefined;
  #sleep: NodeJS.Timeout | undefined;
  #unfollow: () => void = () => undefined;

  constructor(edges: ReloadTimerEdges) {
    this.#edges = edges;
  }

  /** With the settings of a configuration, at start and after each reload. */
  follow(path: string | undefined, repeat: boolean): void {
    this.stop();
    this.#path = path;
    this.#repeat = repeat;
    if (path === undefined) return;
    this.#unfollow = this.#edges.followFile(path, () => {
      this.#read(path);
    });
    this.#read(path);
  }

  stop(): void {
    this.#unfollow();
    this.#unfollow = () => undefined;
    clearTimeout(this.#sleep);
    this.#dueMs = undefined;
  }

  #read(path: string): void {
    const { log, wallClockMs, readFirstLine } = this.#edges;
    const before = this.#dueMs;
    clearTimeout(this.#sleep);
    this.#dueMs = undefined;
    const line = readFirstLine(path);
    const due = line.ok && line.value !== undefined ? nextReloadMs(line.value, wallClockMs()) : line;
    if (!due.ok) log('warning', `reload_time_file ${path} ${due.error}`);
    else if (typeof due.value === 'number') {
      this.#dueMs = due.value;
      if (due.value !== before) log('info', `Scheduling reload for ${localTime(due.value)}`);
      this.#wait();
    }
    if (before !== undefined && this.#dueMs === undefined)
      log('info', `Cancelling reload scheduled for ${localTime(before)}`);
  }

  #wait(): void {
    if (this.#dueMs === undefined) return;
    const leftMs = this.#dueMs - this.#edges.wallClockMs();
    if (leftMs > 0) {
      this.#sleep = setTimeout(
        () => {
          this.#wait();
        },
        Math.min(leftMs, longestSleepMs),
      ).unref();
      return;
    }
    this.#dueMs = undefined;
    this.#due();
  }

  /** The reload comes back with `follow`. */
  #due(): void {
    const { log, removeFile, reload } = this.#edges;
    const path = this.#path;
    if (path !== undefined && !this.#repeat) {
      const removed = removeFile(path);
      if (!removed.ok) log('warning', `reload_time_file ${removed.error}`);
    }
    reload();
  }
}

/** `2026-11-21 20:30:00`, by the clock of this place. */
function localTime(ms: number): string {
  const at = new Date(ms);
  const two = (part: number): string => String(part).padStart(2, '0');
  const date = [String(at.getFullYear()), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${date} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`;
}
