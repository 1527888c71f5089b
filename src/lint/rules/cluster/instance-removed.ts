import type { ChangeRule } from '../../rule.ts';
import { allAddresses } from '../vrrp/addresses.ts';
import { listed, without } from './words.ts';

/** A renamed instance keeps its state: only what has no successor on its interface is told. */
export const instanceRemoved: ChangeRule = {
  id: 'instance-removed',
  severity: 'warning',
  title: 'an instance is gone after the reload, and its addresses with it',
  *change(director, previous) {
    const names = new Set(director.config.vrrp.instances.map(({ name }) => name));
    const routers = new Set(
      director.config.vrrp.instances.map(
        (one) => `${String(one.virtualRouterId)} ${one.family} ${one.interface ?? ''}`,
      ),
    );
    const kept = director.config.vrrp.instances.flatMap(allAddresses).map(({ address }) => address);
    for (const gone of previous.config.vrrp.instances) {
      if (names.has(gone.name)) continue;
      if (routers.has(`${String(gone.virtualRouterId)} ${gone.family} ${gone.interface ?? ''}`)) continue;
      const lost = without(
        allAddresses(gone).map(({ address }) => address),
        kept,
      );
      yield {
        at: previous.header(gone),
        message: `vrrp_instance ${gone.name} is gone after the reload${lost.length === 0 ? '' : `: this director gives ${listed(lost)} up`}, and its scripts are told FAULT`,
        hint: "remove it on the other director too, or that one takes over; 'notify_deleted' tells DELETED instead of FAULT",
      };
    }
  },
};
