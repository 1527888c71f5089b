import type { AddressEntry, VrrpInstance } from '../../../config/index.ts';
import { ipFamily } from '../../../core/index.ts';
import type { Rule } from '../../rule.ts';
import { allAddresses } from './addresses.ts';

/** Of two instances with one address the one that leaves MASTER takes it from the other. */
export const duplicateAddress: Rule = {
  id: 'duplicate-address',
  severity: 'warning',
  title: 'one virtual address twice',
  *check({ config }) {
    const groupOf = new Map(config.vrrp.syncGroups.flatMap((group) => group.group.map((name) => [name, group.name])));
    const seen = new Map<string, { readonly instance: VrrpInstance; readonly entry: AddressEntry }>();
    for (const instance of config.vrrp.instances) {
      for (const entry of allAddresses(instance)) {
        // Link-local addresses are each link's own.
        const link = entry.dev ?? instance.interface ?? '';
        const local = ipFamily(entry.address) === 'ipv6' && entry.address.startsWith('fe80:');
        const key = local || link === 'lo' ? `${entry.address} ${link}` : entry.address;
        const other = seen.get(key);
        if (other === undefined) {
          seen.set(key, { instance, entry });
          continue;
        }
        // Members of one group move together, and the address with them.
        const group = groupOf.get(instance.name);
        if (other.instance !== instance && group !== undefined && group === groupOf.get(other.instance.name)) continue;
        if (other.instance === instance && (other.entry.dev ?? instance.interface ?? '') !== link) continue;
        yield {
          at: entry.span,
          message:
            other.instance === instance
              ? `address ${entry.address} is twice in vrrp_instance ${instance.name}`
              : `address ${entry.address} of vrrp_instance ${instance.name} is also in ${other.instance.name}`,
          hint:
            other.instance === instance
              ? 'remove one of them'
              : 'keep it in one instance: whichever leaves MASTER first takes it away from the other',
          related: [{ span: other.entry.span, message: 'the first' }],
        };
      }
    }
  },
};
