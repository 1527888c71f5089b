import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

/** virtualhost is what HTTP checks ask for. It chooses no server: IPVS does not look into requests. */
export const virtualhostWithoutUse: Rule = {
  id: 'virtualhost-without-use',
  severity: 'warning',
  title: 'a virtualhost where nothing is checked with HTTP',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      const line = director.line(service, 'virtualhost');
      if (line === undefined) continue;
      const used = service.realServers.some(
        (server) => director.line(server, 'HTTP_GET') !== undefined || director.line(server, 'SSL_GET') !== undefined,
      );
      if (used) continue;
      yield {
        at: spanOf(line),
        message: `virtualhost of ${nameOfService(service)} has no effect: its servers have no HTTP_GET or SSL_GET`,
        hint: 'remove it, or check with HTTP_GET; requests cannot be distributed by their host name',
      };
    }
  },
};
