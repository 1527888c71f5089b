import { cpus } from 'node:os';
import { join } from 'node:path';
import { projectRoot, type LabProcess, type Machine } from '../test/lab/machine.ts';

/** How long a processor of this machine stood still, whatever ran on it: a virtual machine that its host does not let run. */
export interface Standstill {
  readonly processor: number;
  /** When it went on, of the wall clock. */
  readonly endMs: number;
  readonly lengthMs: number;
}

/** Watches all processors until it is asked. */
export function watchStandstills(machine: Machine): () => Promise<readonly Standstill[]> {
  const watches = cpus().map((_, processor): LabProcess => {
    const program = join(projectRoot, 'bench', 'pulse.mjs');
    return machine.spawn('c', `exec chrt -f 99 taskset -c ${String(processor)} ${process.execPath} ${program}`);
  });
  return async () => {
    for (const watch of watches) watch.signal('SIGTERM');
    await Promise.all(watches.map(({ exited }) => exited));
    return watches.flatMap(({ lines }, processor) =>
      lines.flatMap(({ text }) => {
        const [endSecs = Number.NaN, lengthMs = Number.NaN] = text.split(' ').map(Number);
        return Number.isNaN(lengthMs) ? [] : [{ processor, endMs: endSecs * 1000, lengthMs }];
      }),
    );
  };
}

/** For how much of a time the processor stood still that did so longest. */
export function stoodStillMs(all: readonly Standstill[], fromMs: number, toMs: number): number {
  const sums = new Map<number, number>();
  for (const { processor, endMs, lengthMs } of all) {
    if (endMs < fromMs || endMs - lengthMs > toMs) continue;
    sums.set(processor, (sums.get(processor) ?? 0) + lengthMs);
  }
  return Math.max(0, ...sums.values());
}
