import { err, ipFamily, ok, type IpAddress, type Result } from '../core/index.ts';
import type { VrrpInstance } from '../config/index.ts';
import { advertisedAddresses } from './advertised.ts';
import { unseal, type Hmac, type SealError } from './authentication-header.ts';
import type { VrrpEvent } from './events.ts';
import { trailerLength } from './hmac-trailer.ts';
import { parseAdvert, passwordMatches, type AdvertError, type ReceivedAdvert } from './packet.ts';
import type { InstanceState } from './state.ts';
import type { VrrpStats } from './stats.ts';

/** Whether an instance believes a packet, in the reference's order; and if not, why. */

export type Packet = Extract<VrrpEvent, { type: 'packet' }>;

export interface Rejection {
  readonly counter?: keyof VrrpStats;
  /** Each kind is logged once per state. */
  readonly kind: string;
  readonly text: string;
}

export function reject(
  kind: string,
  text: string,
  counter?: keyof VrrpStats,
): { readonly ok: false; readonly error: Rejection } {
  return err(counter === undefined ? { kind, text } : { kind, text, counter });
}

/**
 * The message and, of one in an authentication header, its sequence number. Its sum is looked at before the number, so that a
 * forger cannot put the counter forward.
 */
export function open(
  { config, ahSequence }: InstanceState,
  { header, payload }: Packet,
  hmac: Hmac,
): Result<{ readonly message: Uint8Array; readonly sequence?: number }, Rejection> {
  const authentication = config.version === 2 ? config.authentication : undefined;
  if (authentication?.authType !== 'AH') {
    if (header === undefined) return ok({ message: payload });
    const text = 'advert in an authentication header ignored: this instance does not have auth_type AH';
    return reject('auth-type', text, 'authtype_mismatch');
  }
  if (header === undefined) {
    const text = 'advert without authentication header ignored: this instance has auth_type AH';
    return reject('auth-type', text, 'authtype_mismatch');
  }
  const unsealed = unseal(hmac, authentication.authPass, header, payload);
  if (!unsealed.ok) return reject(`ah-${unsealed.error}`, `${sealErrors[unsealed.error]} ignored`, 'auth_failure');
  if (unsealed.value.sequence <= ahSequence) {
    const text = `advert with the used sequence number ${String(unsealed.value.sequence)} ignored, the last one is ${String(ahSequence)}: it was recorded and sent again`;
    return reject('ah-sequence', text, 'auth_failure');
  }
  return ok(unsealed.value);
}

const sealErrors: Readonly<Record<SealError, string>> = {
  'no-room': 'packet too short for an authentication header',
  options: 'authentication header behind IP options',
  'next-header': 'authentication header without an advert',
  spi: "authentication header whose security parameters index is not its sender's address",
  'check-value': 'advert that was changed under way, or made with another auth_pass,',
};

export function check(
  { config }: InstanceState,
  packet: Packet,
  message: Uint8Array,
  mcastGroup4: IpAddress,
): Result<ReceivedAdvert, Rejection> {
  const unicast = config.unicastPeer.length > 0;
  if (!unicast && packet.ttl !== 255) {
    return reject(
      'ttl',
      `advert with TTL ${String(packet.ttl)}, not 255, ignored: a router forwarded it or it is forged`,
      'ip_ttl_err',
    );
  }
  if (unicast && config.checkUnicastSrc) {
    const peer = config.unicastPeer.find(({ address }) => address === packet.source);
    if (peer === undefined) return reject('peer', 'advert from an address that is no unicast_peer ignored');
    if (packet.ttl < peer.minTtl || packet.ttl > peer.maxTtl) {
      const range = `${String(peer.minTtl)} to ${String(peer.maxTtl)}`;
      return reject('ttl', `advert with TTL ${String(packet.ttl)} ignored: the peer's range is ${range}`, 'ip_ttl_err');
    }
  }
  const oldGroup = unicast && config.oldUnicastChecksum !== 'never' ? mcastGroup4 : undefined;
  const trailerBytes = config.authHmac === undefined ? 0 : trailerLength;
  const parsed = parseAdvert(message, packet, { group: oldGroup, trailerBytes });
  if (!parsed.ok)
    return reject(parsed.error.reason, `${errorText(parsed.error)} ignored`, errorCounters[parsed.error.reason]);
  const advert = parsed.value;
  if (advert.version !== config.version) {
    const text = `advert of VRRP version ${String(advert.version)} ignored: this instance runs version ${String(config.version)}`;
    return reject('version', text, 'version_err');
  }
  const unauthorized = authenticate(config, advert);
  if (unauthorized !== undefined) return err(unauthorized);
  if (advert.version === 2 && advert.advertIntMs !== Math.round(config.advertIntMs / 1000) * 1000) {
    const text = `advert with interval ${String(advert.advertIntMs / 1000)} s ignored: advert_int is ${String(config.advertIntMs / 1000)} s here`;
    return reject('interval', text, 'advert_interval_err');
  }
  // RFC 9568 section 5.2.5; of an instance with no_virtual_ipaddress a peer has none either.
  if (advert.addresses.length === 0 && advertisedAddresses(config).length > 0)
    return reject('no-addresses', 'advert without addresses ignored', 'addr_list_err');
  if (isMulticast(packet.destination) === unicast) {
    return reject(
      'cast',
      unicast
        ? 'multicast advert ignored: this instance has unicast_peer'
        : 'unicast advert ignored: this instance has no unicast_peer',
    );
  }
  return ok(advert);
}

const errorCounters: Readonly<Record<AdvertError['reason'], keyof VrrpStats>> = {
  length: 'packet_len_err',
  version: 'version_err',
  type: 'invalid_type_rcvd',
  checksum: 'checksum_err',
  'auth-type': 'invalid_authtype',
  'interval-zero': 'advert_interval_err',
};

function errorText(error: AdvertError): string {
  switch (error.reason) {
    case 'length':
      return `advert of ${String(error.got)} bytes, too short for its ${String(error.wanted)},`;
    case 'version':
      return `advert of VRRP version ${String(error.got)}`;
    case 'type':
      return `message of type ${String(error.got)}, not an advert,`;
    case 'checksum':
      return 'advert with a wrong checksum';
    case 'auth-type':
      return `advert with unknown authentication type ${String(error.got)}`;
    case 'interval-zero':
      return 'advert with interval 0';
  }
}

function authenticate(config: VrrpInstance, advert: ReceivedAdvert): Rejection | undefined {
  if (advert.version === 3) return undefined;
  const { authentication } = config;
  const wanted = authentication === undefined ? 'none' : authentication.authType === 'PASS' ? 'pass' : 'ah';
  if (advert.authType !== wanted) {
    const text = `advert with authentication ${advert.authType} ignored: this instance has ${wanted}`;
    return { counter: 'authtype_mismatch', kind: 'auth-type', text };
  }
  if (authentication?.authType === 'PASS' && !passwordMatches(advert.authData, authentication.authPass)) {
    return { counter: 'auth_failure', kind: 'password', text: 'advert with a wrong auth_pass ignored' };
  }
  return undefined;
}

function isMulticast(address: IpAddress): boolean {
  return ipFamily(address) === 'ipv4' ? /^2(?:2[4-9]|3\d)\./.test(address) : address.startsWith('ff');
}
