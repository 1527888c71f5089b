import { err, ok, type Result } from '../core/index.ts';
import { readSysctl, writeSysctl } from './sysctl.ts';

const setting = ['kernel', 'core_pattern'] as const;
/** Of kernel.core_pattern, with its final NUL (linux/binfmts.h). */
const longestPattern = 127;

/** How the whole machine names core dumps from now on; the returned function puts back what was before, where it is still ours. */
export function setCorePattern(pattern: string): Result<() => Result<void>> {
  // The kernel takes an empty one for none at all, and cuts a long one.
  if (pattern === '' || pattern.length > longestPattern || /[\0\n]/.test(pattern))
    return err(`'${pattern}' is no pattern of core dumps: it takes 1 to ${String(longestPattern)} characters`);
  const before = readSysctl(setting);
  if (!before.ok) return before;
  const written = writeSysctl(setting, pattern);
  if (!written.ok) return written;
  return ok(() => {
    const now = readSysctl(setting);
    return now.ok && now.value === pattern ? writeSysctl(setting, before.value) : ok(undefined);
  });
}
