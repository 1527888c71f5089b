import type { Rule } from '../../rule.ts';

/** When a second MASTER has gone, only gratuitous ARP brings the traffic back. */
export const noGarpAfterSplit: Rule = {
  id: 'no-garp-after-split',
  severity: 'warning',
  title: 'no gratuitous ARP after two masters',
  *check(director) {
    const global = director.linesOf('global_defs', 'vrrp_garp_lower_prio_repeat').at(-1);
    for (const instance of director.config.vrrp.instances) {
      if (instance.strictMode || instance.garpLowerPrioRepeat > 0 || instance.garpMasterRefreshMs > 0) continue;
      const own = director.line(instance, 'garp_lower_prio_repeat');
      if (own === undefined && global === undefined) continue;
      yield {
        at: own === undefined ? director.header(instance) : director.at(instance, 'garp_lower_prio_repeat'),
        message: `vrrp_instance ${instance.name} sends no gratuitous ARP when another MASTER of lower priority has been heard`,
        hint: 'switches and hosts go on using the other: give garp_lower_prio_repeat 1 or more',
      };
    }
  },
};
