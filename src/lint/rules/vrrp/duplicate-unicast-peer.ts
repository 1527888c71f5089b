import type { Rule } from '../../rule.ts';

/** Releases before 2.3.3 send each advert as often as the peer is named, later ones refuse the second. */
export const duplicateUnicastPeer: Rule = {
  id: 'duplicate-unicast-peer',
  severity: 'warning',
  title: 'a unicast peer is named twice',
  *check(director) {
    for (const instance of director.config.vrrp.instances) {
      const seen = new Set<string>();
      for (const { address, span } of instance.unicastPeer) {
        if (!seen.has(address)) {
          seen.add(address);
          continue;
        }
        yield {
          at: span,
          message: `unicast_peer ${address} is twice in vrrp_instance ${instance.name}`,
          hint: 'remove one: each advert is sent to it twice',
        };
      }
    }
  },
};
