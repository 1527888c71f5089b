import { ipFamily } from '../../../core/index.ts';
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
    const inside = new Map<string, VrrpInstance>();
    for (const instance of instances)
      for (const { address, prefixLength } of allAddresses(instance))
        if (prefixLength < (ipFamily(address) === 'ipv4' ? 32 : 128))
          inside.set(networkOf(address, prefixLength), instance);
    const lengths = [...new Set([...inside.keys()].map((network) => Number(network.split('/')[1])))];
    const told = new Set<string>();
    for (const service of director.config.lvs.virtualServers) {
      const outer = service.key.kind === 'address' ? owners.get(service.key.address) : undefined;
      if (outer === undefined) continue;
      for (const server of service.realServers) {
        if (server.forwarding.lbKind !== 'NAT') continue;
        const inner = lengths.flatMap((length) => inside.get(networkOf(server.address, length)) ?? [])[0];
        if (inner === undefined || inner.interface === outer.interface) continue;
        const group = groupOf.get(outer.name);
        const pair = `${outer.name} ${inner.name}`;
        if ((group !== undefined && group === groupOf.get(inner.name)) || told.has(pair)) continue;
        told.add(pair);
        yield {
          at: director.header(inner),
          message: `vrrp_instance ${inner.name} is the way back of the NAT services of ${outer.name}, and the two are in no common sync group`,
          hint: `where one fails over alone, answers go to the wrong director: vrrp_sync_group VG { group { ${outer.name} ${inner.name} } }`,
          related: [{ span: director.header(outer), message: `vrrp_instance ${outer.name}` }],
        };
      }
    }
  },
};
