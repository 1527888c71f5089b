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
  let descriptors: number[];
  try {
    descriptors = readdirSync('/proc/self/fd').map(Number);
  } catch {
    return;
  }
  for (const fd of descriptors) {
    if (fd > 2) libc().fcntlInt(fd, setDescriptorFlags, closeOnExec);
  }
}
