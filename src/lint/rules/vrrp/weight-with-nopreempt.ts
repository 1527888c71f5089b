import type { Rule } from '../../rule.ts';
import { weighedOf } from './weights.ts';

/** A lower priority only matters to a director that preempts. */
export const weightWithNopreempt: Rule = {
  id: 'weight-with-nopreempt',
  severity: 'info',
  title: 'weights together with nopreempt',
  *check(director) {
    for (const [instance, all = []] of weighedOf(director)) {
      const [first] = all;
      if (!instance.nopreempt || first === undefined) continue;
      yield {
        at: director.at(instance, 'nopreempt'),
        message: `vrrp_instance ${instance.name} has nopreempt: a weight of the MASTER's (here of ${first.what} ${first.entry.name}) never makes it take over`,
        hint: 'where nopreempt is on all directors, use weight 0: FAULT gives the addresses up',
      };
    }
  },
};
