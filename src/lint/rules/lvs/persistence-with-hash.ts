import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

const hashing: Readonly<Record<string, string>> = {
  sh: 'the same client already gets the same server',
  mh: 'the same client already gets the same server',
  dh: 'it chooses by destination, and the client then sticks to what it chose',
};

/** Two ways to keep a client at its server; the templates of the second cost memory and must be synchronised. */
export const persistenceWithHash: Rule = {
  id: 'persistence-with-hash',
  severity: 'info',
  title: 'persistence with a scheduler that hashes addresses',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      const why = hashing[service.lbAlgo];
      // A service for all ports must have persistence.
      const needed = service.key.kind === 'address' && service.key.port === 0;
      if (why === undefined || service.persistenceTimeoutSecs === undefined || needed) continue;
      yield {
        at: director.at(service, 'persistence_timeout'),
        message: `${nameOfService(service)} has persistence and 'lb_algo ${service.lbAlgo}': ${why}`,
        hint: 'keep one of the two',
      };
    }
  },
};
