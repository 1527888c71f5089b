import { readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { err, ok, type Result } from '../core/index.ts';
import { libc } from './libc.ts';
import { lockMemory, mayBeSwapped, unlockMemory } from './locked-memory.ts';
import { programName, setNice, setProcessName, setRealTimeLimit, setRealTimePriority } from './process.ts';

/** How this process is scheduled and held in memory. */
export interface Scheduling {
  /** The nice value. Absent: as it was started. */
  readonly priority?: number;
  /** Of SCHED_RR, 1 to 99. Absent: ordinary scheduling. */
  readonly rtPriority?: number;
  /** How long it may run without a pause under SCHED_RR, microseconds. */
  readonly rlimitRttimeUs: number;
  readonly noSwap: boolean;
  /** The processors that it may run on, 0 to 1023. Absent: all. */
  readonly cpuAffinity?: readonly number[];
  /** What ps shows, at most 15 bytes. Absent: the program's own. */
  readonly processName?: string;
  /** A process that is not scheduled in time is given more priority. Absent: not. */
  readonly autoPriority?: AutoPriority;
}

/** max_auto_priority and min_auto_priority_delay. */
export interface AutoPriority {
  /** The highest priority of SCHED_RR that it comes to, 1 to 99. */
  readonly max: number;
  /** How late a timer must be. */
  readonly delayMs: number;
}

const ordinary = 0;
const mostProcessors = 1024;
/** The locking of memory leaves this out. */
const swappable =
  '…_no_swap: what JavaScript has in memory can be swapped out all the same: MemorySwapMax=0 in the unit prevents it';

/** Applies what differs from `before`, the settings that were applied last; what is refused is told and stops nothing else. */
export class Scheduler {
  readonly #startedNice = getPriority();
  #before: Scheduling | undefined;
  #realTime: number | undefined;

  apply(wanted: Scheduling): readonly string[] {
    const before = this.#before;
    this.#before = wanted;
    const results: Result<void>[] = [];
    if (wanted.priority !== before?.priority) results.push(setNice(wanted.priority ?? this.#startedNice));
    // Again each time: the heap has grown since.
    if (wanted.noSwap) results.push(lockMemory());
    if (wanted.noSwap && before?.noSwap !== true && mayBeSwapped()) results.push(err(swappable));
    if (!wanted.noSwap && before?.noSwap === true) results.push(unlockMemory());
    if (JSON.stringify(wanted.cpuAffinity) !== JSON.stringify(before?.cpuAffinity))
      results.push(setProcessors(wanted.cpuAffinity));
    if (wanted.rtPriority !== undefined && wanted.rlimitRttimeUs !== before?.rlimitRttimeUs)
      results.push(setRealTimeLimit(wanted.rlimitRttimeUs));
    if (wanted.rtPriority !== before?.rtPriority) {
      results.push(wanted.rtPriority === undefined ? endRealTime() : setRealTimePriority(wanted.rtPriority));
      this.#realTime = wanted.rtPriority;
    }
    if (wanted.processName !== before?.processName) results.push(setProcessName(wanted.processName ?? programName()));
    return results.flatMap((result) => (result.ok ? [] : [result.error]));
  }

  /**
   * For when the kernel has told that this process ran without a pause (SIGXCPU): its event loop turns, so it is busy and does not hang. A
   * moment of sleep makes the kernel count anew.
   */
  pause(): Result<void> {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    // With each signal the kernel raises the limit by a second; at the hard one it kills.
    return this.#before === undefined ? ok(undefined) : setRealTimeLimit(this.#before.rlimitRttimeUs);
  }

  /** Before the process exits: then nothing listens for SIGXCPU any more, which would end it, and tidying up takes longer than the limit. */
  leaveRealTime(): void {
    if (this.#realTime !== undefined) endRealTime();
    this.#realTime = undefined;
  }

  /** One step up, to real-time scheduling first; undefined where it is as high as `autoPriority` lets it be. */
  raise(): Result<number> | undefined {
    const wanted = this.#before;
    const next = (this.#realTime ?? 0) + 1;
    if (wanted?.autoPriority === undefined || next > wanted.autoPriority.max) return undefined;
    const limited = next === 1 ? setRealTimeLimit(wanted.rlimitRttimeUs) : ok(undefined);
    const raised = limited.ok ? setRealTimePriority(next) : limited;
    if (!raised.ok) return raised;
    this.#realTime = next;
    return ok(next);
  }
}

function endRealTime(): Result<void> {
  const c = libc();
  return c.setScheduler(0, ordinary, Buffer.alloc(4)) === 0
    ? ok(undefined)
    : err(`ordinary scheduling cannot be set: ${c.errno()}`);
}

/** For all threads: those of libuv and V8 work for this one. */
function setProcessors(processors: readonly number[] | undefined): Result<void> {
  const c = libc();
  const mask = Buffer.alloc(mostProcessors / 8, processors === undefined ? 0xff : 0);
  for (const cpu of processors ?? []) mask.writeUInt8(mask.readUInt8(cpu >> 3) | (1 << (cpu & 7)), cpu >> 3);
  for (const thread of readdirSync('/proc/self/task')) {
    if (c.setAffinity(Number(thread), mask.length, mask) === 0) continue;
    const errno = c.errno();
    if (errno !== 'ESRCH') return err(`processors ${String(processors)} cannot be set: ${errno}`);
  }
  return ok(undefined);
}
