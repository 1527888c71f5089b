import type { Rule } from '../../rule.ts';
import { checksOf, nameOfServer } from './objects.ts';

/** keepalived.conf(5) asks for 4 s: that a host is gone is only known when the search for its hardware address ends. */
const leastMs = 4000;

export const udpCheckTooShort: Rule = {
  id: 'udp-check-too-short',
  severity: 'warning',
  title: 'a UDP_CHECK ends before it can know that the host is gone',
  *check(director) {
    for (const { server, check } of checksOf(director)) {
      if (check.type !== 'UDP_CHECK' || check.replyExpected || check.connectTimeoutMs >= leastMs) continue;
      // Another check may watch the host.
      if (server.checkers.some(({ type }) => type !== 'UDP_CHECK')) continue;
      yield {
        at: director.at(check, 'connect_timeout'),
        message: `UDP_CHECK of ${nameOfServer(server)} waits ${String(check.connectTimeoutMs / 1000)} s for an error: a host that is switched off passes`,
        hint: "write 'connect_timeout 5', or ask for an answer with require_reply",
      };
    }
  },
};
