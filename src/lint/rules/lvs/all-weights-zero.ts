import type { Rule } from '../../rule.ts';
import { hasChangingWeight, nameOfService } from './objects.ts';

/** Weight 0 means: no new connections. */
export const allWeightsZero: Rule = {
  id: 'all-weights-zero',
  severity: 'warning',
  title: 'all real servers of a service have weight 0',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      if (service.sorryServer !== undefined) continue;
      if (service.realServers.some((server) => server.weight > 0 || hasChangingWeight(director, server))) continue;
      const [first] = service.realServers;
      if (first === undefined) continue;
      yield {
        at: director.at(first, 'weight'),
        message: `all real servers of ${nameOfService(service)} have weight 0: nobody answers new connections`,
        hint: 'give one a weight of 1 or more, or name a sorry_server',
      };
    }
  },
};
