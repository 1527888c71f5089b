import { pairsOf, type InstancePair } from '../../peers.ts';
import type { PeerRule } from '../../rule.ts';
import { groupsOf, pairsByGroup } from './groups.ts';

/** A group whose members are led by different directors cannot come to rest. */
export const peerGroupPriorities: PeerRule = {
  id: 'peer-group-priorities',
  severity: 'error',
  title: 'each director leads in a part of a sync group',
  *compare(director, peer) {
    const here = groupsOf(director);
    const byGroup = pairsByGroup(pairsOf(director, peer), ({ mine }) => here.get(mine.name));
    for (const [group, pairs] of byGroup) {
      const higher = pairs.find(({ mine, theirs }) => mine.priority > theirs.priority);
      const lower = pairs.find(({ mine, theirs }) => mine.priority < theirs.priority);
      if (higher === undefined || lower === undefined) continue;
      yield {
        at: director.at(lower.mine, 'priority'),
        message: `in vrrp_sync_group ${group} this director leads with ${words(higher)} and the other with ${words(lower)}: they elect without end`,
        hint: 'give all members of the group the higher priority on the same director',
        related: [
          { span: director.at(higher.mine, 'priority'), message: `vrrp_instance ${higher.mine.name}` },
          {
            span: peer.at(lower.theirs, 'priority'),
            message: `vrrp_instance ${lower.theirs.name} of the other director`,
          },
        ],
      };
    }
  },
};

function words({ mine, theirs }: InstancePair): string {
  return `vrrp_instance ${mine.name} (${String(mine.priority)} to ${String(theirs.priority)})`;
}
