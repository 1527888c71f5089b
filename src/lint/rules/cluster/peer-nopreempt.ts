import { pairsOf } from '../../peers.ts';
import type { PeerRule } from '../../rule.ts';
import { weighedOf } from '../vrrp/weights.ts';

/** Who does not preempt leaves a MASTER alone, however low its priority has become. */
export const peerNopreempt: PeerRule = {
  id: 'peer-nopreempt',
  severity: 'warning',
  title: 'weights that a director with nopreempt does not look at',
  *compare(director, peer) {
    const here = weighedOf(director);
    for (const { mine, theirs } of pairsOf(director, peer)) {
      const [first] = here.get(mine) ?? [];
      if (first === undefined || !theirs.nopreempt || mine.priority === 255) continue;
      yield {
        at: first.entry.span,
        message: `a failure of ${first.what} ${first.entry.name} only lowers the priority of vrrp_instance ${mine.name}, and the other director has nopreempt: it does not take over`,
        hint: 'use weight 0, so that a failure means FAULT, or remove nopreempt there',
        related: [
          { span: peer.at(theirs, 'nopreempt'), message: `vrrp_instance ${theirs.name} of the other director` },
        ],
      };
    }
  },
};
