import type { VrrpInstance } from '../../src/config/index.ts';
import type { InterfaceFacts } from '../../src/vrrp/index.ts';
import { address, engineConfig, group, instance, ip } from '../vrrp/configuration.ts';
import { Network, type Router } from './network.ts';

/** The two-director cluster: an outer and an inner address that one sync group moves together. */

export const outer = { ifname: 'eth0', vip: ip('192.168.0.174') } as const;
export const inner = { ifname: 'eth1', vip: ip('192.168.170.1') } as const;

function directorConfig(priority: number, state: 'MASTER' | 'BACKUP', change: Partial<VrrpInstance>) {
  const common = { state, priority, authentication: { authType: 'PASS', authPass: '1111' } as const, ...change };
  return engineConfig(
    [
      instance('VI_EXTERNAL', {
        ...common,
        interface: outer.ifname,
        virtualRouterId: 41,
        virtualIpaddress: [address(outer.vip)],
      }),
      instance('VI_INTERNAL', {
        ...common,
        interface: inner.ifname,
        virtualRouterId: 42,
        virtualIpaddress: [address(inner.vip)],
      }),
    ],
    { syncGroups: [group('VG1', ['VI_INTERNAL', 'VI_EXTERNAL'])] },
  );
}

function links(eth0: string, eth1: string): readonly InterfaceFacts[] {
  return [
    { ifname: 'eth0', ifindex: 2, up: true, addresses: [ip(eth0)] },
    { ifname: 'eth1', ifindex: 3, up: true, addresses: [ip(eth1)] },
  ];
}

export interface Cluster {
  readonly network: Network;
  readonly first: Router;
  readonly second: Router;
}

export function twoDirectors(random: () => number, change: Partial<VrrpInstance> = {}): Cluster {
  const network = new Network(random);
  const first = network.add('D1', directorConfig(100, 'MASTER', change), links('192.168.0.204', '192.168.170.179'));
  const second = network.add('D2', directorConfig(50, 'BACKUP', change), links('192.168.0.176', '192.168.170.180'));
  return { network, first, second };
}

/** How often a router became MASTER since `fromMs`, by instance. */
export function moves(router: Router, fromMs: number): Readonly<Record<string, number>> {
  const counts: Record<string, number> = { VI_EXTERNAL: 0, VI_INTERNAL: 0, VG1: 0 };
  for (const { atMs, effect } of router.director.trace) {
    if (atMs >= fromMs && effect.type === 'notify' && effect.state === 'MASTER') {
      counts[effect.name] = (counts[effect.name] ?? 0) + 1;
    }
  }
  return counts;
}
