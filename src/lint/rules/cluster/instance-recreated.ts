import type { ChangeRule } from '../../rule.ts';
import { isSameRouter, sameNamed } from './changes.ts';

/** keepalived knows an instance by interface, id and family: with another of these the old one goes and a new one begins. */
export const instanceRecreated: ChangeRule = {
  id: 'instance-recreated',
  severity: 'warning',
  title: 'an instance gives its addresses up at reload and begins anew',
  *change(director, previous) {
    for (const change of sameNamed(director, previous)) {
      if (isSameRouter(change)) continue;
      const { now, before } = change;
      const vrid = now.virtualRouterId !== before.virtualRouterId;
      const moved = now.interface !== before.interface;
      const what = vrid
        ? `virtual_router_id ${String(before.virtualRouterId)} to ${String(now.virtualRouterId)}`
        : moved
          ? `interface ${before.interface ?? 'none'} to ${now.interface ?? 'none'}`
          : `${before.family} to ${now.family}`;
      yield {
        at: director.at(now, vrid ? 'virtual_router_id' : moved ? 'interface' : 'virtual_ipaddress'),
        message: `vrrp_instance ${now.name} changes from ${what}: at reload it gives its addresses up and begins anew as BACKUP`,
        hint: vrid
          ? 'until the other director has the new id too, both are MASTER: reload both at one time (reload_time_file)'
          : 'reload it while the other director is MASTER',
        related: [{ span: previous.header(before), message: 'as it runs now' }],
      };
    }
  },
};
