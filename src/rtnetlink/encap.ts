import { ByteWriter, ipToBytes, type IpAddress } from '../core/index.ts';
import { writeBytes, writeU16be, writeU8 } from '../netlink/index.ts';

/** Encapsulation of a route's packets (linux/lwtunnel.h, mpls_iptunnel.h, ila.h). */

export type EncapRequest =
  | {
      readonly type: 'ip' | 'ip6';
      readonly id?: bigint;
      readonly dst?: IpAddress;
      readonly src?: IpAddress;
      readonly tos?: number;
      readonly ttl?: number;
      readonly flags?: number;
    }
  | { readonly type: 'mpls'; readonly labels: readonly number[] }
  | { readonly type: 'ila'; readonly locator: bigint };

const encapTypes = { mpls: 1, ip: 2, ila: 3, ip6: 4 } as const;

export function encapType({ type }: EncapRequest): number {
  return encapTypes[type];
}

export function writeEncap(writer: ByteWriter, encap: EncapRequest): void {
  switch (encap.type) {
    case 'mpls': {
      const labels = new ByteWriter();
      writeLabels(labels, encap.labels);
      writeBytes(writer, 1, labels.finish());
      break;
    }
    case 'ila':
      writeBytes(writer, 1, bigEndian64(encap.locator));
      break;
    default: {
      // For IPv6 the fourth and fifth are called hop limit and traffic class.
      if (encap.id !== undefined) writeBytes(writer, 1, bigEndian64(encap.id));
      if (encap.dst !== undefined) writeBytes(writer, 2, ipToBytes(encap.dst));
      if (encap.src !== undefined) writeBytes(writer, 3, ipToBytes(encap.src));
      if (encap.ttl !== undefined) writeU8(writer, 4, encap.ttl);
      if (encap.tos !== undefined) writeU8(writer, 5, encap.tos);
      if (encap.flags !== undefined) writeU16be(writer, 6, encap.flags);
    }
  }
}

/** A label stack of RFC 3032: 20 bits of label, the last one with the bottom-of-stack bit. */
export function writeLabels(writer: ByteWriter, labels: readonly number[]): void {
  for (const [i, label] of labels.entries())
    writer.u32be(((label << 12) | (i === labels.length - 1 ? 0x100 : 0)) >>> 0);
}

function bigEndian64(value: bigint): Uint8Array {
  return new ByteWriter(8)
    .u32be(Number((value >> 32n) & 0xffffffffn))
    .u32be(Number(value & 0xffffffffn))
    .finish();
}
