import { ipFamily, ipFromBytes, ipToBytes, type IpAddress, type IpFamily } from '../core/index.ts';

/**
 * Constants and structures of Linux sockets. x64 and arm64 share them all (asm-generic/socket.h, linux/in.h,
 * linux/in6.h, linux/if_packet.h); both are little endian.
 */

export const addressFamily = { unix: 1, ipv4: 2, ipv6: 10, packet: 17 } as const;
export const socketType = { stream: 1, datagram: 2, raw: 3, nonBlocking: 0o4000, closeOnExec: 0o2000000 } as const;
export const messageFlag = { dontWait: 0x40, noSignal: 0x4000, truncated: 0x20, controlTruncated: 0x08 } as const;
export const level = { socket: 1, ipv4: 0, ipv6: 41, icmpv6: 58, netlink: 270 } as const;
export const option = {
  reuseAddress: 2,
  error: 4,
  sendBuffer: 7,
  receiveBuffer: 8,
  linger: 13,
  bindToDevice: 25,
  receiveBufferForce: 33,
  mark: 36,
  domain: 39,
  memoryInfo: 55,
  netlinkNoEnobufs: 5,
  ipHeaderIncluded: 3,
  ipTtl: 2,
  ipPacketInfo: 8,
  ipReceiveTtl: 12,
  ipReceiveErrors: 11,
  ipBindAddressNoPort: 24,
  ipMulticastLoop: 34,
  ipAddMembership: 35,
  ipMulticastAll: 49,
  ipv6MulticastHops: 18,
  ipv6MulticastLoop: 19,
  ipv6AddMembership: 20,
  ipv6ReceiveErrors: 25,
  ipv6Only: 26,
  ipv6MulticastAll: 29,
  ipv6ReceivePacketInfo: 49,
  ipv6PacketInfo: 50,
  ipv6ReceiveHopLimit: 51,
  ipv6HopLimit: 52,
  ipv6TrafficClass: 67,
  ipv6AutoFlowLabel: 70,
  icmpv6Filter: 1,
} as const;

export const messageHeaderSize = 56;
const controlHeaderSize = 16;

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

export const socketAddressSize: Readonly<Record<IpFamily, number>> = { ipv4: 16, ipv6: 28 };

/** struct sockaddr_in or sockaddr_in6; `scope` is the interface index that a link-local address needs. */
export function writeSocketAddress(into: Buffer, address: IpAddress, scope: number, port = 0): number {
  const bytes = ipToBytes(address);
  const family = ipFamily(address);
  into.fill(0, 0, socketAddressSize[family]);
  into.writeUInt16LE(addressFamily[family], 0);
  into.writeUInt16BE(port, 2);
  if (family === 'ipv4') into.set(bytes, 4);
  else {
    into.set(bytes, 8);
    into.writeUInt32LE(scope, 24);
  }
  return socketAddressSize[family];
}

/** The address in a struct sockaddr_in or sockaddr_in6; undefined for any other family. */
export function readSocketAddress(bytes: Buffer): IpAddress | undefined {
  const family = bytes.readUInt16LE(0);
  if (family === addressFamily.ipv4) return ipFromBytes(bytes.subarray(4, 8));
  return family === addressFamily.ipv6 ? ipFromBytes(bytes.subarray(8, 24)) : undefined;
}

/** struct ip_mreqn or ipv6_mreq. */
export function membership(group: IpAddress, ifindex: number): Buffer {
  const bytes = ipToBytes(group);
  const request = Buffer.alloc(bytes.length === 4 ? 12 : 20);
  request.set(bytes, 0);
  request.writeInt32LE(ifindex, bytes.length === 4 ? 8 : 16);
  return request;
}

/** A size_t below 4 GB. */
export function writeSize(into: Buffer, size: number, offset: number): void {
  into.writeUInt32LE(size, offset);
  into.writeUInt32LE(0, offset + 4);
}

/** struct msghdr; the addresses are those of memory that does not move. */
export function writeMessageHeader(
  into: Buffer,
  parts: {
    readonly name: bigint;
    readonly nameLength: number;
    /** One struct iovec. */
    readonly vector: bigint;
    readonly control: bigint;
    readonly controlLength: number;
  },
): void {
  into.writeBigUInt64LE(parts.name, 0);
  into.writeUInt32LE(parts.nameLength, 8);
  into.writeBigUInt64LE(parts.vector, 16);
  writeSize(into, 1, 24);
  into.writeBigUInt64LE(parts.control, 32);
  writeSize(into, parts.controlLength, 40);
  into.writeInt32LE(0, 48);
}

/** Appends one control message (struct cmsghdr with data) at `offset`; returns the offset of the next. */
export function writeControl(into: Buffer, offset: number, level: number, type: number, data: Uint8Array): number {
  writeSize(into, controlHeaderSize + data.length, offset);
  into.writeInt32LE(level, offset + 8);
  into.writeInt32LE(type, offset + 12);
  into.set(data, offset + controlHeaderSize);
  return offset + controlHeaderSize + Math.ceil(data.length / 8) * 8;
}

/** Where the data of the first control message of this kind begins; undefined: there is none of at least `size` bytes. */
export function findControl(
  bytes: Buffer,
  length: number,
  level: number,
  type: number,
  size: number,
): number | undefined {
  let at = 0;
  while (at + controlHeaderSize <= length) {
    const messageLength = Number(bytes.readBigUInt64LE(at));
    if (messageLength < controlHeaderSize || at + messageLength > length) return undefined;
    const matches = bytes.readInt32LE(at + 8) === level && bytes.readInt32LE(at + 12) === type;
    if (matches && messageLength >= controlHeaderSize + size) return at + controlHeaderSize;
    at += Math.ceil(messageLength / 8) * 8;
  }
  return undefined;
}
