import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

/** With a sorry server the servers that still work are taken out when the quorum is lost. */
export const quorumNeedsAll: Rule = {
  id: 'quorum-needs-all',
  severity: 'info',
  title: 'the sorry server comes in as soon as one real server fails',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      if (service.sorryServer === undefined || service.quorum <= 1) continue;
      const weights = service.realServers.map(({ weight }) => weight).filter((weight) => weight > 0);
      if (weights.length < 2) continue;
      const most = weights.reduce((sum, weight) => sum + weight, 0);
      const least = weights.reduce((left, right) => Math.min(left, right));
      if (most - least >= service.quorum - service.hysteresis) continue;
      yield {
        at: director.at(service, 'quorum'),
        message: `when one server of ${nameOfService(service)} fails, the sorry server takes the place of the others too: all together weigh ${String(most)}`,
        hint: 'a quorum is the sum of weights without which the service is closed: take a smaller one',
      };
    }
  },
};
