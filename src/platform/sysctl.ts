import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { err, ok, type Result } from '../core/index.ts';
import { libc } from './libc.ts';
import { errorCode } from './system-error.ts';

/**
 * Kernel settings of the network namespace that the main thread is in (synchronous on purpose: worker threads may be
 * in another). A key is a list of names, since interface names may hold dots and slashes are refused:
 * `['net', 'ipv4', 'conf', 'eth0.10', 'arp_ignore']`.
 */
export function readSysctl(key: readonly string[]): Result<string> {
  const path = sysctlPath(key);
  if (!path.ok) return path;
  try {
    return ok(readFileSync(path.value, 'utf8').trim());
  } catch (error) {
    return err(`${path.value} cannot be read: ${errorCode(error)}`);
  }
}

export function writeSysctl(key: readonly string[], value: string): Result<void> {
  const path = sysctlPath(key);
  if (!path.ok) return path;
  let fd: number | undefined;
  try {
    fd = openSync(path.value, constants.O_WRONLY | constants.O_NOFOLLOW);
    writeSync(fd, value);
    return ok(undefined);
  } catch (error) {
    return err(`${path.value} cannot be set to '${value}': ${errorCode(error)}`);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function sysctlPath(key: readonly string[]): Result<string> {
  const bad = key.find((part) => part === '' || part === '.' || part === '..' || /[/\0]/.test(part));
  if (bad !== undefined || key.length === 0) return err(`'${key.join('/')}' is not the name of a kernel setting`);
  return ok(`/proc/sys/${key.join('/')}`);
}

/** The index of an interface in the network namespace that the main thread is in. */
export function interfaceIndex(ifname: string): Result<number> {
  const index = ifname.includes('\0') ? 0 : libc().interfaceIndex(ifname);
  return index === 0 ? err(`interface ${ifname} does not exist`) : ok(index);
}
