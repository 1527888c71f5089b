import type { Rule } from '../../rule.ts';
import { checksOf, nameOfServer } from './objects.ts';

/** Without a name DNS_CHECK asks for the root zone, which servers that are no resolvers refuse to answer for. */
export const dnsCheckOfRoot: Rule = {
  id: 'dns-check-of-root',
  severity: 'info',
  title: 'a DNS_CHECK that asks for the root zone',
  *check(director) {
    for (const { server, check } of checksOf(director)) {
      if (check.type !== 'DNS_CHECK' || director.line(check, 'name') !== undefined) continue;
      yield {
        at: director.header(check),
        message: `DNS_CHECK of ${nameOfServer(server)} asks for the root zone, which an authoritative server refuses`,
        hint: "add 'name' with a name that the server answers for",
      };
    }
  },
};
