import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

const daySecs = 86_400;

/** The timeout begins anew with each connection: a client that comes once a day never changes its server. */
export const persistenceTooLong: Rule = {
  id: 'persistence-too-long',
  severity: 'info',
  title: 'clients stay with their server for more than a day',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      const secs = service.persistenceTimeoutSecs;
      if (secs === undefined || secs <= daySecs) continue;
      yield {
        at: director.at(service, 'persistence_timeout'),
        message: `clients of ${nameOfService(service)} stay with their server for ${String(secs)} s after their last connection`,
        hint: 'persistence_timeout is in seconds: a session of the application is seldom longer than 3600',
      };
    }
  },
};
