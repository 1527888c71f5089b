import { ByteWriter, ipToBytes, type IpAddress } from '../core/index.ts';
import type { Hmac } from './authentication-header.ts';

/**
 * The signature of auth_hmac (keepalived 2.4): 28 bytes behind the addresses of an advert. Type 1, the key's id, two zeros; the time as
 * seconds, 65536ths of one and a counter; the first 16 bytes of HMAC-SHA256 over a pseudo-header, the message with its checksum 0, and the
 * trailer with zeros for itself.
 */

export const trailerLength = 28;
const extensionType = 1;
const macOffset = 12;
const macLength = 16;
const checksumOffset = 6;

/** Grows with each advert: whole seconds since 1970, 65536ths, and a counter where both are equal to those before. */
export interface SignTime {
  readonly seconds: number;
  readonly fraction: number;
  readonly counter: number;
}

export interface Trailer extends SignTime {
  readonly keyId: number;
  readonly mac: Uint8Array;
}

/** The trailer for a message without one. */
export function signTrailer(
  hmac: Hmac,
  key: { readonly id: number; readonly bytes: Uint8Array },
  time: SignTime,
  source: IpAddress,
  message: Uint8Array,
): Uint8Array {
  const prefix = new ByteWriter(macOffset)
    .u8(extensionType)
    .u8(key.id)
    .u16be(0)
    .u32be(time.seconds)
    .u16be(time.fraction)
    .u16be(time.counter)
    .finish();
  const mac = macOf(hmac, key.bytes, source, message, prefix);
  return new ByteWriter(trailerLength).bytes(prefix).bytes(mac).finish();
}

/** What is behind the message of so many bytes: nothing, too little, another extension, or a trailer. Bytes behind it are padding. */
export function readTrailer(payload: Uint8Array, messageLength: number): Trailer | 'missing' | 'malformed' {
  const rest = payload.subarray(messageLength);
  // Ethernet fills short frames up with zeros, which are no extension.
  if (rest.every((byte) => byte === 0)) return 'missing';
  if (rest.length < trailerLength) return 'malformed';
  const view = new DataView(rest.buffer, rest.byteOffset, trailerLength);
  const keyId = view.getUint8(1);
  if (view.getUint8(0) !== extensionType || keyId === 0 || view.getUint16(2) !== 0) return 'malformed';
  return {
    keyId,
    seconds: view.getUint32(4),
    fraction: view.getUint16(8),
    counter: view.getUint16(10),
    mac: Uint8Array.from(rest.subarray(macOffset, trailerLength)),
  };
}

/** Whether the trailer was made with this key for this message and sender; compared without leaving early. */
export function trailerFits(
  hmac: Hmac,
  key: Uint8Array,
  source: IpAddress,
  payload: Uint8Array,
  messageLength: number,
  { mac }: Trailer,
): boolean {
  const prefix = payload.subarray(messageLength, messageLength + macOffset);
  const wanted = macOf(hmac, key, source, payload.subarray(0, messageLength), prefix);
  let difference = 0;
  for (let i = 0; i < macLength; i++) difference |= (wanted[i] ?? 0) ^ (mac[i] ?? 0);
  return difference === 0;
}

/** How long the message before a trailer is, by its own words; undefined where it cannot be. */
export function messageLengthOf(payload: Uint8Array, source: IpAddress): number | undefined {
  if (payload.length < 8) return undefined;
  const addressLength = ipToBytes(source).length;
  const version = (payload[0] ?? 0) >> 4;
  const length = 8 + (payload[3] ?? 0) * addressLength + (version === 2 ? 8 : 0);
  return length <= payload.length ? length : undefined;
}

/** The time after `last` at this moment: later than it even where the clock has gone back. */
export function nextSignTime(last: SignTime | undefined, wallMs: number): SignTime {
  const seconds = Math.min(Math.floor(wallMs / 1000), 0xffffffff);
  const fraction = Math.floor(((wallMs % 1000) / 1000) * 65536);
  const now = { seconds, fraction, counter: 0 };
  if (last === undefined || compareSignTime(now, last) > 0) return now;
  if (last.counter < 0xffff) return { ...last, counter: last.counter + 1 };
  if (last.fraction < 0xffff) return { seconds: last.seconds, fraction: last.fraction + 1, counter: 0 };
  return last.seconds < 0xffffffff ? { seconds: last.seconds + 1, fraction: 0, counter: 0 } : last;
}

/** Below 0: `a` is before `b`. */
export function compareSignTime(a: SignTime, b: SignTime): number {
  return a.seconds - b.seconds || a.fraction - b.fraction || a.counter - b.counter;
}

/** Milliseconds since 1970, without the counter. */
export function signTimeMs({ seconds, fraction }: SignTime): number {
  return seconds * 1000 + (fraction * 1000) / 65536;
}

/**
 * The key's whole length counts. The pseudo-header: family (4 or 6), version, router id, 0, and the sender's address in 16 bytes, of which an
 * IPv4 address fills the first four.
 */
function macOf(hmac: Hmac, key: Uint8Array, source: IpAddress, message: Uint8Array, prefix: Uint8Array): Uint8Array {
  const address = ipToBytes(source);
  const unsummed = Uint8Array.from(message);
  unsummed.fill(0, checksumOffset, checksumOffset + 2);
  const signed = new ByteWriter(20 + message.length + trailerLength)
    .u8(address.length === 4 ? 4 : 6)
    .u8((message[0] ?? 0) >> 4)
    .u8(message[1] ?? 0)
    .u8(0)
    .bytes(address)
    .bytes(new Uint8Array(16 - address.length))
    .bytes(unsummed)
    .bytes(prefix)
    .bytes(new Uint8Array(macLength))
    .finish();
  return hmac('sha256', key, signed).subarray(0, macLength);
}
