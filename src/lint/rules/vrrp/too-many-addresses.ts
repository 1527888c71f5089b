import type { VrrpInstance } from '../../../config/index.ts';
import type { Facts } from '../../facts.ts';
import type { Rule } from '../../rule.ts';

/** What does not fit an advert is moved to the excluded ones, which the other director does not compare. */
export const tooManyAddresses: Rule = {
  id: 'too-many-addresses',
  severity: 'warning',
  title: 'more virtual addresses than an advert can name',
  *check({ config, facts }) {
    for (const instance of config.vrrp.instances) {
      const mtu = mtuOf(facts, instance.interface);
      const most = roomFor(instance, mtu);
      const first = instance.virtualIpaddress[most];
      if (first === undefined) continue;
      yield {
        at: first.span,
        message: `vrrp_instance ${instance.name} has ${String(instance.virtualIpaddress.length)} virtual addresses, of which an advert holds ${String(most)}${
          most === 255 ? '' : ` at an MTU of ${String(mtu)}`
        }`,
        hint: 'move the rest to virtual_ipaddress_excluded, on all directors',
      };
    }
  },
};

function mtuOf(facts: Facts | undefined, name: string | undefined): number {
  return facts?.interfaces?.find((one) => one.name === name)?.mtu ?? 1500;
}

/** As keepalived 2.2.7 counts: IP header, 8 bytes of VRRP, 16 in reserve, and 8 of authentication in version 2. */
function roomFor({ family, version }: VrrpInstance, mtu: number): number {
  const [header, each] = family === 'ipv4' ? [20, 4] : [40, 16];
  return Math.max(1, Math.min(255, Math.floor((mtu - header - 24 - (version === 2 ? 8 : 0)) / each)));
}
