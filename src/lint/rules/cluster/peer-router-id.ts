import { spanOf } from '../../director.ts';
import type { PeerRule } from '../../rule.ts';

/** router_id is a name for people: in mails it is all that tells the directors apart. */
export const peerRouterId: PeerRule = {
  id: 'peer-router-id',
  severity: 'info',
  title: 'two directors have the same router_id',
  *compare(director, peer) {
    const mine = director.linesOf('global_defs', 'router_id').at(-1)?.statement;
    const theirs = peer.linesOf('global_defs', 'router_id').at(-1)?.statement;
    if (mine === undefined || theirs === undefined || mine.args[0]?.text !== theirs.args[0]?.text) return;
    yield {
      at: spanOf(mine),
      message: `router_id ${director.config.global.routerId} is that of the other director`,
      hint: "mails name their sender by it: give each its own, or leave it out for the host's name",
      related: [{ span: spanOf(theirs), message: 'the other director' }],
    };
  },
};
