import { ByteReader, ByteWriter, ipFamily, type IpAddress } from '../core/index.ts';

/** Echo requests and replies (RFC 792; RFC 4443, section 4). The kernel fills in identifier and checksum, and looks at both. */

const types = { ipv4: { request: 8, reply: 0 }, ipv6: { request: 128, reply: 129 } } as const;
const headerLength = 8;
/** The reference's. */
const data = Uint8Array.from({ length: 128 }, (_, i) => 'keepalived check - '.charCodeAt(i % 19));

/** `sequence`: 0 to 65535. */
export function echoRequest(to: IpAddress, sequence: number): Uint8Array {
  const writer = new ByteWriter(headerLength + data.length);
  return writer.u8(types[ipFamily(to)].request).zeros(5).u16be(sequence).bytes(data).finish();
}

/** Whether this is the reply of `to` to the request with this number; a text says why not. */
export function judgeEcho(to: IpAddress, sequence: number, bytes: Uint8Array, source: IpAddress): true | string {
  if (source !== to) return `from ${source}`;
  if (bytes.length < headerLength) return 'shorter than a header of ICMP';
  const reader = new ByteReader(bytes);
  if (reader.u8() !== types[ipFamily(to)].reply) return 'no echo reply';
  reader.skip(5);
  if (reader.u16be() !== sequence) return 'a reply to another request';
  const same = reader.remaining === data.length && data.every((byte, i) => byte === bytes[headerLength + i]);
  return same ? true : 'a reply with other data';
}
