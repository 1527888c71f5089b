import { ipFamily } from '../../../core/index.ts';
import type { Rule } from '../../rule.ts';
import { allAddresses, networkOf } from './addresses.ts';

/** Without a prefix length an address is a network of its own, which has no broadcast address. */
export const broadcastOutsideNetwork: Rule = {
  id: 'broadcast-outside-network',
  severity: 'warning',
  title: "a broadcast address outside of the address's network",
  *check({ config }) {
    for (const instance of config.vrrp.instances) {
      for (const { address, prefixLength, broadcast, span } of allAddresses(instance)) {
        if (broadcast === undefined || broadcast === '+' || broadcast === '-' || ipFamily(address) === 'ipv6') continue;
        if (broadcast === '255.255.255.255' || networkOf(broadcast, prefixLength) === networkOf(address, prefixLength))
          continue;
        yield {
          at: span,
          message: `broadcast address ${broadcast} of ${address}/${String(prefixLength)} in vrrp_instance ${instance.name} is not in its network`,
          hint:
            prefixLength === 32
              ? `write the prefix length of the network: '${address}/24 brd ${broadcast}'; without one it is /32`
              : "leave 'brd' out, or write 'brd +'",
        };
      }
    }
  },
};
