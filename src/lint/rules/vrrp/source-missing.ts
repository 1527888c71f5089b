import { hostAddresses } from '../../facts.ts';
import type { Rule } from '../../rule.ts';

/** Unicast adverts are sent and received on that address: without it there is nothing but FAULT. */
export const sourceMissing: Rule = {
  id: 'source-missing',
  severity: 'error',
  title: 'unicast_src_ip is not on the host',
  *check(director) {
    const addresses = hostAddresses(director.facts);
    const here = new Set(addresses.map(({ address }) => address));
    if (here.size === 0) return;
    for (const instance of director.config.vrrp.instances) {
      const { unicastSrcIp } = instance;
      if (unicastSrcIp === undefined || here.has(unicastSrcIp) || instance.unicastPeer.length === 0) continue;
      const own = addresses.filter((one) => one.interface === instance.interface).map(({ address }) => address);
      yield {
        at: director.at(instance, 'unicast_src_ip'),
        message: `unicast_src_ip ${unicastSrcIp} of vrrp_instance ${instance.name} is on no interface of the host: it goes to FAULT`,
        hint:
          own.length === 0 ? "name one of the host's addresses" : `${instance.interface ?? ''} has ${own.join(', ')}`,
      };
    }
  },
};
