import { uptime } from 'node:os';

/** Milliseconds of the monotonic clock, with fractions; its zero is arbitrary but the same for all of a process. */
export function monotonicMs(): number {
  return performance.now();
}

/** How long the machine has been running. */
export function uptimeMs(): number {
  return uptime() * 1000;
}

/** Milliseconds since 1970 (UTC). */
export function wallClockMs(): number {
  return Date.now();
}

export interface DeadlineTimer {
  /** Replaces the deadline (monotonic ms); undefined: none. One that has passed fires on the next turn of the event loop. */
  readonly arm: (deadlineMs: number | undefined) => void;
}

/** setTimeout takes no longer delays; the timer wakes up in between. */
const longestDelayMs = 2 ** 31 - 1;

/** The one timer of a process. `due` is never called before the deadline, and once for each deadline. */
export function createDeadlineTimer(due: () => void, nowMs: () => number = monotonicMs): DeadlineTimer {
  let deadline: number | undefined;
  let timeout: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  const disarm = (): void => {
    clearTimeout(timeout);
    clearImmediate(immediate);
    timeout = undefined;
    immediate = undefined;
  };
  const wake = (): void => {
    if (deadline === undefined) return;
    const leftMs = deadline - nowMs();
    if (leftMs > 0) {
      // setTimeout counts whole milliseconds from the start of this turn: it can be early, never relied upon.
      timeout = setTimeout(wake, Math.min(Math.ceil(leftMs), longestDelayMs));
      return;
    }
    deadline = undefined;
    due();
  };
  return {
    arm: (deadlineMs) => {
      if (deadlineMs === deadline) return;
      disarm();
      deadline = deadlineMs;
      if (deadlineMs === undefined) return;
      if (deadlineMs <= nowMs()) immediate = setImmediate(wake);
      else wake();
    },
  };
}
