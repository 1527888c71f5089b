import type { LvsConfig } from '../config/index.ts';
import { raiseOpenFiles } from '../platform/index.ts';
import type { Log } from './messages.ts';

/** Descriptors besides those of the checks. */
const spare = 256;

/** As many as there are checks may run at once, each with a socket, or the pipes of a program. */
export function descriptorsFor({ virtualServers }: LvsConfig): number {
  const checks = virtualServers.reduce(
    (sum, { realServers }) => realServers.reduce((inner, { checkers }) => inner + checkers.length, sum),
    0,
  );
  return 2 * checks + spare;
}

/** Sees to it that each check of a configuration can have its descriptors: at the start, and at a reload. */
export function raiseDescriptors(config: LvsConfig, log: Log): void {
  const raised = raiseOpenFiles(descriptorsFor(config));
  if (!raised.ok) log('warning', raised.error);
}
