import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

const dnsPort = 53;

/** Questions come by UDP, and by TCP when the answer is large (RFC 7766). */
export const dnsOneProtocol: Rule = {
  id: 'dns-one-protocol',
  severity: 'warning',
  title: 'a DNS service with TCP alone, or UDP alone',
  *check(director) {
    const there = new Set(
      director.config.lvs.virtualServers.flatMap(({ key, protocol }) =>
        key.kind === 'address' && (key.port === dnsPort || key.port === 0) ? [`${protocol} ${key.address}`] : [],
      ),
    );
    for (const service of director.config.lvs.virtualServers) {
      const { key, protocol } = service;
      if (key.kind !== 'address' || key.port !== dnsPort || protocol === 'SCTP') continue;
      const other = protocol === 'TCP' ? 'UDP' : 'TCP';
      if (there.has(`${other} ${key.address}`)) continue;
      yield {
        at: director.header(service),
        ...(protocol === 'TCP' ? {} : { severity: 'info' as const }),
        message:
          protocol === 'TCP'
            ? `${nameOfService(service)} is DNS by TCP only: resolvers ask by UDP first`
            : `${nameOfService(service)} is DNS by UDP only: large answers need TCP`,
        hint: `add a virtual_server for the same address with 'protocol ${other}'`,
      };
    }
  },
};
