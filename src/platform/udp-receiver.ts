import { err, ok, type IpFamily, type Result } from '../core/index.ts';
import { libc } from './libc.ts';
import { receiveMessages, wayOf, type DatagramWay } from './message-receiver.ts';
import { openSocket } from './raw-socket.ts';
import { addressFamily, level, option, socketAddressSize, socketType } from './socket-abi.ts';
import { socketError, type SocketError } from './socket-error.ts';

/** A datagram with what only the kernel knows of its way. */
export interface UdpDatagram extends DatagramWay {
  readonly payload: Uint8Array;
}

export interface UdpReceiver {
  readonly close: () => void;
}

export interface UdpReceiverOptions {
  readonly family: IpFamily;
  readonly port: number;
  /** Longer datagrams are dropped. */
  readonly longestBytes: number;
  readonly onDatagram: (datagram: UdpDatagram) => void;
  /** The receiver is closed. */
  readonly onError: (error: SocketError) => void;
}

/** Receives what comes to a port on any address, with TTL and destination, which Node's own sockets do not tell. */
export function openUdpReceiver(options: UdpReceiverOptions): Result<UdpReceiver, SocketError> {
  const { family, port } = options;
  const v4 = family === 'ipv4';
  const what = `UDP port ${String(port)} (${family})`;
  const at = v4 ? level.ipv4 : level.ipv6;
  const kind = { family: addressFamily[family], type: socketType.datagram, protocol: 0 };
  const opened = openSocket(what, kind, [
    ...(v4 ? [] : [{ does: 'leave IPv4 to another socket', level: at, name: option.ipv6Only, value: 1 }]),
    {
      does: 'ask for destinations',
      level: at,
      name: v4 ? option.ipPacketInfo : option.ipv6ReceivePacketInfo,
      value: 1,
    },
    { does: 'ask for hop limits', level: at, name: v4 ? option.ipReceiveTtl : option.ipv6ReceiveHopLimit, value: 1 },
  ]);
  if (!opened.ok) return opened;
  const fd = opened.value;
  const address = Buffer.alloc(socketAddressSize[family]);
  address.writeUInt16LE(addressFamily[family], 0);
  address.writeUInt16BE(port, 2);
  if (libc().bind(fd, address, address.length) !== 0) {
    const errno = libc().errno();
    libc().close(fd);
    return err(socketError(what, 'bind', errno));
  }
  const { close } = receiveMessages({
    what,
    fd,
    longestBytes: options.longestBytes,
    read: (message) => {
      const way = wayOf(message, family);
      return way === undefined ? undefined : { ...way, payload: Uint8Array.from(message.data) };
    },
    onMessage: options.onDatagram,
    onError: options.onError,
  });
  return ok({ close });
}
