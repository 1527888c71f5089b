import type { Rule } from '../../rule.ts';

/** Adverts cannot leave the host there; keepalived ignores the line and then lacks an interface. */
export const loopbackInterface: Rule = {
  id: 'loopback-interface',
  severity: 'error',
  title: 'an instance on the loopback interface',
  *check(director) {
    for (const instance of director.config.vrrp.instances) {
      if (instance.interface !== 'lo') continue;
      yield {
        at: director.at(instance, 'interface'),
        message: `vrrp_instance ${instance.name} is on interface lo, which its peers cannot be reached by`,
        hint: "name the interface of the network; an address that is to be on lo is written 'ADDRESS dev lo'",
      };
    }
  },
};
