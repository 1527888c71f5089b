import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { isChecked, nameOfServer, nameOfService } from './objects.ts';

/** alpha waits for the first success of a check; a server without one is up at once all the same. */
export const alphaWithoutCheck: Rule = {
  id: 'alpha-without-check',
  severity: 'info',
  title: "'alpha' where there is no check to wait for",
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      const line = director.line(service, 'alpha');
      const unchecked = service.realServers.filter((server) => !isChecked(director, server));
      if (line !== undefined && unchecked.length === service.realServers.length)
        yield {
          at: spanOf(line),
          message: `'alpha' of ${nameOfService(service)} has no effect: none of its servers has a check to wait for`,
          hint: 'give the servers checks, or leave alpha out',
        };
      for (const server of unchecked) {
        const own = director.line(server, 'alpha');
        if (own === undefined) continue;
        yield {
          at: spanOf(own),
          message: `'alpha' of ${nameOfServer(server)} has no effect: it has no check to wait for`,
          hint: 'give the server a check, or leave alpha out',
        };
      }
    }
  },
};
