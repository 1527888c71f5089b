import { libc } from './libc.ts';

/** mkfifo(3); throws an error with a `code` where it fails. */
export function makeFifo(path: string, mode: number): void {
  const c = libc();
  if (c.makeFifo(path, mode) === 0) return;
  const code = c.errno();
  throw Object.assign(new Error(`FIFO ${path} cannot be made: ${code}`), { code });
}
