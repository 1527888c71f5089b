import { err, ipToBytes, ok, type IpAddress, type IpFamily, type Result } from '../core/index.ts';
import { fixedMemory, libc } from './libc.ts';
import { openSocket, type SocketOption } from './raw-socket.ts';
import {
  addressFamily,
  level,
  messageFlag,
  messageHeaderSize,
  option,
  socketType,
  writeControl,
  writeMessageHeader,
  writeSize,
  writeSocketAddress,
} from './socket-abi.ts';
import { socketError, type SocketError } from './socket-error.ts';

const protocolRaw = 255;
const protocolVrrp = 112;
const protocolIcmpv6 = 58;
const internetworkControl = 0xc0;
const maxDatagramBytes = 9216;

export interface RawPacket {
  readonly ifname: string;
  /** The interface to leave by; 0: let the routing table decide. */
  readonly ifindex: number;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** Hop limit of an IPv6 packet; an IPv4 header has it already. */
  readonly ttl: number;
  /** IPv4: the whole datagram with its header. IPv6: what follows the header. */
  readonly bytes: Uint8Array;
}

/** One socket for all interfaces of a family: an interface that goes makes a `send` fail and nothing else. */
export interface RawSender {
  /** Hands the packet to the kernel, never waiting. */
  readonly send: (packet: RawPacket) => Result<void, SocketError>;
  readonly close: () => void;
}

/** Sends adverts. Our own multicast is not looped back to us. */
export function openVrrpSender(family: IpFamily): Result<RawSender, SocketError> {
  const what = `VRRP sender (${family})`;
  const v4 = family === 'ipv4';
  return openSender(what, family, v4 ? protocolRaw : protocolVrrp, [
    ...(v4 ? [{ does: 'include the IP header', level: level.ipv4, name: option.ipHeaderIncluded, value: 1 }] : []),
    {
      does: 'switch the multicast loop off',
      level: v4 ? level.ipv4 : level.ipv6,
      name: v4 ? option.ipMulticastLoop : option.ipv6MulticastLoop,
      value: 0,
    },
    ...(v4
      ? []
      : [{ does: 'set the class', level: level.ipv6, name: option.ipv6TrafficClass, value: internetworkControl }]),
  ]);
}

/** Sends ICMPv6 messages (unsolicited neighbour advertisements), whose checksum the kernel fills in; it receives none. */
export function openIcmpv6Sender(): Result<RawSender, SocketError> {
  const blockAll = new Uint8Array(32).fill(0xff);
  return openSender('ICMPv6 sender', 'ipv6', protocolIcmpv6, [
    { does: 'filter', level: level.icmpv6, name: option.icmpv6Filter, value: blockAll },
    { does: 'switch the multicast loop off', level: level.ipv6, name: option.ipv6MulticastLoop, value: 0 },
    // The kernel's own advertisements have none either.
    { does: 'switch flow labels off', level: level.ipv6, name: option.ipv6AutoFlowLabel, value: 0 },
  ]);
}

function openSender(
  what: string,
  family: IpFamily,
  protocol: number,
  options: readonly SocketOption[],
): Result<RawSender, SocketError> {
  // A sender of IPv6 adverts would be handed every advert too: the smallest buffer drops them at once.
  const all = [{ does: 'set the buffer', level: level.socket, name: option.receiveBuffer, value: 1 }, ...options];
  const opened = openSocket(what, { family: addressFamily[family], type: socketType.raw, protocol }, all);
  if (!opened.ok) return err(opened.error);
  const fd = opened.value;
  const header = fixedMemory(messageHeaderSize);
  const name = fixedMemory(28);
  const vector = fixedMemory(16);
  const control = fixedMemory(64);
  const data = fixedMemory(maxDatagramBytes);
  vector.bytes.writeBigUInt64LE(data.address, 0);
  let closed = false;
  return ok({
    send: (packet) => {
      const where = `${what} on ${packet.ifname}`;
      if (closed) return err(socketError(where, 'send', 'EBADF'));
      if (packet.bytes.length > maxDatagramBytes) return err(socketError(where, 'send', 'EMSGSIZE'));
      data.bytes.set(packet.bytes, 0);
      writeSize(vector.bytes, packet.bytes.length, 8);
      writeMessageHeader(header.bytes, {
        name: name.address,
        nameLength: writeSocketAddress(name.bytes, packet.destination, family === 'ipv6' ? packet.ifindex : 0),
        vector: vector.address,
        control: control.address,
        controlLength: family === 'ipv4' ? control4(control.bytes, packet) : control6(control.bytes, packet),
      });
      const c = libc();
      const sent = c.sendmsg(fd, header.address, messageFlag.dontWait | messageFlag.noSignal);
      return sent < 0 ? err(socketError(where, `send to ${packet.destination}`, c.errno())) : ok(undefined);
    },
    close: () => {
      if (closed) return;
      closed = true;
      libc().close(fd);
    },
  });
}

/** struct in_pktinfo: the interface only, since the header names the source. */
function control4(into: Buffer, packet: RawPacket): number {
  if (packet.ifindex === 0) return 0;
  const info = Buffer.alloc(12);
  info.writeInt32LE(packet.ifindex, 0);
  return writeControl(into, 0, level.ipv4, option.ipPacketInfo, info);
}

function control6(into: Buffer, packet: RawPacket): number {
  const info = Buffer.alloc(20);
  info.set(ipToBytes(packet.source), 0);
  info.writeInt32LE(packet.ifindex, 16);
  const hops = Buffer.alloc(4);
  hops.writeInt32LE(packet.ttl);
  const next = writeControl(into, 0, level.ipv6, option.ipv6PacketInfo, info);
  return writeControl(into, next, level.ipv6, option.ipv6HopLimit, hops);
}
