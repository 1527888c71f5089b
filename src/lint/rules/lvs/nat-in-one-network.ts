import { ipFamily, ipToBytes, type IpAddress } from '../../../core/index.ts';
import type { Rule } from '../../rule.ts';
import { nameOfServer, nameOfService } from './objects.ts';

/** With NAT a server in its clients' network answers them directly, from an address that they did not ask. */
export const natInOneNetwork: Rule = {
  id: 'nat-in-one-network',
  severity: 'info',
  title: 'NAT with real servers in the network of the virtual address',
  *check(director) {
    const prefixes = new Map(
      director.config.vrrp.instances.flatMap((instance) =>
        [...instance.virtualIpaddress, ...instance.virtualIpaddressExcluded].map(
          ({ address, prefixLength }) => [address, prefixLength] as const,
        ),
      ),
    );
    for (const service of director.config.lvs.virtualServers) {
      const { key } = service;
      const prefixLength = key.kind === 'address' ? prefixes.get(key.address) : undefined;
      if (key.kind !== 'address' || prefixLength === undefined) continue;
      const bits = ipFamily(key.address) === 'ipv4' ? 32 : 128;
      if (prefixLength === bits) continue;
      const network = bitsOf(key.address).slice(0, prefixLength);
      const server = service.realServers.find(
        ({ forwarding, address }) =>
          forwarding.lbKind === 'NAT' && ipFamily(address) === service.family && bitsOf(address).startsWith(network),
      );
      if (server === undefined) continue;
      yield {
        at: director.header(server),
        message: `${nameOfServer(server)} of ${nameOfService(service)} is in the network of the virtual address: to clients in that network it answers past the director`,
        hint: 'use DR, or put the servers into a network behind the director; the director must be their default route',
      };
    }
  },
};

function bitsOf(address: IpAddress): string {
  return [...ipToBytes(address)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
}
