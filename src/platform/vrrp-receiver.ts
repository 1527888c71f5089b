import { err, ipFromBytes, ok, type IpAddress, type IpFamily, type Result } from '../core/index.ts';
import {
  longestDatagramBytes,
  receiveMessages,
  wayOf,
  type DatagramWay,
  type ReceivedMessage,
} from './message-receiver.ts';
import { openSocket, type SocketOption } from './raw-socket.ts';
import { addressFamily, level, membership, option, socketType } from './socket-abi.ts';
import type { SocketError } from './socket-error.ts';

export interface VrrpPacket extends DatagramWay {
  readonly ifname: string;
  readonly ifindex: number;
  /** What follows the IP header; a copy. */
  readonly payload: Uint8Array;
  /** The IPv4 header itself, where the receiver is of the authentication header. */
  readonly header?: Uint8Array;
}

export interface VrrpReceiverOptions {
  readonly ifname: string;
  readonly ifindex: number;
  readonly family: IpFamily;
  /** VRRP, or over IPv4 the authentication header (RFC 2402). */
  readonly protocol: 112 | 51;
  /** Multicast groups to join; none for unicast only. */
  readonly groups: readonly IpAddress[];
  /** SO_RCVBUF; the kernel's default where it is not given. */
  readonly receiveBufferBytes?: number;
  readonly onPacket: (packet: VrrpPacket) => void;
  /** The socket stopped working and has been closed: open a new one when the interface is usable. */
  readonly onError: (error: SocketError) => void;
}

export interface VrrpReceiver {
  readonly ifindex: number;
  /** As MessageReceiver has it. */
  readonly readAll: () => void;
  readonly close: () => void;
}

/** Receives an IP protocol on one interface; opened anew with the new ifindex when an interface comes back. */
export function openVrrpReceiver(options: VrrpReceiverOptions): Result<VrrpReceiver, SocketError> {
  const { family, ifindex, ifname, protocol } = options;
  const what = `VRRP receiver (${protocol === 51 ? 'AH' : family}) on ${ifname}`;
  const kind = { family: addressFamily[family], type: socketType.raw, protocol };
  const opened = openSocket(what, kind, receiverOptions(options));
  if (!opened.ok) return err(opened.error);
  const receiver = receiveMessages({
    what,
    fd: opened.value,
    longestBytes: longestDatagramBytes,
    read: family === 'ipv4' ? ({ data }) => splitIpv4(data) : joinIpv6,
    onMessage: ({ header, ...packet }) => {
      options.onPacket({ ifname, ifindex, ...packet, ...(protocol === 51 && header !== undefined ? { header } : {}) });
    },
    onError: options.onError,
  });
  return ok({ ifindex, ...receiver });
}

function receiverOptions(options: VrrpReceiverOptions): SocketOption[] {
  const { family, ifname, ifindex } = options;
  const v4 = family === 'ipv4';
  const at = v4 ? level.ipv4 : level.ipv6;
  const device = Buffer.from(`${ifname}\0`);
  const bufferBytes = options.receiveBufferBytes;
  return [
    { does: 'bind to the interface', level: level.socket, name: option.bindToDevice, value: device },
    ...(bufferBytes === undefined
      ? []
      : [{ does: 'set the buffer', level: level.socket, name: option.receiveBuffer, value: bufferBytes }]),
    // Only our own groups: without it the kernel hands over what any process on the host has joined.
    {
      does: 'limit multicast',
      level: at,
      name: v4 ? option.ipMulticastAll : option.ipv6MulticastAll,
      value: 0,
    },
    ...(v4
      ? []
      : [
          { does: 'ask for destinations', level: at, name: option.ipv6ReceivePacketInfo, value: 1 },
          { does: 'ask for hop limits', level: at, name: option.ipv6ReceiveHopLimit, value: 1 },
        ]),
    ...options.groups.map((group) => ({
      does: `join ${group}`,
      level: at,
      name: v4 ? option.ipAddMembership : option.ipv6AddMembership,
      value: membership(group, ifindex),
    })),
  ];
}

type Received = Omit<VrrpPacket, 'ifname' | 'ifindex'>;

/** An IPv4 raw socket delivers the whole datagram. */
export function splitIpv4(datagram: Uint8Array): Received | undefined {
  const first = datagram[0] ?? 0;
  const headerLength = (first & 0x0f) * 4;
  if (first >> 4 !== 4 || headerLength < 20 || datagram.length < headerLength) return undefined;
  return {
    source: ipFromBytes(datagram.subarray(12, 16)),
    destination: ipFromBytes(datagram.subarray(16, 20)),
    ttl: datagram[8] ?? 0,
    payload: Uint8Array.from(datagram.subarray(headerLength)),
    header: Uint8Array.from(datagram.subarray(0, headerLength)),
  };
}

/** An IPv6 raw socket delivers the payload; the rest comes as address and control messages. */
function joinIpv6(message: ReceivedMessage): Received | undefined {
  const way = wayOf(message, 'ipv6');
  return way === undefined ? undefined : { ...way, payload: Uint8Array.from(message.data) };
}
