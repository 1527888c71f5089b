import type { Rule } from '../../rule.ts';
import { isChecked, nameOfService } from './objects.ts';

const overTcp: ReadonlySet<string> = new Set(['TCP_CHECK', 'HTTP_GET', 'SSL_GET', 'SMTP_CHECK']);

/** That something listens with TCP does not say that UDP is answered. */
export const udpCheckedByTcp: Rule = {
  id: 'udp-checked-by-tcp',
  severity: 'info',
  title: 'servers of a UDP service are only checked over TCP',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      if (service.protocol !== 'UDP' || director.line(service, 'protocol') === undefined) continue;
      const checked = service.realServers.filter((server) => isChecked(director, server));
      const [first] = checked;
      if (first === undefined) continue;
      const { checkers } = first;
      if (!checked.every((server) => server.checkers.every(({ type }) => overTcp.has(type)))) continue;
      const [check] = checkers;
      if (check === undefined) continue;
      yield {
        at: director.header(check),
        message: `${nameOfService(service)} is UDP, but its servers are only checked with ${check.type}`,
        hint: 'use UDP_CHECK, DNS_CHECK or a MISC_CHECK that asks by UDP',
      };
    }
  },
};
