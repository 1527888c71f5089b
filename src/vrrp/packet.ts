import {
  ByteWriter,
  err,
  internetChecksum,
  ipFromBytes,
  ipToBytes,
  ok,
  type IpAddress,
  type IpFamily,
  type Result,
} from '../core/index.ts';

/** VRRP messages: version 2 (RFC 3768 section 5, with the authentication of RFC 2338) and version 3 (RFC 9568 section 5). */

export const vrrpProtocol = 112;
const advertisementType = 1;
const authTypes = { none: 0, pass: 1, ah: 2 } as const;

export interface Advert {
  readonly version: 2 | 3;
  readonly virtualRouterId: number;
  readonly priority: number;
  /** Of the sender. Version 2 has whole seconds up to 255, version 3 centiseconds up to 4095. */
  readonly advertIntMs: number;
  readonly addresses: readonly IpAddress[];
  /** Version 2 only: the text of PASS authentication, at most 8 bytes. */
  readonly authPass?: string;
  /** Version 2 only: the message goes into an authentication header. */
  readonly authHeader?: boolean;
}

/** The addresses of the packet's IP header: part of version 3's checksum. */
export interface Route {
  readonly source: IpAddress;
  readonly destination: IpAddress;
}

/** RFC 8200 section 8.1's pseudo-header, and for IPv4 the form of RFC 793 with the VRRP protocol number. */
function pseudoHeader(route: Route, length: number): Uint8Array {
  const source = ipToBytes(route.source);
  const writer = new ByteWriter(40).bytes(source).bytes(ipToBytes(route.destination));
  if (source.length === 4) writer.u8(0).u8(vrrpProtocol).u16be(length);
  else writer.u32be(length).u16be(0).u8(0).u8(vrrpProtocol);
  return writer.finish();
}

/** The 8 bytes of version 2's authentication data: the password cut or padded with zeros. */
export function authBytes(password: string): Uint8Array {
  const bytes = new Uint8Array(8);
  for (let i = 0; i < Math.min(8, password.length); i++) bytes[i] = password.charCodeAt(i) & 0xff;
  return bytes;
}

/**
 * The message as keepalived sends it: version 3 over IPv4 with the pseudo-header in its checksum, unless
 * `v3ChecksumAsV2` (RFC 9568's form). Version 2 always ends in 8 bytes of authentication data. `trailerOf` gives what follows the message, whose
 * checksum is 0 then.
 */
export function encodeAdvert(
  advert: Advert,
  route: Route,
  v3ChecksumAsV2 = false,
  trailerOf?: (message: Uint8Array) => Uint8Array,
): Uint8Array {
  const writer = new ByteWriter(64);
  writer
    .u8((advert.version << 4) | advertisementType)
    .u8(advert.virtualRouterId)
    .u8(advert.priority)
    .u8(advert.addresses.length);
  if (advert.version === 2) {
    writer
      .u8(advert.authHeader === true ? authTypes.ah : advert.authPass === undefined ? authTypes.none : authTypes.pass)
      .u8(Math.round(advert.advertIntMs / 1000) & 0xff);
  } else {
    writer.u16be(Math.round(advert.advertIntMs / 10) & 0x0fff);
  }
  writer.u16be(0);
  for (const address of advert.addresses) writer.bytes(ipToBytes(address));
  if (advert.version === 2) writer.bytes(authBytes(advert.authPass ?? ''));
  const message = writer.finish();
  const trailer = trailerOf?.(message) ?? new Uint8Array(0);
  const whole = new ByteWriter(message.length + trailer.length).bytes(message).bytes(trailer).finish();
  const ipv4 = ipToBytes(route.source).length === 4;
  const withPseudoHeader = advert.version === 3 && !(v3ChecksumAsV2 && ipv4);
  // Over IPv6 kernels look at the sum of all that there is.
  const summed = ipv4 ? message : whole;
  const sum = withPseudoHeader
    ? internetChecksum(pseudoHeader(route, summed.length), summed)
    : internetChecksum(summed);
  whole[6] = sum >> 8;
  whole[7] = sum & 0xff;
  return whole;
}

/** Why a received message is not an advert for its instance; the names are those of the error counters. */
export type AdvertError =
  | { readonly reason: 'length'; readonly got: number; readonly wanted: number }
  | { readonly reason: 'version'; readonly got: number }
  | { readonly reason: 'type'; readonly got: number }
  | { readonly reason: 'checksum' }
  | { readonly reason: 'auth-type'; readonly got: number }
  | { readonly reason: 'interval-zero' };

export interface ReceivedAdvert extends Advert {
  readonly authType: 'none' | 'pass' | 'ah';
  /** The 8 bytes of version 2's authentication data. */
  readonly authData: Uint8Array;
  /** Which of the sums of version 3 over IPv4 the sender used: `group` has the multicast group for the destination of unicast. */
  readonly checksum: 'pseudo-header' | 'message' | 'group';
}

/** The virtual router id of a message, to find its instance; undefined where the message is too short to have one. */
export function peekVirtualRouterId(message: Uint8Array): number | undefined {
  return message.length >= 8 ? message[1] : undefined;
}

/**
 * Reads a VRRP message. Bytes behind it (padding) are tolerated, as RFC 9568 section 5.2.5 and the reference do. `group`: the
 * multicast group, where a unicast message of keepalived up to 1.3.6 is to be known by its sum. `trailerBytes`: how many bytes behind the
 * message its sum may be over as well.
 */
export function parseAdvert(
  message: Uint8Array,
  route: Route,
  { group, trailerBytes = 0 }: { readonly group?: IpAddress | undefined; readonly trailerBytes?: number } = {},
): Result<ReceivedAdvert, AdvertError> {
  if (message.length < 8) return err({ reason: 'length', got: message.length, wanted: 8 });
  const byte = (i: number): number => message[i] ?? 0;
  const version = byte(0) >> 4;
  if (version !== 2 && version !== 3) return err({ reason: 'version', got: version });
  if ((byte(0) & 0x0f) !== advertisementType) return err({ reason: 'type', got: byte(0) & 0x0f });
  const family: IpFamily = ipToBytes(route.source).length === 4 ? 'ipv4' : 'ipv6';
  const addressLength = family === 'ipv4' ? 4 : 16;
  const count = byte(3);
  const length = 8 + count * addressLength + (version === 2 ? 8 : 0);
  if (message.length < length) return err({ reason: 'length', got: message.length, wanted: length });
  const exact = message.subarray(0, length);
  const checksum =
    checkSum(exact, version, route, group) ??
    (trailerBytes === 0 ? undefined : checkSum(message.subarray(0, length + trailerBytes), version, route, group));
  if (checksum === undefined) return err({ reason: 'checksum' });
  const addresses: IpAddress[] = [];
  for (let i = 0; i < count; i++)
    addresses.push(ipFromBytes(exact.slice(8 + i * addressLength, 8 + (i + 1) * addressLength)));
  const common = { virtualRouterId: byte(1), priority: byte(2), addresses, checksum };
  if (version === 3) {
    const advertIntMs = (((byte(4) & 0x0f) << 8) | byte(5)) * 10;
    if (advertIntMs === 0) return err({ reason: 'interval-zero' });
    return ok({ ...common, version, advertIntMs, authType: 'none', authData: new Uint8Array(8) });
  }
  const authType =
    byte(4) === authTypes.none
      ? 'none'
      : byte(4) === authTypes.pass
        ? 'pass'
        : byte(4) === authTypes.ah
          ? 'ah'
          : undefined;
  if (authType === undefined) return err({ reason: 'auth-type', got: byte(4) });
  return ok({ ...common, version, advertIntMs: byte(5) * 1000, authType, authData: exact.slice(length - 8) });
}

function checkSum(
  message: Uint8Array,
  version: 2 | 3,
  route: Route,
  group: IpAddress | undefined,
): ReceivedAdvert['checksum'] | undefined {
  const sumTo = (destination: IpAddress): number =>
    internetChecksum(pseudoHeader({ source: route.source, destination }, message.length), message);
  if (version === 3 && sumTo(route.destination) === 0) return 'pseudo-header';
  const ipv6 = ipToBytes(route.source).length === 16;
  if (ipv6) return undefined;
  if (internetChecksum(message) === 0) return 'message';
  return version === 3 && group !== undefined && sumTo(group) === 0 ? 'group' : undefined;
}

/** Whether version 2's authentication data is this password, compared without leaving early. */
export function passwordMatches(authData: Uint8Array, password: string): boolean {
  const wanted = authBytes(password);
  let difference = 0;
  for (let i = 0; i < 8; i++) difference |= (authData[i] ?? 0) ^ (wanted[i] ?? 0);
  return difference === 0;
}
