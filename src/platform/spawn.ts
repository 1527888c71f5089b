import { constants } from 'node:os';
import { err, ok, type Result } from '../core/index.ts';
import { koffi, libc } from './libc.ts';

/**
 * Starts programs by posix_spawn(3). Node's own way forks, which copies the page tables of all our memory while nothing else
 * runs: 5 ms here, a second in a slow guest, and an advert waits for it.
 */

/** How a program ended: one of both is null. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

interface Native {
  readonly spawn: (pid: number[], file: string, argv: (string | null)[], envp: (string | null)[]) => number;
  readonly wait: (pid: number, status: number[]) => number;
}

const [readOnly, writeOnly] = [0, 1];
/** POSIX_SPAWN_SETSIGDEF, POSIX_SPAWN_SETSIGMASK and glibc's POSIX_SPAWN_SETSID (spawn.h). */
const spawnFlags = 0x04 | 0x08 | 0x80;
/** More than any libc needs for its attributes, actions and sets of signals. */
const roomBytes = 512;
const withoutWaiting = 1;

let loaded: Native | undefined;
const running = new Map<number, (end: ProgramEnd) => void>();
let listening = false;
/** A program that runs keeps the event loop alive, which waiting for a signal does not. */
let alive: NodeJS.Timeout | undefined;

/**
 * Starts a program in a session and process group of its own, in `/`, with /dev/null for its standard streams, no descriptor of
 * ours and the default action of all signals. A bare name is looked for in PATH; a file without `#!` is given to /bin/sh.
 * The error is the name of the errno. `onEnd` is called on the event loop, never before this returns.
 */
export function spawnProgram(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  onEnd: (end: ProgramEnd) => void,
): Result<number> {
  const environment = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  if ([...argv, ...environment].some((text) => text.includes('\0'))) return err('EINVAL');
  const native = bindNative();
  listen();
  const [file = ''] = argv;
  const pid = [0];
  let errno = native.spawn(pid, file, [...argv, null], [...environment, null]);
  if (errno === constants.errno.ENOEXEC)
    errno = native.spawn(pid, '/bin/sh', ['/bin/sh', ...argv, null], [...environment, null]);
  if (errno !== 0) return err(libc().errnoName(errno));
  const started = pid[0] ?? 0;
  running.set(started, onEnd);
  alive ??= setInterval(() => undefined, 0x7fffffff);
  return ok(started);
}

function bindNative(): Native {
  if (loaded !== undefined) return loaded;
  const library = koffi().load(null);
  const call = (definition: string, ...parameters: unknown[]): void => {
    (library.func(definition) as (...all: unknown[]) => unknown)(...parameters);
  };
  const [attributes, actions, signals] = [Buffer.alloc(roomBytes), Buffer.alloc(roomBytes), Buffer.alloc(roomBytes)];
  call('int posix_spawnattr_init(void *attributes)', attributes);
  call('int posix_spawnattr_setflags(void *attributes, short flags)', attributes, spawnFlags);
  call('int sigemptyset(void *set)', signals);
  call('int posix_spawnattr_setsigmask(void *attributes, void *set)', attributes, signals);
  call('int sigfillset(void *set)', signals);
  call('int posix_spawnattr_setsigdefault(void *attributes, void *set)', attributes, signals);
  call('int posix_spawn_file_actions_init(void *actions)', actions);
  const opened =
    'int posix_spawn_file_actions_addopen(void *actions, int fd, const char *path, int flags, uint32_t mode)';
  for (const [fd, mode] of [
    [0, readOnly],
    [1, writeOnly],
    [2, writeOnly],
  ] as const)
    call(opened, actions, fd, '/dev/null', mode, 0);
  call('int posix_spawn_file_actions_addchdir_np(void *actions, const char *path)', actions, '/');
  const spawn = library.func(
    'int posix_spawnp(_Out_ int *pid, const char *file, void *actions, void *attributes, const char **argv, const char **envp)',
  ) as (...parameters: unknown[]) => number;
  const wait = library.func('int waitpid(int pid, _Out_ int *status, int options)') as (
    ...parameters: unknown[]
  ) => number;
  loaded = {
    spawn: (pid, file, argv, envp) => spawn(pid, file, actions, attributes, argv, envp),
    wait: (pid, status) => wait(pid, status, withoutWaiting),
  };
  return loaded;
}

function listen(): void {
  if (listening) return;
  listening = true;
  process.on('SIGCHLD', reap);
}

/** Several ends can be one signal; children of Node are left to Node. */
function reap(): void {
  const native = bindNative();
  for (const [pid, onEnd] of [...running]) {
    const status = [0];
    if (native.wait(pid, status) === 0) continue;
    running.delete(pid);
    onEnd(endOf(status[0] ?? 0));
  }
  if (running.size > 0) return;
  clearInterval(alive);
  alive = undefined;
}

/** The status of wait(2): the signal in the low 7 bits, the exit status above 8. */
function endOf(status: number): ProgramEnd {
  const number = status & 0x7f;
  if (number === 0) return { code: (status >> 8) & 0xff, signal: null };
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return { code: null, signal: name ?? `signal ${String(number)}` };
}
