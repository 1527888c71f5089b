import type { RawNetlinkSocket as NativeSocket } from 'netlink/dist/raw.js';
import type { Alarm, Transport } from '../netlink/index.ts';
import { requireLazily } from './require-lazily.ts';

export const netlinkProtocol = { route: 0, generic: 16 } as const;

const receiveBufferBytes = 4 * 1024 * 1024;

/** Opens a netlink socket in the network namespace of the calling thread and joins the multicast groups. */
export function openNetlink(protocol: number, groups: readonly number[] = []): Transport {
  const { RawNetlinkSocket } = requireLazily('netlink/dist/raw.js') as {
    readonly RawNetlinkSocket: typeof NativeSocket;
  };
  const socket = new RawNetlinkSocket(protocol, { recvBufferSize: receiveBufferBytes, sendBufferSize: 256 * 1024 });
  for (const group of groups) socket.addMembership(group);
  let datagramListener: (datagram: Uint8Array, senderPortId: number) => void = () => undefined;
  let lostListener: (reason: string) => void = () => undefined;
  let closed = false;
  socket.on('message', (datagram, info) => {
    datagramListener(datagram, info.port);
  });
  socket.on('truncatedMessage', () => {
    lostListener('a datagram was cut');
  });
  socket.on('error', (error) => {
    lostListener(error.code);
  });
  return {
    send: (datagram) => {
      if (closed) return { ok: false, error: 'EBADF' };
      socket.send(datagram, { port: 0 }, (error) => {
        if (error !== undefined) lostListener(error.code);
      });
      return { ok: true };
    },
    onDatagram: (listener) => {
      datagramListener = listener;
    },
    onLost: (listener) => {
      lostListener = listener;
    },
    close: () => {
      if (closed) return;
      closed = true;
      socket.close();
    },
  };
}

export const realAlarm: Alarm = {
  after: (delayMs, expired) => {
    const timer = setTimeout(expired, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
