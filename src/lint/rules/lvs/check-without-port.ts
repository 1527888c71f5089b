import type { Checker } from '../../../config/index.ts';
import type { Rule } from '../../rule.ts';
import { checksOf, nameOfServer, nameOfService } from './objects.ts';

/** Nothing listens at port 0. */
export const checkWithoutPort: Rule = {
  id: 'check-without-port',
  severity: 'error',
  title: 'a check that has no port to connect to',
  *check(director) {
    for (const { service, server, check } of checksOf(director)) {
      if (!asksPort0(check)) continue;
      yield {
        at: director.header(check),
        message: `${check.type} of ${nameOfServer(server)} of ${nameOfService(service)} has no port: it asks port 0 and always fails`,
        hint: "add 'connect_port PORT' to it",
      };
    }
  },
};

function asksPort0(check: Checker): boolean {
  const byPort = check.type === 'TCP_CHECK' || check.type === 'HTTP_GET' || check.type === 'SSL_GET';
  return (byPort || check.type === 'UDP_CHECK') && check.connectPort === 0;
}
