import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { err, ok, type Result } from '../core/index.ts';
import { libc } from './libc.ts';
import { errorCode } from './system-error.ts';

const cloneNewNet = 0x40000000;
const setParentDeathSignal = 1;
const roundRobin = 2;
/** Children start with the normal policy: a script must not run with real-time priority. */
const resetOnFork = 0x40000000;
const resource = { coreBytes: 4, openFiles: 7, lockedBytes: 8, realTimeMicroseconds: 15 } as const;
const unlimited = 2n ** 64n - 1n;

/**
 * Moves the calling (main) thread into /run/netns/NAME: every socket, /proc/sys/net and child process from now on is
 * there. Threads that run already stay behind, which concerns name resolution only; processes started afterwards are whole.
 */
export function enterNetworkNamespace(name: string, directory = '/run/netns'): Result<void> {
  if (name === '' || name.includes('/') || name === '.' || name === '..') {
    return err(`'${name}' is not a name of a network namespace`);
  }
  const path = `${directory}/${name}`;
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    const code = errorCode(error);
    return err(
      `network namespace ${name}: ${path} cannot be opened: ${code === 'ENOENT' ? 'it does not exist' : code}`,
    );
  }
  const c = libc();
  const status = c.setns(fd, cloneNewNet);
  const errno = status === 0 ? '' : c.errno();
  closeSync(fd);
  return status === 0 ? ok(undefined) : err(`network namespace ${name} cannot be entered: ${errno}`);
}

const ownNamespace = '/proc/self/ns/net';

/** Does `work` in the network namespace of `path` and comes back: sockets that it opens stay there. */
export function insideNetworkNamespace<T>(path: string, work: () => T): Result<T> {
  const fds: number[] = [];
  try {
    for (const file of [ownNamespace, path]) fds.push(openSync(file, 'r'));
    const [home = -1, there = -1] = fds;
    const c = libc();
    if (c.setns(there, cloneNewNet) !== 0)
      return err(`network namespace ${path} cannot be entered: ${c.errno()} (CAP_SYS_ADMIN is needed)`);
    const outcome = attempt(path, work);
    return c.setns(home, cloneNewNet) === 0 ? outcome : err(`there is no way back from network namespace ${path}`);
  } catch (error) {
    const code = errorCode(error);
    return err(`network namespace ${path}: ${code === 'ENOENT' ? 'it does not exist' : code}`);
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}

function attempt<T>(path: string, work: () => T): Result<T> {
  try {
    return ok(work());
  } catch (error) {
    return err(`in network namespace ${path}: ${errorCode(error)}`);
  }
}

/** Sends us `signal` (a number) when the process that started us ends. */
export function dieWithParent(signal = 15): Result<void> {
  const c = libc();
  return c.prctl(setParentDeathSignal, signal, 0, 0, 0) === 0 ? ok(undefined) : err(`PR_SET_PDEATHSIG: ${c.errno()}`);
}

/** The name that ps and killall know (comm): at most 15 bytes, longer ones are cut. */
export function setProcessName(name: string): Result<void> {
  try {
    writeFileSync('/proc/self/comm', name.slice(0, 15));
    return ok(undefined);
  } catch (error) {
    return err(`process name '${name}' cannot be set: ${errorCode(error)}`);
  }
}

/**
 * By which of its names this program was started. A launcher that hands over to Node does so by a script of its own name; parts have the
 * name as their first word.
 */
export function programName(
  first: string = process.argv0,
  script: string = process.argv[1] ?? '',
): 'keepalived' | 'watchkeeper' {
  const isKeepalived = [first, script].some((word) => basename(word) === 'keepalived');
  return isKeepalived ? 'keepalived' : 'watchkeeper';
}

/**
 * Started as keepalived we are found as it: ps, pidof and pgrep -f see its command line, ps and killall its name. Otherwise the command line
 * stays, and the name is ours.
 */
export function showProgram(words: readonly string[]): void {
  const name = programName();
  if (name === 'keepalived') process.title = [keepalivedPath, ...words].join(' ');
  setProcessName(name);
}

const keepalivedPath = '/usr/sbin/keepalived';

/** The first word of a part's command line. */
export function partTitle(part: string): string {
  return programName() === 'keepalived' ? keepalivedPath : `watchkeeper: ${part}`;
}

/** -20 (most favoured) to 19. */
export function setNice(nice: number): Result<void> {
  try {
    setPriority(0, nice);
    return ok(undefined);
  } catch (error) {
    return err(`priority ${String(nice)} cannot be set: ${errorCode(error)}`);
  }
}

/** Runs the main thread under SCHED_RR with priority 1 to 99; other threads and children keep the normal policy. */
export function setRealTimePriority(priority: number): Result<void> {
  const c = libc();
  const parameter = Buffer.alloc(4);
  parameter.writeInt32LE(priority);
  if (c.setScheduler(0, roundRobin | resetOnFork, parameter) === 0) return ok(undefined);
  return err(`real-time priority ${String(priority)} cannot be set: ${c.errno()} (CAP_SYS_NICE is needed)`);
}

/** A real-time thread that runs this much longer than its limit holds up all others: the kernel ends it. */
const realTimePatience = 5_000_000n;

/** How long a real-time thread may run without sleeping until SIGXCPU comes (RLIMIT_RTTIME); 5 s later it is killed. */
export function setRealTimeLimit(microseconds: number): Result<void> {
  return setLimit(resource.realTimeMicroseconds, 'real-time limit', BigInt(microseconds), realTimePatience);
}

/** Raises the number of descriptors that may be open; never lowers it. */
export function raiseOpenFiles(count: number): Result<void> {
  const current = readLimit(resource.openFiles);
  if (current !== undefined && current >= BigInt(count)) return ok(undefined);
  return setLimit(resource.openFiles, 'limit of open files', BigInt(count));
}

/** Core dumps of any size, of this process and of those that it starts. */
export function allowCoreDumps(): Result<void> {
  return setLimit(resource.coreBytes, 'limit of core dumps', unlimited);
}

/** Whether any amount of memory may be locked; the limit is raised for it. */
export function mayLockMemory(): boolean {
  if (hasCapability('CAP_IPC_LOCK') || readLimit(resource.lockedBytes) === unlimited) return true;
  return setLimit(resource.lockedBytes, 'limit of locked memory', unlimited).ok;
}

function readLimit(kind: number): bigint | undefined {
  const current = Buffer.alloc(16);
  return libc().prlimit(0, kind, null, current) === 0 ? current.readBigUInt64LE(0) : undefined;
}

/** `above`: how far the hard limit is at most above it; unless said it is not touched. */
function setLimit(kind: number, what: string, value: bigint, above = unlimited - value): Result<void> {
  const c = libc();
  const current = Buffer.alloc(16);
  const hard = c.prlimit(0, kind, null, current) === 0 ? current.readBigUInt64LE(8) : unlimited;
  const wanted = Buffer.alloc(16);
  wanted.writeBigUInt64LE(value, 0);
  const highest = value + above;
  wanted.writeBigUInt64LE(hard <= value ? value : hard < highest ? hard : highest, 8);
  if (c.prlimit(0, kind, wanted, null) === 0) return ok(undefined);
  return err(`${what} ${String(value)} cannot be set: ${c.errno()} (CAP_SYS_RESOURCE is needed above ${String(hard)})`);
}

/** linux/capability.h */
const capabilityBits = {
  CAP_KILL: 5,
  CAP_SETGID: 6,
  CAP_SETUID: 7,
  CAP_NET_BIND_SERVICE: 10,
  CAP_NET_BROADCAST: 11,
  CAP_NET_ADMIN: 12,
  CAP_NET_RAW: 13,
  CAP_IPC_LOCK: 14,
  CAP_SYS_MODULE: 16,
  CAP_SYS_ADMIN: 21,
  CAP_SYS_NICE: 23,
  CAP_SYS_RESOURCE: 24,
} as const;
export type Capability = keyof typeof capabilityBits;

/** Whether the capability is effective now. */
export function hasCapability(name: Capability, status: string = ownStatus()): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return effective !== undefined && ((BigInt(`0x${effective}`) >> BigInt(capabilityBits[name])) & 1n) === 1n;
}

function ownStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return '';
  }
}
