import { ipFamily, ipToBytes, type IpAddress, type IpFamily } from '../../../core/index.ts';
import type { Director } from '../../director.ts';
import { hostAddresses } from '../../facts.ts';
import type { Rule } from '../../rule.ts';
import { nameOfServer, serversOf } from './objects.ts';

/** DR only writes another hardware address: a router in between would take the packet for its own or send it back. */
export const serverOffLink: Rule = {
  id: 'server-off-link',
  severity: 'warning',
  title: 'a DR real server is in none of the networks of this host',
  *check(director) {
    const networks = networksOf(director);
    for (const { server } of serversOf(director)) {
      const lengths = networks.get(ipFamily(server.address));
      // Without addresses of the family nothing is known about its networks.
      if (lengths === undefined || server.forwarding.lbKind !== 'DR' || isLoopback(server.address)) continue;
      if ([...lengths].some(([length, own]) => own.has(networkOf(server.address, length)))) continue;
      yield {
        at: director.header(server),
        message: `${nameOfServer(server)} is in none of the networks of this host, so that DR cannot reach it`,
        hint: "use 'lb_kind TUN' (or NAT), or put the server into a network that the director is in",
      };
    }
  },
};

/** By family and prefix length. */
function networksOf(director: Director): ReadonlyMap<IpFamily, ReadonlyMap<number, ReadonlySet<string>>> {
  const networks = new Map<IpFamily, Map<number, Set<string>>>();
  for (const { address, prefixLength } of hostAddresses(director.facts)) {
    if (isLoopback(address) || address.startsWith('fe80:')) continue;
    const family = ipFamily(address);
    const lengths = networks.get(family) ?? new Map<number, Set<string>>();
    networks.set(family, lengths);
    const own = lengths.get(prefixLength) ?? new Set<string>();
    lengths.set(prefixLength, own);
    own.add(networkOf(address, prefixLength));
  }
  return networks;
}

function isLoopback(address: IpAddress): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** The bytes of an address with all behind the prefix zero. */
function networkOf(address: IpAddress, prefixLength: number): string {
  return ipToBytes(address)
    .map((byte, index) => byte & (0xff << (8 - Math.min(8, Math.max(0, prefixLength - 8 * index)))))
    .join(' ');
}
