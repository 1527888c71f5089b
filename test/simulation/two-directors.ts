import type { VrrpInstance } from '../../src/config/index.ts';
import { Network, type Machine, type Port } from '../../src/simulate/index.ts';
import type { VrrpEffect } from '../../src/vrrp/index.ts';
import { address, engineConfig, group, instance, ip } from '../vrrp/configuration.ts';

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

function ports(eth0: string, eth1: string): readonly Port[] {
  return [
    { ifname: 'eth0', link: 'eth0', ifindex: 2, up: true, addresses: [ip(eth0)] },
    { ifname: 'eth1', link: 'eth1', ifindex: 3, up: true, addresses: [ip(eth1)] },
  ];
}

type Trace = readonly { readonly machine: string; readonly atMs: number; readonly effect: VrrpEffect }[];

export interface Cluster {
  readonly network: Network;
  readonly first: Machine;
  readonly second: Machine;
  /** All that the machines did, with the time of each. */
  readonly trace: Trace;
}

/** Both directors run; director 1 has more right to be MASTER. */
export function twoDirectors(random: () => number, change: Partial<VrrpInstance> = {}): Cluster {
  const trace: { readonly machine: string; readonly atMs: number; readonly effect: VrrpEffect }[] = [];
  const network = new Network(random, ({ name }, effect, atMs) => {
    trace.push({ machine: name, atMs, effect });
  });
  const first = network.add('D1', directorConfig(100, 'MASTER', change), ports('192.168.0.204', '192.168.170.179'));
  const second = network.add('D2', directorConfig(50, 'BACKUP', change), ports('192.168.0.176', '192.168.170.180'));
  for (const machine of [first, second]) machine.start(0);
  return { network, first, second, trace };
}

/** The notifications of a machine since `fromMs`, as the FIFO would have them. */
export function notifications({ trace }: Cluster, { name: from }: Machine, fromMs: number): readonly string[] {
  return trace.flatMap(({ machine, atMs, effect }) =>
    machine === from && atMs >= fromMs && effect.type === 'notify'
      ? [`${effect.object} ${effect.name} ${effect.state} ${String(effect.priority)}`]
      : [],
  );
}

/** How often a machine became MASTER since `fromMs`, by instance and group. */
export function moves(cluster: Cluster, machine: Machine, fromMs: number): Readonly<Record<string, number>> {
  const counts: Record<string, number> = { VI_EXTERNAL: 0, VI_INTERNAL: 0, VG1: 0 };
  for (const line of notifications(cluster, machine, fromMs)) {
    const [, name = '', state] = line.split(' ');
    if (state === 'MASTER') counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
