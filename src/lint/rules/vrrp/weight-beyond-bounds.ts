import type { Rule } from '../../rule.ts';
import { priorityWhenWell, priorityWithout, weighedOf } from './weights.ts';

/** Priorities end at 254: what is added above is lost, and so is the failure that takes it away. */
export const weightBeyondBounds: Rule = {
  id: 'weight-beyond-bounds',
  severity: 'warning',
  title: 'a weight that is lost at the highest priority',
  *check(director) {
    for (const [instance, all = []] of weighedOf(director)) {
      if (instance.priority === 255) continue;
      const well = priorityWhenWell(instance, all);
      const lost = all.filter((one) => one.weight > 0 && priorityWithout(instance, all, one) === well);
      for (const { what, entry, weight } of lost)
        yield {
          at: entry.span,
          message: `a failure of ${what} ${entry.name} (weight ${String(weight)}) changes nothing in vrrp_instance ${instance.name}: its priority stays at ${String(well)}`,
          hint: 'priorities end at 254: give a lower priority, or lower weights',
        };
    }
  },
};
