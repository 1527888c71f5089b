import { err, ok, type IpAddress, type Result } from '../core/index.ts';
import { libc, whenReadable } from './libc.ts';
import { openPingEnds } from './ping-groups.ts';
import { messageFlag, readSocketAddress } from './socket-abi.ts';
import { openEnds, type SocketEnds, type SocketFailure } from './socket-ends.ts';

/** A datagram socket that is connected to one other end. */
export interface DatagramSocket {
  readonly send: (bytes: Uint8Array) => Result<void, SocketFailure>;
  readonly close: () => void;
}

export interface DatagramEvents {
  /** A copy of what came. ICMP without the header of IP; its source may be anybody. */
  readonly onDatagram: (bytes: Uint8Array, source: IpAddress) => void;
  /** The other end or the way to it has refused (ICMP); nothing more comes. */
  readonly onError: (failure: SocketFailure) => void;
}

/** So many are taken at one wake-up; the rest waits for the next, so that a flood holds up nothing else. */
const datagramsPerWakeUp = 16;
/** No IP packet is longer. */
const room = Buffer.alloc(65_536);
const name = Buffer.alloc(28);
const nameLength = Buffer.alloc(4);

export function openUdp(ends: SocketEnds, events: DatagramEvents): Result<DatagramSocket, SocketFailure> {
  return served(openEnds('udp', ends), events);
}

/** ICMP echo: what is sent and comes is a message of ICMP or ICMPv6, whose identifier and checksum are the kernel's business. */
export function openPing(ends: SocketEnds, events: DatagramEvents): Result<DatagramSocket, SocketFailure> {
  return served(openPingEnds(ends), events);
}

function served(opened: Result<number, SocketFailure>, events: DatagramEvents): Result<DatagramSocket, SocketFailure> {
  if (!opened.ok) return opened;
  const fd = opened.value;
  const c = libc();
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    stopWatching();
    c.close(fd);
  };
  const stopWatching = whenReadable(fd, () => {
    for (let count = 0; count < datagramsPerWakeUp && open; count++) {
      nameLength.writeUInt32LE(name.length);
      const length = c.recvfrom(fd, room, room.length, messageFlag.dontWait, name, nameLength);
      if (length >= 0) {
        const source = readSocketAddress(name);
        if (source !== undefined) events.onDatagram(Uint8Array.from(room.subarray(0, length)), source);
        continue;
      }
      const code = c.errno();
      if (code === 'EINTR') continue;
      // An error that woke us is the socket's and read by the first call.
      if (code === 'EAGAIN') return;
      close();
      events.onError({ code, here: false });
    }
  });
  return ok({
    send: (bytes) => {
      const sent = c.send(fd, bytes, bytes.length, messageFlag.dontWait | messageFlag.noSignal);
      if (sent >= 0) return ok(undefined);
      const code = c.errno();
      return err({ code, here: code === 'ENOBUFS' || code === 'EAGAIN' });
    },
    close,
  });
}
