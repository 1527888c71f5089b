import { pairsOf } from '../../peers.ts';
import type { PeerRule } from '../../rule.ts';
import { priorityWhenWell, priorityWithout, weighedOf } from '../vrrp/weights.ts';

/** A failure that leaves this director above the other one changes nothing that anybody would notice. */
export const peerWeightGap: PeerRule = {
  id: 'peer-weight-gap',
  severity: 'warning',
  title: 'a failure that does not make the other director take over',
  *compare(director, peer) {
    const [here, there] = [weighedOf(director), weighedOf(peer)];
    for (const { mine, theirs } of pairsOf(director, peer)) {
      const [all, others] = [here.get(mine), there.get(theirs)];
      if (all === undefined || others === undefined || mine.priority === 255 || theirs.priority === 255) continue;
      const [well, other] = [priorityWhenWell(mine, all), priorityWhenWell(theirs, others)];
      if (well <= other) continue;
      const lowest = Math.max(1, well - all.reduce((sum, { weight }) => sum + Math.abs(weight), 0));
      for (const one of all) {
        const left = priorityWithout(mine, all, one);
        if (left < other) continue;
        yield {
          at: one.entry.span,
          message: `a failure of ${one.what} ${one.entry.name} (weight ${String(one.weight)}) leaves vrrp_instance ${mine.name} at priority ${String(left)}, and the other director has ${String(other)}: it does not take over`,
          hint: `give a weight above ${String(well - other)}, or weight 0, which means FAULT`,
          related: [
            { span: peer.at(theirs, 'priority'), message: `vrrp_instance ${theirs.name} of the other director` },
          ],
          // Several that count together are a way to use weights.
          ...(lowest < other ? { severity: 'info' } : {}),
        };
      }
    }
  },
};
