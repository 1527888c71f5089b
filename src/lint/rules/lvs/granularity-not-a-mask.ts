import { ipToBytes, type IpAddress } from '../../../core/index.ts';
import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

/** For IPv4 persistence_granularity is a netmask; any address is taken for one. */
export const granularityNotAMask: Rule = {
  id: 'granularity-not-a-mask',
  severity: 'error',
  title: 'persistence_granularity is not a netmask',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      const granularity = service.persistenceGranularity;
      // For IPv6 it is the length of a prefix, which the reader has judged.
      if (granularity === undefined || typeof granularity === 'number' || isMask(granularity)) continue;
      yield {
        at: director.at(service, 'persistence_granularity'),
        message: `persistence_granularity ${granularity} of ${nameOfService(service)} is not a netmask`,
        hint: "write ones before zeros: 'persistence_granularity 255.255.255.0' takes a /24 of clients for one",
      };
    }
  },
};

/** Ones and behind them zeros. */
function isMask(address: IpAddress): boolean {
  return /^1*0*$/.test([...ipToBytes(address)].map((byte) => byte.toString(2).padStart(8, '0')).join(''));
}
