import { ByteWriter, internetChecksum, ipToBytes, type IpAddress } from '../core/index.ts';
import { vrrpProtocol } from './packet.ts';

/** The packets around VRRP messages, as bytes: IPv4 header, gratuitous ARP, unsolicited neighbour advertisement. */

const internetworkControl = 0xc0;
const allOnes = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff);

/** An IPv4 datagram with TOS 0xc0 (internetwork control), no fragmentation flags, for a raw socket with IP_HDRINCL. */
export function ipv4Datagram(
  header: { readonly source: IpAddress; readonly destination: IpAddress; readonly ttl: number; readonly id: number },
  payload: Uint8Array,
  protocol = vrrpProtocol,
): Uint8Array {
  const writer = new ByteWriter(20 + payload.length);
  writer
    .u8(0x45)
    .u8(internetworkControl)
    .u16be(20 + payload.length)
    .u16be(header.id & 0xffff)
    .u16be(0);
  writer.u8(header.ttl).u8(protocol).u16be(0).bytes(ipToBytes(header.source)).bytes(ipToBytes(header.destination));
  writer.patchU16be(10, internetChecksum(writer.finish()));
  return writer.bytes(payload).finish();
}

/**
 * An Ethernet frame: a broadcast ARP request in which sender and target are the address, the target's hardware address
 * all ones: byte for byte what the reference sends.
 */
export function gratuitousArp(mac: Uint8Array, address: IpAddress): Uint8Array {
  const ip = ipToBytes(address);
  return new ByteWriter(42)
    .bytes(allOnes)
    .bytes(mac)
    .u16be(0x0806)
    .u16be(1)
    .u16be(0x0800)
    .u8(6)
    .u8(4)
    .u16be(1)
    .bytes(mac)
    .bytes(ip)
    .bytes(allOnes)
    .bytes(ip)
    .finish();
}

/**
 * An ICMPv6 neighbour advertisement (RFC 4861 section 4.4) with the override flag, for a raw ICMPv6 socket: the kernel sums
 * it. The reference sends it from `address` itself to ff02::1 with hop limit 255.
 */
export function unsolicitedNa(mac: Uint8Array, address: IpAddress, router: boolean): Uint8Array {
  return new ByteWriter(32)
    .u8(136)
    .u8(0)
    .u16be(0)
    .u32be(0x20000000 | (router ? 0x80000000 : 0))
    .bytes(ipToBytes(address))
    .u8(2)
    .u8(1)
    .bytes(mac)
    .finish();
}
