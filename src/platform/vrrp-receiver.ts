import { err, ipFromBytes, ok, type IpAddress, type IpFamily, type Result } from '../core/index.ts';
import { fixedMemory, libc, whenReadable } from './libc.ts';
import { openSocket, type SocketOption } from './raw-socket.ts';
import {
  addressFamily,
  findControl,
  level,
  membership,
  messageFlag,
  messageHeaderSize,
  option,
  socketType,
  writeMessageHeader,
} from './socket-abi.ts';
import { socketError, type SocketError } from './socket-error.ts';

/** So many packets are taken at one wake-up; the rest waits for the next, so that a flood holds up no timer. */
const packetsPerWakeUp = 64;
/** More than any MTU of a link that VRRP runs on; longer datagrams are dropped. */
const maxDatagramBytes = 9216;

export interface VrrpPacket {
  readonly ifname: string;
  readonly ifindex: number;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** TTL or hop limit. */
  readonly ttl: number;
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
  readonly close: () => void;
}

/** Receives an IP protocol on one interface; opened anew with the new ifindex when an interface comes back. */
export function openVrrpReceiver(options: VrrpReceiverOptions): Result<VrrpReceiver, SocketError> {
  const { family, ifindex, ifname, protocol } = options;
  const what = `VRRP receiver (${protocol === 51 ? 'AH' : family}) on ${ifname}`;
  const kind = { family: addressFamily[family], type: socketType.raw, protocol };
  const opened = openSocket(what, kind, receiverOptions(options));
  if (!opened.ok) return err(opened.error);
  const fd = opened.value;
  let stopWatching: () => void = () => undefined;
  let closed = false;
  const close = (): void => {
    if (closed) return;
    closed = true;
    stopWatching();
    libc().close(fd);
  };
  stopWatching = whenReadable(fd, () => {
    for (let count = 0; count < packetsPerWakeUp && !closed; count++) {
      const received = receive(fd, family);
      if (received === 'nothing') return;
      if (received === 'unusable') continue;
      if (typeof received === 'string') {
        close();
        options.onError(socketError(what, 'receive', received));
        return;
      }
      const { header, ...packet } = received;
      options.onPacket({ ifname, ifindex, ...packet, ...(protocol === 51 ? { header } : {}) });
    }
  });
  return ok({ ifindex, close });
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

/** One set of buffers serves every receiver: a datagram is taken and copied before the next is asked for. */
interface ReceiveBuffers {
  readonly header: ReturnType<typeof fixedMemory>;
  readonly name: ReturnType<typeof fixedMemory>;
  readonly vector: ReturnType<typeof fixedMemory>;
  readonly control: ReturnType<typeof fixedMemory>;
  readonly data: ReturnType<typeof fixedMemory>;
}
let buffers: ReceiveBuffers | undefined;

function receiveBuffers(): ReceiveBuffers {
  if (buffers !== undefined) return buffers;
  buffers = {
    header: fixedMemory(messageHeaderSize),
    name: fixedMemory(28),
    vector: fixedMemory(16),
    control: fixedMemory(256),
    data: fixedMemory(maxDatagramBytes),
  };
  buffers.vector.bytes.writeBigUInt64LE(buffers.data.address, 0);
  buffers.vector.bytes.writeBigUInt64LE(BigInt(maxDatagramBytes), 8);
  return buffers;
}

type Received = Pick<VrrpPacket, 'source' | 'destination' | 'ttl' | 'payload'> & { readonly header: Uint8Array };

/** A string that is neither 'nothing' nor 'unusable' is an errno. */
function receive(fd: number, family: IpFamily): Received | string {
  const { header, name, vector, control, data } = receiveBuffers();
  const c = libc();
  // The kernel overwrites the lengths at each call.
  writeMessageHeader(header.bytes, {
    name: name.address,
    nameLength: name.bytes.length,
    vector: vector.address,
    control: control.address,
    controlLength: control.bytes.length,
  });
  const length = c.recvmsg(fd, header.address, messageFlag.dontWait);
  if (length < 0) {
    const errno = c.errno();
    return errno === 'EAGAIN' || errno === 'EWOULDBLOCK' ? 'nothing' : errno === 'EINTR' ? 'unusable' : errno;
  }
  if ((header.bytes.readInt32LE(48) & messageFlag.truncated) !== 0) return 'unusable';
  return family === 'ipv4'
    ? (splitIpv4(data.bytes.subarray(0, length)) ?? 'unusable')
    : (joinIpv6(data.bytes.subarray(0, length), name.bytes, control.bytes, header.bytes) ?? 'unusable');
}

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
function joinIpv6(payload: Uint8Array, name: Buffer, control: Buffer, header: Buffer): Received | undefined {
  const controlLength = Number(header.readBigUInt64LE(40));
  const info = findControl(control, controlLength, level.ipv6, option.ipv6PacketInfo, 20);
  const hops = findControl(control, controlLength, level.ipv6, option.ipv6HopLimit, 4);
  if (info === undefined || hops === undefined) return undefined;
  return {
    source: ipFromBytes(name.subarray(8, 24)),
    destination: ipFromBytes(control.subarray(info, info + 16)),
    ttl: control.readInt32LE(hops),
    payload: Uint8Array.from(payload),
    header: new Uint8Array(0),
  };
}
