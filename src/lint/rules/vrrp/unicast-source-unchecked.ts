import type { Rule } from '../../rule.ts';

/** Unicast adverts come through routers: whoever can reach the director can send one. */
export const unicastSourceUnchecked: Rule = {
  id: 'unicast-source-unchecked',
  severity: 'info',
  title: 'unicast adverts are taken from anybody',
  *check(director) {
    for (const instance of director.config.vrrp.instances) {
      const { unicastPeer, checkUnicastSrc, authHmac } = instance;
      if (unicastPeer.length === 0 || checkUnicastSrc || authHmac?.mode === 'enforce') continue;
      if (unicastPeer.some(({ minTtl, maxTtl }) => minTtl > 0 || maxTtl < 255)) continue;
      yield {
        at: director.at(instance, 'unicast_peer'),
        message: `vrrp_instance ${instance.name} takes adverts from any address, not from its unicast_peers only`,
        hint: "add 'check_unicast_src': otherwise any host that can reach this one can take the addresses over",
      };
    }
  },
};
