import { isLinkLocal } from '../../../core/index.ts';
import type { Rule } from '../../rule.ts';

/** RFC 9568 5.2.9: the first address of an IPv6 virtual router is its link-local one. */
export const strictFirstAddress: Rule = {
  id: 'strict-first-address',
  severity: 'warning',
  title: 'strict mode without a link-local IPv6 address first',
  *check({ config }) {
    for (const instance of config.vrrp.instances) {
      const [first] = instance.virtualIpaddress;
      if (!instance.strictMode || instance.family !== 'ipv6' || first === undefined) continue;
      if (isLinkLocal(first.address)) continue;
      yield {
        at: first.span,
        message: `the first virtual address of vrrp_instance ${instance.name}, ${first.address}, is not link-local, as strict mode wants it`,
        hint: "begin virtual_ipaddress with a link-local address, 'fe80::…/64': hosts use it as their gateway",
      };
    }
  },
};
