import type { Rule } from '../../rule.ts';
import { allAddresses, unusableAs } from './addresses.ts';

/** The kernel takes most of these without a word, and nothing ever reaches them. */
export const unusableAddress: Rule = {
  id: 'unusable-address',
  severity: 'error',
  title: 'a virtual address that no host can have',
  *check({ config }) {
    for (const instance of config.vrrp.instances) {
      for (const { address, prefixLength, span } of allAddresses(instance)) {
        const kind = unusableAs(address, prefixLength);
        if (kind === undefined) continue;
        yield {
          at: span,
          message: `virtual address ${address} of vrrp_instance ${instance.name} is ${kind}`,
          hint: 'give the address of a host, with the prefix length of its network',
          // It works on the director itself, as examples and tests have it.
          ...(kind === 'a loopback address' ? { severity: 'warning' } : {}),
        };
      }
    }
  },
};
