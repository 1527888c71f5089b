import { err, ok, type Result } from '../core/index.ts';
import { libc } from './libc.ts';
import { openSocket } from './raw-socket.ts';
import { addressFamily, messageFlag, socketType } from './socket-abi.ts';
import { socketError, type SocketError } from './socket-error.ts';

export interface LinkSender {
  /** Sends one whole Ethernet frame (14-byte header included), never waiting. */
  readonly send: (ifname: string, ifindex: number, frame: Uint8Array) => Result<void, SocketError>;
  readonly close: () => void;
}

/** A packet socket of protocol 0: it sends and receives nothing. */
export function openLinkSender(): Result<LinkSender, SocketError> {
  const what = 'link frames';
  const opened = openSocket(what, { family: addressFamily.packet, type: socketType.raw, protocol: 0 }, []);
  if (!opened.ok) return err(opened.error);
  const fd = opened.value;
  // struct sockaddr_ll (linux/if_packet.h).
  const address = Buffer.alloc(20);
  address.writeUInt16LE(addressFamily.packet, 0);
  address.writeUInt8(6, 11);
  let closed = false;
  return ok({
    send: (ifname, ifindex, frame) => {
      const where = `${what} on ${ifname}`;
      if (closed) return err(socketError(where, 'send', 'EBADF'));
      if (frame.length < 14) return err(socketError(where, 'send', 'EINVAL'));
      // sll_protocol and the destination come from the frame's own header, in the order in which they are there.
      address.set(frame.subarray(12, 14), 2);
      address.writeInt32LE(ifindex, 4);
      address.set(frame.subarray(0, 6), 12);
      const c = libc();
      const sent = c.sendto(fd, frame, frame.length, messageFlag.dontWait, address, address.length);
      return sent < 0 ? err(socketError(where, 'send', c.errno())) : ok(undefined);
    },
    close: () => {
      if (closed) return;
      closed = true;
      libc().close(fd);
    },
  });
}
