import type { Rule } from '../../rule.ts';
import { hasChangingWeight, nameOfService } from './objects.ts';

/** fo takes the server of the highest weight; among equals the kernel decides (ipvsadm(8)). */
export const failoverWeights: Rule = {
  id: 'failover-weights',
  severity: 'warning',
  title: 'the failover scheduler with servers of equal weight',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      if (service.lbAlgo !== 'fo') continue;
      const weights = service.realServers.map(({ weight }) => weight).filter((weight) => weight > 0);
      if (weights.length < 2 || new Set(weights).size > 1) continue;
      if (service.realServers.some((server) => hasChangingWeight(director, server))) continue;
      const line = director.line(service, 'lb_algo') === undefined ? 'lvs_sched' : 'lb_algo';
      yield {
        at: director.at(service, line),
        message: `'${line} fo' of ${nameOfService(service)} goes by weight, and all its servers have weight ${String(weights[0])}: one gets everything, and nobody chose which`,
        hint: 'give the server that comes first the highest weight, its stand-in a lower one; or use rr to share',
      };
    }
  },
};
