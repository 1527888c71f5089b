import type { Rule } from '../../rule.ts';
import { nameOfServer, nameOfService, serversOf } from './objects.ts';

/** The kernel takes no server whose lower threshold is above the upper one; none is 0 (ipvsadm(8)). */
export const thresholdOrder: Rule = {
  id: 'threshold-order',
  severity: 'error',
  title: 'lthreshold is above uthreshold',
  *check(director) {
    for (const { service, server } of serversOf(director)) {
      if (server.lthreshold <= server.uthreshold) continue;
      yield {
        at: director.at(server, 'lthreshold'),
        message: `lthreshold ${String(server.lthreshold)} of ${nameOfServer(server)} of ${nameOfService(service)} is above its uthreshold ${String(server.uthreshold)}: the kernel refuses the server`,
        hint: `give an uthreshold above ${String(server.lthreshold)}, or a lower lthreshold`,
      };
    }
  },
};
