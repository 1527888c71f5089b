import { ByteWriter, ipFamily, ipFromBytes, ipToBytes, type IpAddress } from '../core/index.ts';
import { attributeU32, parseAttributes, writeBytes, writeText, writeU32 } from '../netlink/index.ts';

/** Addresses of interfaces (linux/if_addr.h). */

const addressAttribute = { address: 1, local: 2, label: 3, broadcast: 4, cacheinfo: 6, flags: 8 } as const;
export const ifaddrmsgLength = 8;
const forever = 0xffffffff;

export interface InterfaceAddress {
  readonly ifindex: number;
  readonly address: IpAddress;
  readonly prefixLength: number;
  readonly scope: number;
  /** IFA_F_*: secondary 0x01, nodad 0x02, tentative 0x40, permanent 0x80, … */
  readonly flags: number;
}

export interface AddressRequest extends Omit<InterfaceAddress, 'scope' | 'flags'> {
  readonly scope?: number;
  readonly flags?: number;
  readonly label?: string;
  readonly broadcast?: IpAddress;
  readonly peer?: IpAddress;
  /** Seconds; absent: forever. */
  readonly preferredLftSecs?: number;
}

export function parseAddress(payload: Uint8Array): InterfaceAddress | undefined {
  if (payload.length < ifaddrmsgLength) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const attributes = parseAttributes(payload.subarray(ifaddrmsgLength));
  // With a peer, ADDRESS is the peer's; LOCAL is the interface's own.
  const bytes = attributes.get(addressAttribute.local) ?? attributes.get(addressAttribute.address);
  if (bytes === undefined || (bytes.length !== 4 && bytes.length !== 16)) return undefined;
  return {
    ifindex: view.getUint32(4, true),
    address: ipFromBytes(bytes),
    prefixLength: view.getUint8(1),
    scope: view.getUint8(3),
    flags: attributeU32(attributes, addressAttribute.flags) ?? view.getUint8(2),
  };
}

export function writeAddress(writer: ByteWriter, request: AddressRequest): void {
  const bytes = ipToBytes(request.address);
  const flags = request.flags ?? 0;
  writer
    .u8(ipFamily(request.address) === 'ipv4' ? 2 : 10)
    .u8(request.prefixLength)
    .u8(flags & 0xff)
    .u8(request.scope ?? 0)
    .u32le(request.ifindex);
  writeBytes(writer, addressAttribute.local, bytes);
  writeBytes(writer, addressAttribute.address, request.peer === undefined ? bytes : ipToBytes(request.peer));
  if (request.broadcast !== undefined) writeBytes(writer, addressAttribute.broadcast, ipToBytes(request.broadcast));
  if (request.label !== undefined) writeText(writer, addressAttribute.label, request.label);
  if (flags !== 0) writeU32(writer, addressAttribute.flags, flags);
  if (request.preferredLftSecs !== undefined) {
    const lifetimes = new ByteWriter(16).u32le(request.preferredLftSecs).u32le(forever).zeros(8).finish();
    writeBytes(writer, addressAttribute.cacheinfo, lifetimes);
  }
}
