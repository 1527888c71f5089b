import type { VrrpInstance } from '../../../config/index.ts';
import { unpaired } from '../../peers.ts';
import type { PeerRule } from '../../rule.ts';
import { allAddresses } from '../vrrp/addresses.ts';

/** Two virtual routers with the same addresses are MASTER both. */
export const peerVrid: PeerRule = {
  id: 'peer-vrid',
  severity: 'error',
  title: 'the same addresses under different virtual_router_ids',
  *compare(director, peer) {
    const byAddress = new Map<string, VrrpInstance>(
      unpaired(peer, director).flatMap((theirs) =>
        allAddresses(theirs).map(({ address }) => [address as string, theirs] as const),
      ),
    );
    for (const mine of unpaired(director, peer)) {
      const theirs = allAddresses(mine).flatMap(({ address }) => byAddress.get(address) ?? [])[0];
      if (theirs?.family !== mine.family) continue;
      yield {
        at: director.at(mine, 'virtual_router_id'),
        message: `vrrp_instance ${mine.name} has virtual_router_id ${String(mine.virtualRouterId)}, and ${theirs.name} of the other director holds the same addresses with ${String(theirs.virtualRouterId)}: both become MASTER`,
        hint: 'give the same virtual_router_id on both',
        related: [
          {
            span: peer.at(theirs, 'virtual_router_id'),
            message: `vrrp_instance ${theirs.name} of the other director`,
          },
        ],
      };
    }
  },
};
