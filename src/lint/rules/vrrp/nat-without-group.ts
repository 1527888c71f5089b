import { ipFamily, type IpAddress } from '../../../core/index.ts';
import type { VrrpInstance } from '../../../config/index.ts';
import type { Rule } from '../../rule.ts';
import { allAddresses, networkOf, ownersOf } from './addresses.ts';

/** With NAT the answers come back through the director's inside address: both sides must be on one director. */
export const natWithoutGroup: Rule = {
  id: 'nat-without-group',
  severity: 'warning',
  title: 'both sides of a NAT director fail over apart',
  *check(director) {
    const { instances, syncGroups } = director.config.vrrp;
    const owners = ownersOf(instances);
    const groupOf = new Map(syncGroups.flatMap((group) => group.group.map((name) => [name, group.name] as const)));
    const gatewayOf = gateways(instances);
    const told = new Set<string>();
    for (const service of director.config.lvs.virtualServers) {
      const outer = service.key.kind === 'address' ? owners.get(service.key.address) : undefined;
      if (outer === undefined) continue;
      for (const server of service.realServers) {
        if (server.forwarding.lbKind !== 'NAT') continue;
        const inner = gatewayOf(server.address);
        if (inner === undefined || inner.interface === outer.interface) continue;
        const group = groupOf.get(outer.name) ?? groupOf.get(inner.name);
        const pair = `${outer.name} ${inner.name}`;
        if (told.has(pair)) continue;
        told.add(pair);
        if (group !== undefined && groupOf.get(outer.name) === groupOf.get(inner.name)) continue;
        yield {
          at: director.header(inner),
          message: `vrrp_instance ${inner.name} is the way back of the NAT services of ${outer.name}, and the two are in no common sync group`,
          hint: `where one fails over alone, answers go to the wrong director: ${
            group === undefined
              ? `vrrp_sync_group VG { group { ${outer.name} ${inner.name} } }`
              : `have both in vrrp_sync_group ${group}`
          }`,
          related: [{ span: director.header(outer), message: `vrrp_instance ${outer.name}` }],
        };
      }
    }
  },
};

/** The instance with an address in a server's network; none where several have one, as any may be the gateway. */
function gateways(instances: readonly VrrpInstance[]): (server: IpAddress) => VrrpInstance | undefined {
  const inside = new Map<string, VrrpInstance | undefined>();
  const lengths = new Set<number>();
  for (const instance of instances) {
    for (const { address, prefixLength } of allAddresses(instance)) {
      if (prefixLength >= (ipFamily(address) === 'ipv4' ? 32 : 128)) continue;
      const network = networkOf(address, prefixLength);
      lengths.add(prefixLength);
      inside.set(network, inside.has(network) && inside.get(network) !== instance ? undefined : instance);
    }
  }
  const known = new Map<IpAddress, VrrpInstance | undefined>();
  return (server) => {
    if (known.has(server)) return known.get(server);
    let found: VrrpInstance | undefined;
    for (const length of lengths) found ??= inside.get(networkOf(server, length));
    known.set(server, found);
    return found;
  };
}
