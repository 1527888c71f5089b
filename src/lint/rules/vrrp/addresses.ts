import type { AddressEntry, VrrpInstance } from '../../../config/index.ts';
import { ipFamily, ipToBytes, type IpAddress } from '../../../core/index.ts';

/** All virtual addresses of an instance, those that adverts do not name too. */
export function allAddresses(instance: VrrpInstance): readonly AddressEntry[] {
  return [...instance.virtualIpaddress, ...instance.virtualIpaddressExcluded];
}

/** The instances by each of their virtual addresses; of several that have one, the first. */
export function ownersOf(instances: readonly VrrpInstance[]): ReadonlyMap<IpAddress, VrrpInstance> {
  const owners = new Map<IpAddress, VrrpInstance>();
  for (const instance of instances)
    for (const { address } of allAddresses(instance)) if (!owners.has(address)) owners.set(address, instance);
  return owners;
}

/** The network that an address is in; two addresses are in one network where these are equal. */
export function networkOf(address: IpAddress, prefixLength: number): string {
  const bytes = ipToBytes(address);
  let network = '';
  for (let i = 0; i < bytes.length; i++) network += `${String((bytes[i] ?? 0) & netMask(i, prefixLength))}.`;
  return `${network}/${String(prefixLength)}`;
}

/** The byte at a position of the mask of a prefix length. */
function netMask(position: number, prefixLength: number): number {
  return 0xff & ~(0xff >> Math.min(8, Math.max(0, prefixLength - 8 * position)));
}

/** What an address is that no host can have; undefined for one that a host can have. */
export function unusableAs(address: IpAddress, prefixLength: number): string | undefined {
  const bytes = [...ipToBytes(address)];
  const [first = 0] = bytes;
  if (bytes.every((byte) => byte === 0)) return 'the unspecified address';
  if (ipFamily(address) === 'ipv6') {
    if (first === 0xff) return 'a multicast address';
    return bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1 ? 'the loopback address' : undefined;
  }
  if (bytes.every((byte) => byte === 255)) return 'the broadcast address of every network';
  if (first === 0) return "an address of 'this network' (0.0.0.0/8)";
  if (first >= 224) return first < 240 ? 'a multicast address' : 'a reserved address (240.0.0.0/4)';
  if (first === 127) return 'a loopback address';
  // RFC 3021: networks of two addresses have neither.
  if (prefixLength < 1 || prefixLength > 30) return undefined;
  const host = bytes.map((byte, i) => byte & (0xff >> Math.min(8, Math.max(0, prefixLength - 8 * i))));
  const full = bytes.map((_, i) => 0xff >> Math.min(8, Math.max(0, prefixLength - 8 * i)));
  if (host.every((byte) => byte === 0)) return `the address of its network (/${String(prefixLength)})`;
  if (host.every((byte, i) => byte === full[i]))
    return `the broadcast address of its network (/${String(prefixLength)})`;
  return undefined;
}
