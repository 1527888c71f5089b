import { pairsOf } from '../../peers.ts';
import type { PeerRule } from '../../rule.ts';

/** Adverts of another version are dropped (RFC 9568 7.1). */
export const peerVersion: PeerRule = {
  id: 'peer-version',
  severity: 'error',
  title: 'two directors speak different versions of VRRP',
  *compare(director, peer) {
    for (const { mine, theirs } of pairsOf(director, peer)) {
      if (mine.version === theirs.version) continue;
      yield {
        at: director.at(mine, 'version'),
        message: `vrrp_instance ${mine.name} speaks VRRP version ${String(mine.version)}, the other director ${String(theirs.version)}: both become MASTER`,
        hint: "give 'version 2' or 'version 3' on both",
        related: [{ span: peer.at(theirs, 'version'), message: `vrrp_instance ${theirs.name} of the other director` }],
      };
    }
  },
};
