import { pairsOf } from '../../peers.ts';
import type { PeerRule } from '../../rule.ts';

/** Two directors of equal priority elect by address, which nobody chose. */
export const peerPriority: PeerRule = {
  id: 'peer-priority',
  severity: 'warning',
  title: 'two directors have the same priority',
  *compare(director, peer) {
    for (const { mine, theirs } of pairsOf(director, peer)) {
      if (mine.priority !== theirs.priority) continue;
      yield {
        at: director.at(mine, 'priority'),
        message: `vrrp_instance ${mine.name} has priority ${String(mine.priority)}, as on the other director`,
        hint: 'the higher address would win: give the one that should be MASTER a higher priority',
        related: [{ span: peer.at(theirs, 'priority'), message: `vrrp_instance ${theirs.name} of the other director` }],
        ...(mine.priority === 255 ? { severity: 'error' } : {}),
      };
    }
  },
};
