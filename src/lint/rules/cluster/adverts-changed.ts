import type { VrrpInstance } from '../../../config/index.ts';
import type { ChangeRule } from '../../rule.ts';
import { isSameRouter, sameNamed } from './changes.ts';

/** Until the other director has the change too, each drops the adverts of the other. */
export const advertsChanged: ChangeRule = {
  id: 'adverts-changed',
  severity: 'warning',
  title: 'adverts that the other director drops until it has the change too',
  *change(director, previous) {
    for (const change of sameNamed(director, previous)) {
      const { now, before } = change;
      const keyword = changedKeyword(now, before);
      if (keyword === undefined || !isSameRouter(change)) continue;
      yield {
        at: director.at(now, keyword),
        message: `${keyword} of vrrp_instance ${now.name} changes: until the other director has it too, each drops the adverts of the other, and both are MASTER`,
        hint: 'reload both at one time (reload_time_file), or stop the BACKUP for the change',
        related: [{ span: previous.at(before, keyword), message: 'as it runs now' }],
      };
    }
  },
};

function changedKeyword(now: VrrpInstance, before: VrrpInstance): string | undefined {
  if (now.version !== before.version) return 'version';
  if (now.version === 2 && now.advertIntMs !== before.advertIntMs) return 'advert_int';
  if (now.authentication?.authType !== before.authentication?.authType) return 'authentication';
  if (now.authentication?.authPass !== before.authentication?.authPass) return 'authentication';
  if (signature(now) !== signature(before)) return 'auth_hmac';
  if (now.unicastPeer.length > 0 !== before.unicastPeer.length > 0) return 'unicast_peer';
  if (now.unicastPeer.length === 0 && now.mcastDstIp !== before.mcastDstIp) return 'mcast_dst_ip';
  return now.v3ChecksumAsV2 && !before.v3ChecksumAsV2 && now.version === 3 && now.family === 'ipv4'
    ? 'v3_checksum_as_v2'
    : undefined;
}

/** What a receiver needs to know; other modes than these take what does not fit. */
function signature({ authHmac }: VrrpInstance): string {
  if (authHmac?.activeKey === undefined || authHmac.mode !== 'enforce') return '';
  return JSON.stringify(authHmac.keys.find(({ id }) => id === authHmac.activeKey));
}
