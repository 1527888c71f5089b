import { ipToBytes, type IpAddress } from '../../../core/index.ts';
import type { Director } from '../../director.ts';
import { hostAddresses } from '../../facts.ts';
import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';
import { isSampleService } from './sample-services.ts';

/** No packet for an address reaches a director that does not have it: mostly a typing mistake. */
export const serviceWithoutAddress: Rule = {
  id: 'service-without-address',
  severity: 'warning',
  title: 'the address of a service is not among the virtual addresses',
  *check(director) {
    const carried = addressesOf(director);
    if (carried.size === 0) return;
    const networks = new Map([...carried].map((address) => [networkOf(address), address]));
    for (const service of director.config.lvs.virtualServers) {
      if (service.key.kind !== 'address' || carried.has(service.key.address) || isSampleService(service)) continue;
      // An address of another network may well be routed to the director or be on a loopback interface.
      const near = networks.get(networkOf(service.key.address));
      if (near === undefined) continue;
      yield {
        at: director.header(service),
        message: `no vrrp_instance has address ${service.key.address} of ${nameOfService(service)}`,
        hint: `add it to virtual_ipaddress, or correct it: ${near} is there`,
      };
    }
  },
};

function addressesOf({ config, facts }: Director): ReadonlySet<IpAddress> {
  const virtual = config.vrrp.instances.flatMap((one) => [...one.virtualIpaddress, ...one.virtualIpaddressExcluded]);
  // Without virtual addresses the service's address comes from somewhere else.
  if (virtual.length === 0) return new Set();
  return new Set([...virtual, ...config.vrrp.staticIpaddress, ...hostAddresses(facts)].map(({ address }) => address));
}

function networkOf(address: IpAddress): string {
  const bytes = ipToBytes(address);
  return bytes.slice(0, bytes.length === 4 ? 3 : 8).join(' ');
}
