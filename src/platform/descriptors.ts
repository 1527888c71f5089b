import { readdirSync } from 'node:fs';
import { libc } from './libc.ts';

const setDescriptorFlags = 2;
const closeOnExec = 1;
let done = false;

/**
 * Keeps descriptors that we were started with from our children. Node does it for low numbers only; everything that we
 * open ourselves is close-on-exec from the beginning, so that once is enough.
 */
export function keepInheritedDescriptors(): void {
  if (done) return;
  done = true;
  for (const fd of openDescriptors()) {
    if (fd > 2) libc().fcntlInt(fd, setDescriptorFlags, closeOnExec);
  }
}

/** The descriptors of this process; empty where there is no /proc. */
export function openDescriptors(): readonly number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number);
  } catch {
    return [];
  }
}
