import { Cluster, until, type DaemonName } from '../test/lab/cluster.ts';
import type { Machine } from '../test/lab/machine.ts';
import { progress, type Row } from './report.ts';

/** How long the client of the two-director cluster waits when director 1 fails, in seconds; it asks every 20 ms. */

interface Fault {
  readonly name: string;
  readonly strike: (cluster: Cluster, daemon: DaemonName) => Promise<void>;
  readonly repair: (cluster: Cluster, daemon: DaemonName) => Promise<void>;
}

const faults: readonly Fault[] = [
  {
    name: 'cable of eth0 pulled',
    strike: (cluster) => cluster.cut('d1', 'eth0'),
    repair: (cluster) => cluster.restore('d1', 'eth0'),
  },
  {
    name: 'power off',
    strike: (cluster) => cluster.powerOff('d1'),
    repair: async (cluster, daemon) => {
      await cluster.powerOn('d1');
      await cluster.start('d1', daemon);
    },
  },
  {
    name: 'SIGTERM',
    strike: async (cluster) => {
      await cluster.stop('d1');
    },
    repair: async (cluster, daemon) => {
      await cluster.start('d1', daemon);
    },
  },
];

export async function measureOutages(machine: Machine, rounds: number): Promise<readonly Row[]> {
  const cluster = await Cluster.build(machine);
  const seen: Record<DaemonName, Record<string, number[]>> = { keepalived: {}, watchkeeper: {} };
  cluster.startClient(20, 200);
  for (const daemon of ['keepalived', 'watchkeeper'] as const) {
    await cluster.start('d1', daemon);
    await cluster.start('d2', daemon);
    await master(cluster, 'd1');
    for (const fault of faults) {
      for (let round = 1; round <= rounds; round++) {
        const outage = await measure(cluster, fault, daemon);
        (seen[daemon][fault.name] ??= []).push(outage / 1000);
        progress(`${daemon}: ${fault.name}, round ${String(round)}: ${(outage / 1000).toFixed(2)} s`);
      }
    }
    await cluster.stop('d2');
    await cluster.stop('d1');
  }
  return faults.map(({ name }) => ({
    what: `${name}: outage, s`,
    keepalived: seen.keepalived[name] ?? [],
    watchkeeper: seen.watchkeeper[name] ?? [],
  }));
}

async function measure(cluster: Cluster, fault: Fault, daemon: DaemonName): Promise<number> {
  await answers(cluster);
  const from = Math.max(0, cluster.answers.length - 1);
  await fault.strike(cluster, daemon);
  await master(cluster, 'd2');
  await answers(cluster);
  const outage = cluster.outageMs(from);
  await fault.repair(cluster, daemon);
  await master(cluster, 'd1');
  return outage;
}

async function master(cluster: Cluster, director: 'd1' | 'd2'): Promise<void> {
  await until(`${director} is master`, 30_000, async () => (await cluster.master()) === director);
}

async function answers(cluster: Cluster): Promise<void> {
  const from = cluster.answers.length;
  await until('the client gets answers', 20_000, () => cluster.answers.slice(from).filter(({ ok }) => ok).length >= 5);
}
