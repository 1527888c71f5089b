import { pairsOf } from '../../peers.ts';
import type { PeerRule } from '../../rule.ts';

/** The two ways to count the checksum of version 3 over IPv4 do not match; who has the setting takes both. */
export const peerChecksum: PeerRule = {
  id: 'peer-checksum',
  severity: 'error',
  title: 'two directors count checksums differently',
  *compare(director, peer) {
    for (const { mine, theirs } of pairsOf(director, peer)) {
      if (mine.version !== 3 || theirs.version !== 3 || mine.family !== 'ipv4') continue;
      if (mine.v3ChecksumAsV2 === theirs.v3ChecksumAsV2) continue;
      const [who, other] = mine.v3ChecksumAsV2 ? ['this', 'the other'] : ['the other', 'this'];
      yield {
        at: director.at(mine, 'v3_checksum_as_v2'),
        message: `vrrp_instance ${mine.name} has v3_checksum_as_v2 on ${who} director only: ${other} one drops its adverts`,
        hint: 'give it on both or on none',
        related: [{ span: peer.header(theirs), message: `vrrp_instance ${theirs.name} of the other director` }],
      };
    }
  },
};
