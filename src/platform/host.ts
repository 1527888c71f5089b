import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** The host's name up to its first dot: the default of --config-id. */
export function shortHostName(): string {
  return hostname().split('.')[0] ?? '';
}

/** The interfaces of the network namespace that this thread is in. */
export function interfaceNames(): ReadonlySet<string> {
  const lines = readFileSync('/proc/thread-self/net/dev', 'utf8').split('\n').slice(2);
  return new Set(lines.flatMap((line) => /^\s*([^:]+):/.exec(line)?.[1] ?? []));
}
