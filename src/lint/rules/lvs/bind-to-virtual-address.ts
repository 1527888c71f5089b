import type { Rule } from '../../rule.ts';
import { checksOf, connectionsOf, nameOfServer } from './objects.ts';

/** The director that is BACKUP does not have the address: there the check fails, and the server is down when it takes over. */
export const bindToVirtualAddress: Rule = {
  id: 'bind-to-virtual-address',
  severity: 'warning',
  title: 'a check goes out from a virtual address',
  *check(director) {
    const owners = new Map(
      director.config.vrrp.instances.flatMap((instance) =>
        [...instance.virtualIpaddress, ...instance.virtualIpaddressExcluded].map(
          ({ address }) => [address, instance] as const,
        ),
      ),
    );
    if (owners.size === 0 || director.facts?.sysctls?.['net.ipv4.ip_nonlocal_bind'] === '1') return;
    for (const { service, server, check } of checksOf(director)) {
      // With ha_suspend there are no checks while the address is elsewhere.
      if (service.haSuspend) continue;
      const bindto = connectionsOf(check).find((one) => one.bindto !== undefined && owners.has(one.bindto))?.bindto;
      const owner = bindto === undefined ? undefined : owners.get(bindto);
      if (bindto === undefined || owner === undefined) continue;
      yield {
        at: director.at(check, 'bindto'),
        message: `${check.type} of ${nameOfServer(server)} binds to ${bindto}, which this director has only while vrrp_instance ${owner.name} is MASTER`,
        hint: "bind to an address of the director's own, or leave bindto out",
      };
    }
  },
};
