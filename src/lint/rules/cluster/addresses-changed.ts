import type { ChangeRule } from '../../rule.ts';
import { isSameRouter, sameNamed } from './changes.ts';
import { listed, without } from './words.ts';

/** Adverts name the addresses; where they differ they are taken all the same, and logged. */
export const addressesChanged: ChangeRule = {
  id: 'addresses-changed',
  severity: 'info',
  title: 'adverts name other addresses until the other director has the change too',
  *change(director, previous) {
    for (const change of sameNamed(director, previous)) {
      const { now, before } = change;
      if (!isSameRouter(change)) continue;
      const [here, there] = [now, before].map(({ virtualIpaddress }) => virtualIpaddress.map(({ address }) => address));
      const [added, removed] = [without(here ?? [], there ?? []), without(there ?? [], here ?? [])];
      if (added.length + removed.length === 0) continue;
      const words = [
        ...(added.length === 0 ? [] : [`gets ${listed(added)}`]),
        ...(removed.length === 0 ? [] : [`loses ${listed(removed)}`]),
      ].join(' and ');
      yield {
        at: director.at(now, 'virtual_ipaddress'),
        message: `vrrp_instance ${now.name} ${words}: until the other director has the change too, it logs each advert as wrong and does not take over the same addresses`,
        hint: 'change both in one go; nothing fails over by that',
        related: [{ span: previous.at(before, 'virtual_ipaddress'), message: 'as it runs now' }],
      };
    }
  },
};
