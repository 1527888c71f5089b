import type { Rule } from '../../rule.ts';

/** The default is the same on every director, so that the address decides; with state MASTER it even makes an owner. */
export const missingPriority: Rule = {
  id: 'missing-priority',
  severity: 'warning',
  title: 'an instance without a priority',
  *check(director) {
    for (const instance of director.config.vrrp.instances) {
      if (director.line(instance, 'priority') !== undefined) continue;
      const owner = instance.priority === 255;
      yield {
        at: director.header(instance),
        message: owner
          ? `vrrp_instance ${instance.name} has no priority: with 'state MASTER' that is 255, the owner's, which no failure lowers`
          : `vrrp_instance ${instance.name} has no priority: it is ${String(instance.priority)}, on every director`,
        hint: owner
          ? "add 'priority 150', and a lower one on the other director"
          : "add 'priority 1..254', another one on each director",
      };
    }
  },
};
