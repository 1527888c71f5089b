import type { Rule } from '../../rule.ts';
import { ownersOf } from './addresses.ts';

/** A virtual address is wherever the MASTER is: adverts must go between addresses that stay. */
export const unicastAddressIsVirtual: Rule = {
  id: 'unicast-address-is-virtual',
  severity: 'error',
  title: 'adverts from or to a virtual address',
  *check(director) {
    const owners = ownersOf(director.config.vrrp.instances);
    for (const instance of director.config.vrrp.instances) {
      const { unicastSrcIp } = instance;
      const source = unicastSrcIp === undefined ? undefined : owners.get(unicastSrcIp);
      if (unicastSrcIp !== undefined && source !== undefined && instance.unicastPeer.length > 0) {
        yield {
          at: director.at(instance, 'unicast_src_ip'),
          message: `unicast_src_ip ${unicastSrcIp} of vrrp_instance ${instance.name} is a virtual address of ${source.name}: the instance goes to FAULT without it`,
          hint: "name the director's own address on that interface",
        };
      }
      for (const { address, span } of instance.unicastPeer) {
        const owner = owners.get(address);
        if (owner === undefined) continue;
        yield {
          at: span,
          message: `unicast_peer ${address} of vrrp_instance ${instance.name} is a virtual address of ${owner.name}: a MASTER sends its adverts to itself`,
          hint: "name the other director's own address",
        };
      }
    }
  },
};
