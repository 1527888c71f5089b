import type { Checker } from '../../../config/index.ts';
import type { Rule } from '../../rule.ts';
import { checksOf, nameOfServer } from './objects.ts';

interface Mismatch {
  readonly says: string;
  readonly hint: string;
}

/** A check that speaks another language than the port is for. */
export const checkPortMismatch: Rule = {
  id: 'check-port-mismatch',
  severity: 'warning',
  title: 'a check speaks TLS to a plain port or plain to a TLS port',
  *check(director) {
    for (const { server, check } of checksOf(director)) {
      const mismatch = mismatchOf(check);
      if (mismatch === undefined) continue;
      const line = director.line(check, 'connect_port');
      yield {
        at: line === undefined ? director.header(check) : director.at(check, 'connect_port'),
        message: `${check.type} of ${nameOfServer(server)} ${mismatch.says}`,
        hint: mismatch.hint,
      };
    }
  },
};

function mismatchOf(check: Checker): Mismatch | undefined {
  if (check.type === 'HTTP_GET' && check.connectPort === 443) {
    // Web servers answer 400 there, and some look for just that.
    const asks400 = check.urls.some(({ statusCodes }) => statusCodes.some(([low, high]) => low <= 400 && high >= 400));
    return asks400 ? undefined : { says: 'speaks plain HTTP to port 443', hint: 'use SSL_GET' };
  }
  if (check.type === 'SSL_GET' && check.connectPort === 80)
    return { says: 'speaks TLS to port 80', hint: 'use HTTP_GET, or the port that serves TLS' };
  if (check.type === 'SMTP_CHECK' && check.connectPort === 465)
    return {
      says: 'speaks plain SMTP to port 465, where TLS comes first',
      hint: 'check port 25 or 587, or use TCP_CHECK',
    };
  if (check.type === 'DNS_CHECK' && check.connectPort === 853)
    return { says: 'asks by UDP at port 853, which is DNS over TLS', hint: "add 'connect_port 53', or use TCP_CHECK" };
  return undefined;
}
