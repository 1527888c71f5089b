import type { VirtualServer } from '../../../config/index.ts';
import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

/** The scheduler that does the same with weights. */
const weighted: Readonly<Record<string, string>> = { rr: 'wrr', lc: 'wlc' };

/** rr and lc treat all servers alike whose weight is not 0. */
export const weightsIgnored: Rule = {
  id: 'weights-ignored',
  severity: 'warning',
  title: 'weights that differ, with a scheduler that does not look at them',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      const better = weighted[service.lbAlgo];
      // With a quorum weights count whatever the scheduler.
      if (better === undefined || service.quorum > 1) continue;
      const weights = new Set(service.realServers.map(({ weight }) => weight).filter((weight) => weight > 0));
      if (weights.size < 2 && !isDynamic(service)) continue;
      const line = director.line(service, 'lb_algo') === undefined ? 'lvs_sched' : 'lb_algo';
      yield {
        at: director.at(service, line),
        message: `'${line} ${service.lbAlgo}' of ${nameOfService(service)} does not look at the weights of its servers`,
        hint: `use '${line} ${better}', or give all servers the same weight`,
      };
    }
  },
};

/** The weight of one server alone does not matter. */
function isDynamic({ realServers }: VirtualServer): boolean {
  return (
    realServers.length > 1 &&
    realServers.some((server) => server.checkers.some((check) => check.type === 'MISC_CHECK' && check.miscDynamic))
  );
}
