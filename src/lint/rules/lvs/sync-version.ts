import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

const setting = 'net.ipv4.vs.sync_version';

/** The old form of synchronisation messages has room for IPv4 addresses only. */
export const syncVersion: Rule = {
  id: 'sync-version',
  severity: 'warning',
  title: 'connections are synchronised in a form that has no IPv6',
  *check(director) {
    if (director.config.global.lvsSyncDaemon === undefined || director.facts?.sysctls?.[setting] !== '0') return;
    const service = director.config.lvs.virtualServers.find(({ family }) => family === 'ipv6');
    const line = director.linesOf('global_defs', 'lvs_sync_daemon').at(-1)?.statement;
    if (service === undefined || line === undefined) return;
    yield {
      at: spanOf(line),
      message: `connections of ${nameOfService(service)} are not synchronised: ${setting} is 0, and that form has IPv4 only`,
      hint: `set ${setting} = 1 in /etc/sysctl.d on all directors`,
      related: [{ span: director.header(service), message: 'the IPv6 service' }],
    };
  },
};
