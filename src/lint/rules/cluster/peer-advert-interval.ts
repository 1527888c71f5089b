import { pairsOf } from '../../peers.ts';
import type { PeerRule } from '../../rule.ts';

/** Version 2 drops adverts of another interval (RFC 3768 7.1); a BACKUP of version 3 uses the MASTER's. */
export const peerAdvertInterval: PeerRule = {
  id: 'peer-advert-interval',
  severity: 'error',
  title: 'two directors have different advert intervals',
  *compare(director, peer) {
    for (const { mine, theirs } of pairsOf(director, peer)) {
      if (mine.advertIntMs === theirs.advertIntMs || mine.version !== theirs.version) continue;
      yield {
        at: director.at(mine, 'advert_int'),
        message: `vrrp_instance ${mine.name} has an advert_int of ${secs(mine.advertIntMs)}, the other director ${secs(theirs.advertIntMs)}${mine.version === 2 ? ': each drops the adverts of the other, and both become MASTER' : ''}`,
        hint: 'give the same on both',
        related: [
          { span: peer.at(theirs, 'advert_int'), message: `vrrp_instance ${theirs.name} of the other director` },
        ],
        ...(mine.version === 2 ? {} : { severity: 'warning' }),
      };
    }
  },
};

function secs(ms: number): string {
  return `${String(ms / 1000)} s`;
}
