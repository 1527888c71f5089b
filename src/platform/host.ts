import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** The host's name up to its first dot: the default of --config-id. */
export function shortHostName(): string {
  return hostname().split('.')[0] ?? '';
}

/** The interfaces of the network namespace that this thread is in. */
export function interfaceNames(): ReadonlySet<string> {
  const lines = readFileSync('/proc/thread-self/net/dev', 'utf8').split('\n').slice(2);
  return new Set(lines.flatMap((line) => /^\s*([^:]+):/.exec(line)?.[1] ?? []));
}

/** Whether a program can be run: a path, or a name that is looked for in PATH. */
export function isExecutable(program: string): boolean {
  const folders = (process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin').split(':');
  const candidates = program.includes('/') ? [program] : folders.map((folder) => path.join(folder, program));
  return candidates.some((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return statSync(candidate).isFile();
    } catch {
      return false;
    }
  });
}
