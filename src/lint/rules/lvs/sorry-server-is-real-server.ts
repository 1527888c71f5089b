import type { Rule } from '../../rule.ts';
import { nameOfServer, nameOfService } from './objects.ts';

/** A sorry server answers when the real servers do not, so it cannot be one of them. */
export const sorryServerIsRealServer: Rule = {
  id: 'sorry-server-is-real-server',
  severity: 'warning',
  title: 'the sorry server is one of the real servers',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      const sorry = service.sorryServer;
      if (sorry === undefined) continue;
      const same = service.realServers.find(({ address, port }) => address === sorry.address && port === sorry.port);
      // Where only one of the two stays with weight 0, the reader has said so; where both do, it is meant.
      if (same === undefined || same.inhibitOnFailure || sorry.inhibit) continue;
      yield {
        at: director.at(service, 'sorry_server'),
        message: `the sorry_server of ${nameOfService(service)} is its ${nameOfServer(same)}`,
        hint: 'name a server that answers when the real servers do not, or leave sorry_server out',
        related: [{ span: director.header(same), message: 'the real server' }],
      };
    }
  },
};
