import { ipFamily, ipFromBytes, ipToBytes, type IpAddress } from '../../core/index.ts';
import type { AddressEntry } from '../../config/index.ts';

const scopes: Readonly<Record<number, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' };
const forever = 0xffff_ffff;

/** `10.9.0.1/24 dev v0 scope global label v0:1 set`; `set`: it is on the interface now. */
export function addressWords(entry: AddressEntry, device: string, set: boolean): string {
  const { address, prefixLength, peer, label, scope = 0 } = entry;
  const broadcast = broadcastOf(entry);
  return [
    peer === undefined ? prefixWords(address, prefixLength) : address,
    ...(broadcast === undefined ? [] : [`brd ${broadcast}`]),
    `dev ${device}`,
    `scope ${scopes[scope] ?? String(scope)}`,
    ...(label === undefined ? [] : [`label ${label}`]),
    ...(peer === undefined ? [] : [`peer ${peer.address}/${String(peer.prefixLength)}`]),
    ...lifetime(entry),
    ...(set ? ['set'] : []),
  ].join(' ');
}

/** Without its length where that is the whole address. */
export function prefixWords(address: IpAddress, prefixLength: number): string {
  return prefixLength === (ipFamily(address) === 'ipv4' ? 32 : 128) ? address : `${address}/${String(prefixLength)}`;
}

/** IPv6 only: a single address is deprecated, so that it is no source of connections, unless the line says otherwise. */
function lifetime({ address, prefixLength, preferredLftSecs }: AddressEntry): readonly string[] {
  if (ipFamily(address) === 'ipv4') return [];
  const secs = preferredLftSecs ?? (prefixLength === 128 ? 0 : forever);
  return secs === 0 ? ['deprecated'] : [`preferred_lft ${secs === forever ? 'forever' : String(secs)}`];
}

function broadcastOf({ address, prefixLength, broadcast }: AddressEntry): string | undefined {
  if (broadcast === '-') return undefined;
  if (broadcast !== '+') return broadcast;
  const bytes = ipToBytes(address).map((byte, i) => byte | (0xff >> Math.min(8, Math.max(0, prefixLength - 8 * i))));
  return ipFromBytes(bytes);
}
