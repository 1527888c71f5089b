import type { VrrpInstance } from '../../../config/index.ts';
import { textOf, type Director } from '../../director.ts';
import { pairsOf } from '../../peers.ts';
import type { PeerRule } from '../../rule.ts';
import { listed, without } from './words.ts';

/** Interfaces may have other names on the other director: what `dev` says is not compared. */
export const peerRoutes: PeerRule = {
  id: 'peer-routes',
  severity: 'warning',
  title: 'two directors have different virtual routes or rules',
  *compare(director, peer) {
    for (const { mine, theirs } of pairsOf(director, peer)) {
      for (const keyword of ['virtual_routes', 'virtual_rules']) {
        const [here, there] = [linesOf(director, mine, keyword), linesOf(peer, theirs, keyword)];
        const [onlyHere, onlyThere] = [without(here, there), without(there, here)];
        if (onlyHere.length + onlyThere.length === 0) continue;
        yield {
          at: director.at(mine, keyword),
          message: `${keyword} of vrrp_instance ${mine.name} differ: ${[
            ...(onlyHere.length === 0 ? [] : [`only this director has '${listed(onlyHere)}'`]),
            ...(onlyThere.length === 0 ? [] : [`only the other director has '${listed(onlyThere)}'`]),
          ].join(', ')}`,
          hint: 'give both the same: what one lacks is gone while it is MASTER',
          related: [{ span: peer.at(theirs, keyword), message: `vrrp_instance ${theirs.name} of the other director` }],
        };
      }
    }
  },
};

function linesOf(director: Director, instance: VrrpInstance, keyword: string): readonly string[] {
  return (director.line(instance, keyword)?.block?.statements ?? []).map((line) =>
    textOf(line)
      .replace(/\s+(?:dev|oif|iif)\s+\S+/g, '')
      .replace(/\bgw\b/g, 'via')
      .replace(/^to\s+/, ''),
  );
}
