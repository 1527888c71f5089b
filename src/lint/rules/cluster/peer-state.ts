import { pairsOf } from '../../peers.ts';
import type { PeerRule } from '../../rule.ts';

/** `state` only says how to begin; that it says something else than the priorities is a mistake of copying. */
export const peerState: PeerRule = {
  id: 'peer-state',
  severity: 'warning',
  title: 'state MASTER on both directors, or on the one of lower priority',
  *compare(director, peer) {
    for (const { mine, theirs } of pairsOf(director, peer)) {
      const related = [
        { span: peer.at(theirs, 'state'), message: `vrrp_instance ${theirs.name} of the other director` },
      ];
      if (mine.state === 'MASTER' && theirs.state === 'MASTER')
        yield {
          at: director.at(mine, 'state'),
          message: `vrrp_instance ${mine.name} begins as MASTER, as on the other director`,
          hint: `write 'state BACKUP' on the one of lower priority (${mine.priority < theirs.priority ? 'this' : 'the other'})`,
          related,
        };
      else if (mine.state !== theirs.state && (mine.state === 'MASTER') === mine.priority < theirs.priority) {
        if (mine.priority === theirs.priority) continue;
        yield {
          at: director.at(mine, 'state'),
          message: `vrrp_instance ${mine.name} begins as ${mine.state} with priority ${String(mine.priority)}, the other director as ${theirs.state} with ${String(theirs.priority)}`,
          hint: "the higher priority becomes MASTER: write 'state MASTER' there, or 'state BACKUP' on both",
          related,
        };
      }
    }
  },
};
