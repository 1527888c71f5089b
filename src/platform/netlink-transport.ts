import type { RawNetlinkSocket as NativeSocket } from 'netlink/dist/raw.js';
import type { Alarm, Transport } from '../netlink/index.ts';
import { openDescriptors } from './descriptors.ts';
import { libc } from './libc.ts';
import { requireLazily } from './require-lazily.ts';
import { int32, level, option } from './socket-abi.ts';

export const netlinkProtocol = { route: 0, netfilter: 12, generic: 16 } as const;

const receiveBufferBytes = 4 * 1024 * 1024;

/** A socket's receive buffer. */
export interface ReceiveBuffer {
  /** Absent: as much as we think right, beyond the limit net.core.rmem_max where we may. */
  readonly bytes?: number;
  /** Beyond that limit, which CAP_NET_ADMIN allows. */
  readonly force: boolean;
}

export interface JoinableTransport extends Transport {
  /** Joins more multicast groups; throws where the kernel refuses one. */
  readonly join: (groups: readonly number[]) => void;
}

/**
 * Opens a netlink socket in the network namespace of the calling thread and joins the multicast groups. Throws where the
 * kernel refuses the socket or a group.
 */
export function openNetlink(
  protocol: number,
  groups: readonly number[] = [],
  buffer: ReceiveBuffer = { force: false },
): JoinableTransport {
  const { RawNetlinkSocket } = requireLazily('netlink/dist/raw.js') as {
    readonly RawNetlinkSocket: typeof NativeSocket;
  };
  const { bytes = receiveBufferBytes } = buffer;
  const force = buffer.force || buffer.bytes === undefined;
  const { socket, fd } = withDescriptor(
    () => new RawNetlinkSocket(protocol, { recvBufferSize: bytes, sendBufferSize: 256 * 1024 }),
  );
  const drops = fd === undefined ? () => 0 : toleratesOverruns(fd);
  if (fd !== undefined && force)
    libc().setsockopt(fd, level.socket, option.receiveBufferForce, int32(Math.min(bytes, 0x7fffffff)), 4);
  let datagramListener: (datagram: Uint8Array, senderPortId: number, multicast: boolean) => void = () => undefined;
  let lostListener: (reason: string) => void = () => undefined;
  let closed = false;
  let dropsBefore = 0;
  const lost = (reason: string): void => {
    if (closed) return;
    outsideOfTheBinding(() => {
      lostListener(reason);
    });
  };
  socket.on('message', (datagram, info) => {
    if (closed) return;
    // What is dropped finds the buffer full: there is always something left to read behind it.
    const now = drops();
    if (now !== dropsBefore) {
      dropsBefore = now;
      lost('ENOBUFS');
    }
    outsideOfTheBinding(() => {
      datagramListener(datagram, info.port, info.groups !== 0);
    });
  });
  socket.on('truncatedMessage', () => {
    lost('a datagram was cut');
  });
  // Without a listener the binding ends the process.
  socket.on('error', (error) => {
    lost(error.code);
  });
  try {
    for (const group of groups) socket.addMembership(group);
  } catch (error) {
    socket.close();
    throw error;
  }
  return {
    send: (datagram) => {
      if (closed) return { ok: false, error: 'EBADF' };
      socket.send(datagram, { port: 0 }, (error) => {
        if (error !== undefined) lost(error.code);
      });
      return { ok: true };
    },
    onDatagram: (listener) => {
      datagramListener = listener;
    },
    onLost: (listener) => {
      lostListener = listener;
    },
    join: (more) => {
      if (!closed) for (const group of more) socket.addMembership(group);
    },
    close: () => {
      if (closed) return;
      closed = true;
      // The binding uses its handles after the callback in which it is closed, so never close in one.
      setImmediate(() => {
        socket.close();
      });
    },
  };
}

/** An exception that reaches the binding ends the process without a word; thrown a little later it is an ordinary one. */
function outsideOfTheBinding(work: () => void): void {
  try {
    work();
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
}

export const realAlarm: Alarm = {
  after: (delayMs, expired) => {
    const timer = setTimeout(expired, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

const netlinkDomain = 16;
const getDescriptorFlags = 1;

/** The binding keeps its descriptor to itself: it is the netlink socket that was not there before. */
function withDescriptor(open: () => NativeSocket): { readonly socket: NativeSocket; readonly fd: number | undefined } {
  const before = new Set(openDescriptors().filter(isOpen));
  const socket = open();
  const fd = openDescriptors().find((one) => !before.has(one) && domainOf(one) === netlinkDomain);
  return { socket, fd };
}

function domainOf(fd: number): number | undefined {
  const domain = Buffer.alloc(4);
  return libc().getsockopt(fd, level.socket, option.domain, domain, int32(4)) === 0 ? domain.readInt32LE() : undefined;
}

/** The count of drops among the numbers that SO_MEMINFO tells (linux/sock_diag.h). */
const memoryNumbers = { count: 9, drops: 8 } as const;

/**
 * Where an overrun of its buffer is told as ENOBUFS, the binding ends the process. So it is told as no error; the function that is
 * returned says how many messages the kernel has dropped so far.
 */
function toleratesOverruns(fd: number): () => number {
  libc().setsockopt(fd, level.netlink, option.netlinkNoEnobufs, int32(1), 4);
  const numbers = Buffer.alloc(4 * memoryNumbers.count);
  const length = int32(numbers.length);
  return () => {
    length.writeInt32LE(numbers.length);
    if (libc().getsockopt(fd, level.socket, option.memoryInfo, numbers, length) !== 0) return 0;
    return numbers.readUInt32LE(4 * memoryNumbers.drops);
  };
}

/** The folder of descriptors was one of them while it was read, and its number is free again. */
function isOpen(fd: number): boolean {
  return libc().fcntlInt(fd, getDescriptorFlags, 0) >= 0;
}
