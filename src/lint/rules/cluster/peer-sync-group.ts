import { pairsOf, type InstancePair } from '../../peers.ts';
import type { PeerRule } from '../../rule.ts';
import { groupsOf, pairsByGroup } from './groups.ts';
import { listed, without } from './words.ts';

/** What is kept together on one director only comes apart on the other. */
export const peerSyncGroup: PeerRule = {
  id: 'peer-sync-group',
  severity: 'warning',
  title: 'two directors group their instances differently',
  *compare(director, peer) {
    const pairs = pairsOf(director, peer);
    const [here, there] = [groupsOf(director), groupsOf(peer)];
    const byGroup = pairsByGroup(pairs, ({ mine }) => here.get(mine.name));
    const byOther = pairsByGroup(pairs, ({ theirs }) => there.get(theirs.name));
    const groups = new Map(peer.config.vrrp.syncGroups.map((group) => [group.name, group]));
    const compared = new Set<string>();
    for (const group of director.config.vrrp.syncGroups) {
      const members = byGroup.get(group.name) ?? [];
      if (members.length < 2) continue;
      const other = members.map(({ theirs }) => there.get(theirs.name)).find((name) => name !== undefined);
      if (other !== undefined) compared.add(other);
      const together = other === undefined ? [] : (byOther.get(other) ?? []);
      const parts = [
        ...part(without(names(members), names(together)), 'on this director only'),
        ...part(without(names(together), names(members)), 'on the other director only'),
      ];
      if (parts.length === 0) continue;
      const otherGroup = groups.get(other ?? '');
      yield {
        at: director.header(group),
        message:
          other === undefined
            ? `vrrp_sync_group ${group.name}: the other director has its members in no group`
            : `vrrp_sync_group ${group.name} has ${parts.join(', ')}`,
        hint: 'group the same instances on both: otherwise they come apart when one fails',
        ...(otherGroup === undefined
          ? {}
          : { related: [{ span: peer.header(otherGroup), message: `vrrp_sync_group ${otherGroup.name} of it` }] }),
      };
    }
    for (const [name, [first, ...others]] of byOther) {
      const group = groups.get(name);
      if (first === undefined || others.length === 0 || compared.has(name) || group === undefined) continue;
      yield {
        at: director.header(first.mine),
        message: `vrrp_instance ${first.mine.name} is not grouped with ${listed(others.map(({ mine }) => mine.name))}, as on the other director`,
        hint: `add vrrp_sync_group ${name} here too`,
        related: [{ span: peer.header(group), message: `vrrp_sync_group ${name} of it` }],
      };
    }
  },
};

function part(items: readonly string[], where: string): readonly string[] {
  return items.length === 0 ? [] : [`${listed(items)} ${where}`];
}

function names(pairs: readonly InstancePair[]): readonly string[] {
  return pairs.map(({ mine }) => mine.name);
}
