import { hostAddresses } from '../../facts.ts';
import type { Rule } from '../../rule.ts';
import { allAddresses } from './addresses.ts';

/** The adverts come back; where no other peer is named, no director hears them. */
export const unicastPeerIsSelf: Rule = {
  id: 'unicast-peer-is-self',
  severity: 'warning',
  title: 'a unicast peer that is the director itself',
  *check({ config, facts }) {
    const here = new Set(hostAddresses(facts).map(({ address }) => address));
    for (const instance of config.vrrp.instances) {
      const virtual = new Set(allAddresses(instance).map(({ address }) => address));
      const isSelf = (address: (typeof instance.unicastPeer)[number]['address']): boolean =>
        address === instance.unicastSrcIp || (here.has(address) && !virtual.has(address));
      const alone = instance.unicastPeer.every(({ address }) => isSelf(address));
      for (const { address, span } of instance.unicastPeer) {
        if (!isSelf(address)) continue;
        yield {
          at: span,
          message: `unicast_peer ${address} of vrrp_instance ${instance.name} is this director's own address`,
          hint: alone
            ? 'name the address of the other director: nobody hears the adverts, and both become MASTER'
            : 'remove it: the director hears its own adverts and warns of each',
          ...(alone ? { severity: 'error' } : {}),
        };
      }
    }
  },
};
