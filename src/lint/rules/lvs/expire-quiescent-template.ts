import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

const setting = 'net.ipv4.vs.expire_quiescent_template';

/** Kernel documentation, ipvs-sysctl: 0 keeps sending persistent clients to a server of weight 0. */
export const expireQuiescentTemplate: Rule = {
  id: 'expire-quiescent-template',
  severity: 'warning',
  title: 'persistent clients stay with a server that has failed',
  *check(director) {
    if (director.facts?.sysctls?.[setting] !== '0') return;
    for (const service of director.config.lvs.virtualServers) {
      if (service.persistenceTimeoutSecs === undefined) continue;
      const server = service.realServers.find(
        ({ inhibitOnFailure, checkers }) => inhibitOnFailure && checkers.length > 0,
      );
      if (server === undefined) continue;
      const own = director.line(server, 'inhibit_on_failure') !== undefined;
      yield {
        at: director.at(own ? server : service, 'inhibit_on_failure'),
        message: `a failed server of ${nameOfService(service)} keeps its persistent clients: it stays with weight 0, and ${setting} is 0`,
        hint: `set ${setting} = 1 in /etc/sysctl.d, or leave inhibit_on_failure out`,
      };
    }
  },
};
