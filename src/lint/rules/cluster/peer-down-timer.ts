import { pairsOf } from '../../peers.ts';
import type { PeerRule } from '../../rule.ts';

/** keepalived.conf(5): all virtual routers for an instance must use the same value. */
export const peerDownTimer: PeerRule = {
  id: 'peer-down-timer',
  severity: 'warning',
  title: 'two directors wait for different numbers of adverts',
  *compare(director, peer) {
    for (const { mine, theirs } of pairsOf(director, peer)) {
      if (mine.downTimerAdverts === theirs.downTimerAdverts) continue;
      yield {
        at: director.at(mine, 'down_timer_adverts'),
        message: `vrrp_instance ${mine.name} takes over after ${String(mine.downTimerAdverts)} missed adverts, the other director after ${String(theirs.downTimerAdverts)}`,
        hint: 'give the same down_timer_adverts on both',
        related: [
          {
            span: peer.at(theirs, 'down_timer_adverts'),
            message: `vrrp_instance ${theirs.name} of the other director`,
          },
        ],
      };
    }
  },
};
