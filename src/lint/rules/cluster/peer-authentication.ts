import type { AuthHmac, VrrpAuthentication, VrrpInstance } from '../../../config/index.ts';
import type { Director } from '../../director.ts';
import { pairsOf } from '../../peers.ts';
import type { PeerRule, Report } from '../../rule.ts';

/** An advert of another type or password is dropped. The passwords themselves are not told. */
export const peerAuthentication: PeerRule = {
  id: 'peer-authentication',
  severity: 'error',
  title: 'two directors authenticate differently',
  *compare(director, peer) {
    for (const { mine, theirs } of pairsOf(director, peer)) {
      if (mine.version !== theirs.version) continue;
      yield* signatures(director, peer, mine, theirs);
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

function* signatures(director: Director, peer: Director, mine: VrrpInstance, theirs: VrrpInstance): Iterable<Report> {
  const related = [
    { span: peer.at(theirs, 'auth_hmac'), message: `vrrp_instance ${theirs.name} of the other director` },
  ];
  const at = director.at(mine, 'auth_hmac');
  const [own, other] = [used(mine.authHmac), used(theirs.authHmac)];
  const [unheard, unheardThere] = [refused(own, other), refused(other, own)];
  const which = unheard ?? unheardThere;
  if (which === undefined) return;
  yield {
    at,
    message:
      unheard === undefined
        ? `the other director drops the adverts of vrrp_instance ${mine.name}: ${which}`
        : `vrrp_instance ${mine.name} drops the other director's adverts: ${which}`,
    hint: "give the same keys on both; while they are rolled out, 'mode permissive' takes all",
    related,
  };
}

/** Without a key to sign with the whole block is off. */
function used(hmac: AuthHmac | undefined): AuthHmac | undefined {
  return hmac?.activeKey === undefined ? undefined : hmac;
}

/** Why one director does not take the signatures of another; undefined where it does, or where that is not known. */
function refused(receiver: AuthHmac | undefined, sender: AuthHmac | undefined): string | undefined {
  if (receiver?.mode !== 'enforce') return undefined;
  if (sender === undefined || sender.mode === 'receive-only') return 'they are not signed, and auth_hmac enforces it';
  const { activeKey } = sender;
  const known = receiver.keys.find(({ id }) => id === activeKey);
  if (known === undefined) return `they are signed with key ${String(activeKey)}, which it does not have`;
  const key = sender.keys.find(({ id }) => id === activeKey)?.key;
  // Only what is written the same way can be compared.
  const differs =
    (key?.from === 'text' && known.key.from === 'text' && key.text !== known.key.text) ||
    (key?.from === 'hex' && known.key.from === 'hex' && key.hex !== known.key.hex);
  return differs ? `key ${String(activeKey)} is another one there` : undefined;
}
