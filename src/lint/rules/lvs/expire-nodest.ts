import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

const setting = 'net.ipv4.vs.expire_nodest_conn';

/** Kernel documentation, ipvs-sysctl: 0 drops the packets of connections to a server that is gone. */
export const expireNodest: Rule = {
  id: 'expire-nodest',
  severity: 'info',
  title: 'connections to a server that was taken out hang until they time out',
  *check(director) {
    if (director.facts?.sysctls?.[setting] !== '0') return;
    const service = director.config.lvs.virtualServers.find(({ realServers }) =>
      realServers.some((server) => !server.inhibitOnFailure && server.checkers.length > 0),
    );
    if (service === undefined) return;
    yield {
      at: director.header(service),
      message: `when a server of ${nameOfService(service)} fails, its connections hang until they time out: ${setting} is 0`,
      hint: `set ${setting} = 1 in /etc/sysctl.d: clients are then told that their connection is over`,
    };
  },
};
