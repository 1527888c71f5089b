import type { Rule } from '../../rule.ts';
import { isChecked, nameOfServer, nameOfService } from './objects.ts';

/** Without a check a server counts as up for ever. */
export const serverWithoutCheck: Rule = {
  id: 'server-without-check',
  severity: 'warning',
  title: 'a real server without a check among others that have one',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      const unchecked = service.realServers.filter((server) => !isChecked(director, server));
      if (unchecked.length === service.realServers.length) {
        yield {
          at: director.header(service),
          severity: 'info',
          message: `no real server of ${nameOfService(service)} has a check: all count as up for ever`,
          hint: "give each a check, if only 'TCP_CHECK { connect_timeout 3 }'",
        };
        continue;
      }
      for (const server of unchecked) {
        // Weight 0 takes no connections: it does not matter whether it is up.
        if (server.weight === 0) continue;
        yield {
          at: director.header(server),
          message: `${nameOfServer(server)} has no check, unlike others of ${nameOfService(service)}: it counts as up for ever`,
          hint: 'give it the check that the others have',
        };
      }
    }
  },
};
