import type { VrrpAuthentication } from '../../../config/index.ts';
import { pairsOf } from '../../peers.ts';
import type { PeerRule } from '../../rule.ts';

/** An advert of another type or password is dropped. The passwords themselves are not told. */
export const peerAuthentication: PeerRule = {
  id: 'peer-authentication',
  severity: 'error',
  title: 'two directors authenticate differently',
  *compare(director, peer) {
    for (const { mine, theirs } of pairsOf(director, peer)) {
      if (mine.version !== theirs.version) continue;
      const difference = differing(mine.authentication, theirs.authentication);
      if (difference === undefined) continue;
      yield {
        at: director.at(mine, 'authentication'),
        message: `vrrp_instance ${mine.name} ${difference}: each drops the adverts of the other, and both become MASTER`,
        hint: 'give the same auth_type and auth_pass on both',
        related: [
          { span: peer.at(theirs, 'authentication'), message: `vrrp_instance ${theirs.name} of the other director` },
        ],
      };
    }
  },
};

function differing(mine: VrrpAuthentication | undefined, theirs: VrrpAuthentication | undefined): string | undefined {
  if (mine?.authType !== theirs?.authType) return `has ${nameOf(mine)}, and the other director ${nameOf(theirs)}`;
  return mine?.authPass === theirs?.authPass ? undefined : 'has another auth_pass than the other director';
}

function nameOf(authentication: VrrpAuthentication | undefined): string {
  return authentication === undefined ? 'no authentication' : `auth_type ${authentication.authType}`;
}
