import type { VrrpInstance } from '../../../config/index.ts';
import type { SourceSpan } from '../../../core/index.ts';
import type { Director } from '../../director.ts';
import { hostAddresses } from '../../facts.ts';
import { pairsOf } from '../../peers.ts';
import type { PeerRule } from '../../rule.ts';

interface Difference {
  readonly at: SourceSpan;
  readonly message: string;
  readonly hint: string;
}

/** Adverts that go where the other does not listen: both become MASTER. */
export const peerUnicast: PeerRule = {
  id: 'peer-unicast',
  severity: 'error',
  title: 'adverts do not reach the other director',
  *compare(director, peer) {
    for (const { mine, theirs } of pairsOf(director, peer)) {
      const related = [
        { span: peer.at(theirs, 'unicast_peer'), message: `vrrp_instance ${theirs.name} of the other director` },
      ];
      for (const difference of differences(director, mine, theirs)) yield { ...difference, related };
    }
  },
};

function* differences(director: Director, mine: VrrpInstance, theirs: VrrpInstance): Iterable<Difference> {
  const [unicast, otherUnicast] = [mine.unicastPeer.length > 0, theirs.unicastPeer.length > 0];
  if (unicast !== otherUnicast) {
    const [here, there] = unicast ? ['unicast', 'multicast'] : ['multicast', 'unicast'];
    yield {
      at: director.at(mine, 'unicast_peer'),
      message: `vrrp_instance ${mine.name} sends adverts by ${here}, the other director by ${there}: neither takes the other's`,
      hint: 'give unicast_peer on both, or on none',
    };
  } else if (!unicast) {
    if (mine.mcastDstIp === theirs.mcastDstIp) return;
    yield {
      at: director.at(mine, 'mcast_dst_ip'),
      message: `vrrp_instance ${mine.name} sends adverts to ${mine.mcastDstIp ?? 'the usual group'}, the other director to ${theirs.mcastDstIp ?? 'the usual group'}`,
      hint: 'give the same mcast_dst_ip on both',
    };
  } else {
    const { unicastSrcIp: other } = theirs;
    if (other !== undefined && !mine.unicastPeer.some(({ address }) => address === other))
      yield {
        at: director.at(mine, 'unicast_peer'),
        message: `unicast_peer of vrrp_instance ${mine.name} does not name ${other}, the other director's unicast_src_ip: it hears nothing from here`,
        hint: `add ${other} to unicast_peer`,
      };
    const own = ownAddresses(director, mine);
    if (own.size > 0 && !theirs.unicastPeer.some(({ address }) => own.has(address)))
      yield {
        at: director.at(mine, mine.unicastSrcIp === undefined ? 'unicast_peer' : 'unicast_src_ip'),
        message: `unicast_peer of the other director names no address of vrrp_instance ${mine.name} (${[...own].join(', ')}): its adverts do not come here`,
        hint: `add ${[...own][0] ?? ''} to unicast_peer of the other director`,
      };
  }
}

/** Where adverts for an instance arrive; empty where that is not known. */
function ownAddresses(director: Director, { unicastSrcIp, interface: name }: VrrpInstance): ReadonlySet<string> {
  if (unicastSrcIp !== undefined) return new Set([unicastSrcIp]);
  return new Set(
    hostAddresses(director.facts)
      .filter((one) => one.interface === name)
      .map(({ address }) => address),
  );
}
