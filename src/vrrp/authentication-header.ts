import { ByteWriter, err, ipToBytes, ok, type IpAddress, type Result } from '../core/index.ts';
import { ipv4Datagram } from './frames.ts';
import { authBytes } from './packet.ts';

/**
 * auth_type AH: adverts of version 2 in the IP authentication header of RFC 2402 with HMAC-MD5-96 (RFC 2403), in the form in
 * which keepalived 2.2.7 was seen to send and take them. Over IPv4 only.
 */

export const authenticationProtocol = 51;
const headerLength = 24;
const icvOffset = 12;
const icvLength = 12;
/** A counter that is used up stays where it is: whoever hears it takes no more, until both ends are started again. */
export const lastSequence = 0xffffffff;

/**
 * A new master leaves out so many numbers: the one before counted on while nobody heard it, and refuses all that it used once it
 * is back (keepalived logs `already processed`). Three would be enough to lose it the master it should obey.
 */
export const unheardSequences = 16;

/** A keyed hash: the whole of HMAC (RFC 2104) of `data`. */
export type Hmac = (hash: 'md5' | 'sha256', key: Uint8Array, data: Uint8Array) => Uint8Array;

export interface Ipv4Fields {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly ttl: number;
  readonly id: number;
}

/** The authentication header and, behind it, the message. The id must not be 0, which the kernel replaces. */
export function seal(
  hmac: Hmac,
  password: string,
  { sequence, ...fields }: Ipv4Fields & { readonly sequence: number },
  message: Uint8Array,
): Uint8Array {
  const writer = new ByteWriter(headerLength + message.length);
  writer
    .u8(112)
    .u8(headerLength / 4 - 2)
    .u16be(0);
  // The security parameters index is the sender's address.
  writer.bytes(ipToBytes(fields.source)).u32be(sequence).bytes(new Uint8Array(icvLength)).bytes(message);
  const payload = writer.finish();
  const header = ipv4Datagram(fields, payload, authenticationProtocol).subarray(0, 20);
  payload.set(checkValue(hmac, password, header, payload), icvOffset);
  return payload;
}

export type SealError = 'no-room' | 'options' | 'next-header' | 'spi' | 'check-value';

/** The sequence number and the message of what came with `header`, if it was made with the password. */
export function unseal(
  hmac: Hmac,
  password: string,
  header: Uint8Array,
  payload: Uint8Array,
): Result<{ readonly sequence: number; readonly message: Uint8Array }, SealError> {
  if (payload.length < headerLength) return err('no-room');
  if (header.length !== 20) return err('options');
  if (payload[0] !== 112) return err('next-header');
  const view = new DataView(payload.buffer, payload.byteOffset, headerLength);
  const source = new DataView(header.buffer, header.byteOffset, 20).getUint32(12);
  if (view.getUint32(4) !== source) return err('spi');
  const blank = Uint8Array.from(payload);
  blank.fill(0, icvOffset, icvOffset + icvLength);
  const wanted = checkValue(hmac, password, header, blank);
  let difference = 0;
  for (let i = 0; i < icvLength; i++) difference |= (wanted[i] ?? 0) ^ (payload[icvOffset + i] ?? 0);
  if (difference !== 0) return err('check-value');
  return ok({ sequence: view.getUint32(8), message: payload.subarray(headerLength) });
}

/** What is behind the authentication header, without a look at it. */
export function sealedMessage(payload: Uint8Array): Uint8Array {
  return payload.subarray(headerLength);
}

/**
 * RFC 2402 section 3.3.3: what routers change counts as 0. The TTL counts as 0 only where the packet is for one host: that of
 * multicast never changes, and the reference leaves it in.
 */
function checkValue(hmac: Hmac, password: string, header: Uint8Array, payload: Uint8Array): Uint8Array {
  const fixed = Uint8Array.from(header);
  const multicast = ((header[16] ?? 0) & 0xf0) === 0xe0;
  for (const i of [1, 6, 7, ...(multicast ? [] : [8]), 10, 11]) fixed[i] = 0;
  const covered = new ByteWriter(fixed.length + payload.length).bytes(fixed).bytes(payload).finish();
  return hmac('md5', authBytes(password), covered).subarray(0, icvLength);
}
