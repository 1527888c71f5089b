import { ipFamily, type IpAddress, type IpFamily } from '../../../core/index.ts';
import { hostAddresses } from '../../facts.ts';
import type { Rule } from '../../rule.ts';
import { nameOfServer, nameOfService, serversOf } from './objects.ts';

const switches: Readonly<Record<IpFamily, string>> = {
  ipv4: 'net.ipv4.ip_forward',
  ipv6: 'net.ipv6.conf.all.forwarding',
};

/** With NAT the replies come back through the director, which has to forward them. */
export const forwardingOff: Rule = {
  id: 'forwarding-off',
  severity: 'error',
  title: 'NAT on a host that does not forward packets',
  *check(director) {
    const sysctls = director.facts?.sysctls;
    if (sysctls === undefined) return;
    const own = new Set<IpAddress>(hostAddresses(director.facts).map(({ address }) => address));
    const told = new Set<IpFamily>();
    for (const { service, server } of serversOf(director)) {
      const family = ipFamily(server.address);
      const isLocal = own.has(server.address) || server.address.startsWith('127.') || server.address === '::1';
      if (server.forwarding.lbKind !== 'NAT' || isLocal || told.has(family)) continue;
      if (sysctls[switches[family]] !== '0') continue;
      told.add(family);
      yield {
        at: director.header(server),
        message: `${nameOfServer(server)} of ${nameOfService(service)} is reached by NAT, but this host does not forward packets: its replies are lost`,
        hint: `set ${switches[family]} = 1 in /etc/sysctl.d`,
      };
    }
  },
};
