import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '../core/index.ts';
import { libc } from './libc.ts';
import { mayLockMemory } from './process.ts';

/** sys/mman.h: pages that are there, and each other one when it is first used. */
const lockOnFault = 1;

/**
 * Keeps the program, its libraries, its native heap and its stack in RAM. Not the heap of V8, which gives parts of that back by madvise: the kernel
 * refuses this where memory is locked, and V8 aborts then ("Check failed: 0 == ret"). So there is no mlockall, nor MCL_FUTURE.
 * Without a right to lock any amount nothing is locked: a stack that may not grow would end the process.
 */
export function lockMemory(): Result<void> {
  if (!mayLockMemory())
    return err(
      'memory cannot be locked: it takes CAP_IPC_LOCK, or no limit of locked memory (LimitMEMLOCK=infinity in the unit)',
    );
  const c = libc();
  for (const { start, bytes } of lockable(readFileSync('/proc/self/maps', 'latin1'))) {
    if (c.lockMemory(start, bytes, lockOnFault) === 0) continue;
    const errno = c.errno();
    c.unlockAllMemory();
    return err(`memory cannot be locked: ${errno}`);
  }
  return ok(undefined);
}

export function unlockMemory(): Result<void> {
  const c = libc();
  return c.unlockAllMemory() === 0 ? ok(undefined) : err(`memory cannot be unlocked: ${c.errno()}`);
}

interface Range {
  readonly start: bigint;
  readonly bytes: bigint;
}

/** Of proc(5)'s maps: what comes from files, the native heap and the stack. */
export function lockable(maps: string): readonly Range[] {
  return maps.split('\n').flatMap((line) => {
    const [, from, to, readable, path = ''] = /^([0-9a-f]+)-([0-9a-f]+) (.)\S+ \S+ \S+ \d+ *(.*)$/.exec(line) ?? [];
    if (from === undefined || to === undefined || readable !== 'r') return [];
    if (!path.startsWith('/') && path !== '[heap]' && path !== '[stack]') return [];
    const start = BigInt(`0x${from}`);
    return [{ start, bytes: BigInt(`0x${to}`) - start }];
  });
}

/** Whether the kernel could put other memory of this process into a swap area. `read`: undefined where there is no such file. */
export function mayBeSwapped(read: (path: string) => string | undefined = textOf): boolean {
  // A line of titles, then the areas.
  const areas = (read('/proc/swaps') ?? '').trim().split('\n').length - 1;
  if (areas < 1) return false;
  const group = /^0::(\/.*)$/m.exec(read('/proc/self/cgroup') ?? '')?.[1] ?? '';
  const parts = group.split('/').filter((part) => part !== '');
  return !parts.some((_, i) => {
    const folder = parts.slice(0, i + 1).join('/');
    return read(`/sys/fs/cgroup/${folder}/memory.swap.max`)?.trim() === '0';
  });
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
