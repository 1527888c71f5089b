import { ipFamily } from '../../../core/index.ts';
import { hostAddresses } from '../../facts.ts';
import type { Rule } from '../../rule.ts';
import { allAddresses, networkOf, ownersOf } from './addresses.ts';

/** Routed addresses are outside of all networks by intent: this is only a hint for who looks for a slip. */
export const addressOffSubnet: Rule = {
  id: 'address-off-subnet',
  severity: 'info',
  title: 'a virtual address outside of all networks of the host',
  *check(director) {
    const owners = ownersOf(director.config.vrrp.instances);
    const own = hostAddresses(director.facts).filter((one) => !owners.has(one.address));
    const networks = new Set(own.map(({ address, prefixLength }) => networkOf(address, prefixLength)));
    const lengths = new Map(
      (['ipv4', 'ipv6'] as const).map((family) => [
        family,
        [...new Set(own.filter(({ address }) => ipFamily(address) === family).map((one) => one.prefixLength))],
      ]),
    );
    for (const instance of director.config.vrrp.instances) {
      for (const { address, dev, span } of allAddresses(instance)) {
        const known = lengths.get(ipFamily(address)) ?? [];
        if (known.length === 0 || dev === 'lo' || address.startsWith('fe80:')) continue;
        if (known.some((prefixLength) => networks.has(networkOf(address, prefixLength)))) continue;
        yield {
          at: span,
          message: `virtual address ${address} of vrrp_instance ${instance.name} is in no network of the host's interfaces`,
          hint: 'only a route to the director brings packets there: check the address',
        };
      }
    }
  },
};
