import type { Rule } from '../../rule.ts';
import { hasChangingWeight, nameOfService } from './objects.ts';

/** ovf takes a server's weight for the number of connections that it can bear (ipvsadm(8)). */
export const overflowWeight: Rule = {
  id: 'overflow-weight',
  severity: 'warning',
  title: 'the overflow scheduler with servers that bear one connection',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      if (service.lbAlgo !== 'ovf' || service.realServers.length < 2) continue;
      if (service.realServers.some((server) => server.weight > 1 || hasChangingWeight(director, server))) continue;
      const line = director.line(service, 'lb_algo') === undefined ? 'lvs_sched' : 'lb_algo';
      yield {
        at: director.at(service, line),
        message: `servers of ${nameOfService(service)} have weight 1, which 'ovf' takes for one connection`,
        hint: 'give each server the number of connections that it can bear as its weight',
      };
    }
  },
};
