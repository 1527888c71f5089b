import type { Rule } from '../../rule.ts';
import { nameOfServer, nameOfService } from './objects.ts';

/** A kernel answers pings while its programs are gone. */
export const onlyPinged: Rule = {
  id: 'only-pinged',
  severity: 'info',
  title: 'a real server is checked by ping alone',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      const server = service.realServers.find(
        ({ checkers }) => checkers.length > 0 && checkers.every(({ type }) => type === 'PING_CHECK'),
      );
      if (server === undefined) continue;
      yield {
        at: director.at(server, 'PING_CHECK'),
        message: `${nameOfServer(server)} of ${nameOfService(service)} is only pinged: its host answers also when the program is gone`,
        hint: 'add a check of the port: TCP_CHECK or UDP_CHECK',
      };
    }
  },
};
