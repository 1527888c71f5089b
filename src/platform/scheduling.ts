import { readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { err, ok, type Result } from '../core/index.ts';
import { libc } from './libc.ts';
import { setNice, setRealTimeLimit, setRealTimePriority } from './process.ts';

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
}

const ordinary = 0;
/** sys/mman.h: all there is and all that comes, each page when it is first used: most of what V8 sets aside it never touches. */
const lockOnUse = 1 | 2 | 4;
const mostProcessors = 1024;

/** Applies what differs from `before`, the settings that were applied last; what is refused is told and stops nothing else. */
export class Scheduler {
  readonly #startedNice = getPriority();
  #before: Scheduling | undefined;

  apply(wanted: Scheduling): readonly string[] {
    const before = this.#before;
    this.#before = wanted;
    const results: Result<void>[] = [];
    if (wanted.priority !== before?.priority) results.push(setNice(wanted.priority ?? this.#startedNice));
    if (wanted.noSwap !== (before?.noSwap ?? false)) results.push(lockMemory(wanted.noSwap));
    if (JSON.stringify(wanted.cpuAffinity) !== JSON.stringify(before?.cpuAffinity))
      results.push(setProcessors(wanted.cpuAffinity));
    if (wanted.rtPriority !== undefined && wanted.rlimitRttimeUs !== before?.rlimitRttimeUs)
      results.push(setRealTimeLimit(wanted.rlimitRttimeUs));
    if (wanted.rtPriority !== before?.rtPriority)
      results.push(wanted.rtPriority === undefined ? endRealTime() : setRealTimePriority(wanted.rtPriority));
    return results.flatMap((result) => (result.ok ? [] : [result.error]));
  }
}

function endRealTime(): Result<void> {
  const c = libc();
  return c.setScheduler(0, ordinary, Buffer.alloc(4)) === 0
    ? ok(undefined)
    : err(`ordinary scheduling cannot be set: ${c.errno()}`);
}

function lockMemory(locked: boolean): Result<void> {
  const c = libc();
  if ((locked ? c.lockAllMemory(lockOnUse) : c.unlockAllMemory()) === 0) return ok(undefined);
  return err(`memory cannot be locked: ${c.errno()} (CAP_IPC_LOCK is needed)`);
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
