import { ipFamily } from '../../../core/index.ts';
import { hostAddresses } from '../../facts.ts';
import type { Rule } from '../../rule.ts';
import { checksOf, connectionsOf, nameOfServer } from './objects.ts';

/** A socket is only bound to an address that the host has. */
export const bindAddressMissing: Rule = {
  id: 'bind-address-missing',
  severity: 'warning',
  title: 'a check binds to an address that the host does not have',
  *check(director) {
    const here = hostAddresses(director.facts);
    if (here.length === 0) return;
    const addresses = new Set(here.map(({ address }) => address));
    // Those come and go; binding to them is another rule's.
    for (const one of director.config.vrrp.instances)
      for (const { address } of [...one.virtualIpaddress, ...one.virtualIpaddressExcluded]) addresses.add(address);
    for (const { address } of director.config.vrrp.staticIpaddress) addresses.add(address);
    for (const { server, check } of checksOf(director)) {
      const bindto = connectionsOf(check).find((one) => one.bindto !== undefined && !addresses.has(one.bindto))?.bindto;
      if (bindto === undefined) continue;
      const family = ipFamily(bindto);
      if (family === 'ipv4' && director.facts?.sysctls?.['net.ipv4.ip_nonlocal_bind'] === '1') continue;
      yield {
        at: director.at(check, 'bindto'),
        message: `${check.type} of ${nameOfServer(server)} binds to ${bindto}, which this host does not have: it always fails`,
        hint: `name an address of this host: ${
          here.find(({ address }) => ipFamily(address) === family && !/^(?:127\.|::1$|fe80:)/.test(address))?.address ??
          'see ip address'
        }`,
      };
    }
  },
};
