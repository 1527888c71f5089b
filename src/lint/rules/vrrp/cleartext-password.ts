import type { Rule } from '../../rule.ts';

/** auth_type PASS keeps apart who is apart by mistake; it keeps nobody out. */
export const cleartextPassword: Rule = {
  id: 'cleartext-password',
  severity: 'info',
  title: 'a password that everybody on the network can read',
  *check(director) {
    for (const instance of director.config.vrrp.instances) {
      if (instance.authentication?.authType !== 'PASS') continue;
      yield {
        at: director.at(instance, 'authentication'),
        message: `auth_pass of vrrp_instance ${instance.name} is readable in every advert`,
        hint: 'it only keeps neighbours apart: do not use a password that counts elsewhere; releases from 2.4.0 have auth_hmac',
      };
    }
  },
};
