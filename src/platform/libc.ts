import type Koffi from 'koffi';
import { errnoName } from '../netlink/index.ts';
import { requireLazily } from './require-lazily.ts';

/** A pointer or memory that libc may read and write: a Buffer, or the address of memory that does not move. */
type Memory = Uint8Array | bigint | null;

/** The calls that Node has no word for. Each returns what libc returns; `errno()` explains a -1. */
export interface Libc {
  readonly socket: (domain: number, type: number, protocol: number) => number;
  readonly close: (fd: number) => number;
  readonly bind: (fd: number, address: Memory, length: number) => number;
  readonly connect: (fd: number, address: Memory, length: number) => number;
  readonly setsockopt: (fd: number, level: number, option: number, value: Memory, length: number) => number;
  /** `length`: 32 bits, the room for the value, and afterwards what it took. */
  readonly getsockopt: (fd: number, level: number, option: number, value: Memory, length: Memory) => number;
  readonly send: (fd: number, data: Memory, length: number, flags: number) => number;
  readonly sendto: (
    fd: number,
    data: Memory,
    length: number,
    flags: number,
    address: Memory,
    addressLength: number,
  ) => number;
  /** `addressLength`: 32 bits, as in getsockopt. */
  readonly recvfrom: (
    fd: number,
    data: Memory,
    length: number,
    flags: number,
    address: Memory,
    addressLength: Memory,
  ) => number;
  readonly sendmsg: (fd: number, message: Memory, flags: number) => number;
  readonly recvmsg: (fd: number, message: Memory, flags: number) => number;
  readonly epollCreate: (flags: number) => number;
  readonly epollControl: (epoll: number, operation: number, fd: number, event: Memory) => number;
  readonly epollWait: (epoll: number, events: Memory, most: number, timeoutMs: number) => number;
  readonly fcntlPointer: (fd: number, command: number, argument: Memory) => number;
  readonly fcntlInt: (fd: number, command: number, argument: number) => number;
  readonly setns: (fd: number, type: number) => number;
  readonly prctl: (option: number, a: number, b: number, c: number, d: number) => number;
  readonly setScheduler: (pid: number, policy: number, parameter: Memory) => number;
  readonly setAffinity: (pid: number, size: number, mask: Memory) => number;
  readonly lockMemory: (start: bigint, bytes: bigint, flags: number) => number;
  readonly unlockAllMemory: () => number;
  readonly prlimit: (pid: number, resource: number, wanted: Memory, current: Memory) => number;
  readonly interfaceIndex: (name: string) => number;
  readonly makeFifo: (path: string, mode: number) => number;
  /** The errno of the last call, as a name. */
  readonly errno: () => string;
  readonly errnoName: (errno: number) => string;
}

let loadedKoffi: typeof Koffi | undefined;
let loadedLibc: Libc | undefined;

/** Loads koffi at the first use: it costs 10 ms, and programs that open no sockets of their own go without. */
export function koffi(): typeof Koffi {
  loadedKoffi ??= requireLazily('koffi') as typeof Koffi;
  return loadedKoffi;
}

export function libc(): Libc {
  loadedLibc ??= bindLibc();
  return loadedLibc;
}

type NativeFunction = (...parameters: (number | string | Memory)[]) => number;

function bindLibc(): Libc {
  const native = koffi();
  const library = native.load(null);
  // koffi types every function as (...args: any[]) => any; the interface above says what each takes.
  const f = (definition: string): NativeFunction => library.func(definition) as NativeFunction;
  const fcntl = f('int fcntl(int fd, int command, ...)');
  return {
    socket: f('int socket(int domain, int type, int protocol)'),
    close: f('int close(int fd)'),
    bind: f('int bind(int fd, void *address, uint32_t length)'),
    connect: f('int connect(int fd, void *address, uint32_t length)'),
    setsockopt: f('int setsockopt(int fd, int level, int option, void *value, uint32_t length)'),
    getsockopt: f('int getsockopt(int fd, int level, int option, void *value, void *length)'),
    send: f('int64_t send(int fd, void *data, size_t length, int flags)'),
    sendto: f('int64_t sendto(int fd, void *data, size_t length, int flags, void *address, uint32_t addressLength)'),
    recvfrom: f('int64_t recvfrom(int fd, void *data, size_t length, int flags, void *address, void *addressLength)'),
    sendmsg: f('int64_t sendmsg(int fd, void *message, int flags)'),
    recvmsg: f('int64_t recvmsg(int fd, void *message, int flags)'),
    epollCreate: f('int epoll_create1(int flags)'),
    epollControl: f('int epoll_ctl(int epoll, int operation, int fd, void *event)'),
    epollWait: f('int epoll_wait(int epoll, void *events, int most, int timeout)'),
    fcntlPointer: (fd, command, argument) => fcntl(fd, command, 'void *', argument),
    fcntlInt: (fd, command, argument) => fcntl(fd, command, 'int', argument),
    setns: f('int setns(int fd, int type)'),
    prctl: f('int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)'),
    setScheduler: f('int sched_setscheduler(int pid, int policy, void *parameter)'),
    setAffinity: f('int sched_setaffinity(int pid, size_t size, void *mask)'),
    lockMemory: f('int mlock2(void *start, size_t bytes, int flags)'),
    unlockAllMemory: f('int munlockall()'),
    prlimit: f('int prlimit(int pid, int resource, void *wanted, void *current)'),
    interfaceIndex: f('unsigned int if_nametoindex(const char *name)'),
    makeFifo: f('int mkfifo(const char *path, unsigned int mode)'),
    errno: () => nativeErrnoName(native.errno()),
    errnoName: nativeErrnoName,
  };
}

let nativeNames: ReadonlyMap<number, string> | undefined;

function nativeErrnoName(errno: number): string {
  // Of two names for one number the first is the usual one: EAGAIN stands before EWOULDBLOCK.
  nativeNames ??= new Map(
    Object.entries(koffi().os.errno)
      .map(([name, value]) => [value, name] as const)
      .reverse(),
  );
  return nativeNames.get(errno) ?? errnoName(errno);
}

/** Memory at one address for as long as the process lives, for structures that point to each other. */
export interface FixedMemory {
  readonly bytes: Buffer;
  readonly address: bigint;
}

export function fixedMemory(size: number): FixedMemory {
  const native = koffi();
  const address = native.address(native.alloc('uint8_t', size));
  const bytes = Buffer.from(native.view(address, size));
  bytes.fill(0);
  return { bytes, address };
}

/** Calls `readable` on the event loop while the descriptor has something to read; the returned function stops it. */
export function whenReadable(fd: number, readable: () => void): () => void {
  return pollReadable(fd, readable).close;
}

export interface Poll {
  readonly close: () => void;
  /** Whether it keeps the process alive. */
  readonly keepAlive: (yes: boolean) => void;
}

export function pollReadable(fd: number, readable: () => void): Poll {
  const handle = koffi().node.poll(fd, { readable: true }, readable);
  return {
    close: () => {
      handle.close();
    },
    keepAlive: (yes) => {
      if (yes) handle.ref();
      else handle.unref();
    },
  };
}
