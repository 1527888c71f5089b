import type { DaemonName } from '../test/lab/cluster.ts';
import type { Machine } from '../test/lab/machine.ts';
import type { Row } from './report.ts';
import { pause, settled, pairsInTurn, VrrpPair, wallMs, type Side } from './vrrp-pair.ts';

/** Many instances of four addresses each: time to take all of them over, processor time while nothing happens, memory. */

const perLink = 250;
const addressesEach = 4;
const restSecs = 10;

function conf(side: Side, instances: number): string {
  return Array.from({ length: instances }, (_, k) => {
    const [link, id] = [Math.floor(k / perLink), (k % perLink) + 1];
    const addresses = Array.from(
      { length: addressesEach },
      (_, n) => `    10.${String(100 + link)}.${String(n + 1)}.${String(id)}/32`,
    );
    return `vrrp_instance I${String(k)} {
  interface eth${String(link)}
  virtual_router_id ${String(id)}
  version 3
  priority ${side === 'a' ? '200' : '100'}
  advert_int 1
  garp_master_delay 0
  garp_master_repeat 1
  virtual_ipaddress {
${addresses.join('\n')}
  }
}
`;
  }).join('');
}

export async function measureInstances(rounds: number, instances: number): Promise<readonly Row[]> {
  const rows = await pairsInTurn(rounds, (machine, daemon) => measurePair(machine, daemon, instances));
  return rows.map(({ what, ...figures }) => ({ what: `${String(instances)} instances: ${what}`, ...figures }));
}

async function measurePair(
  machine: Machine,
  daemon: DaemonName,
  instances: number,
): Promise<Readonly<Record<string, number>>> {
  const pair = await VrrpPair.build(machine, daemon, Math.ceil(instances / perLink));
  const all = instances * addressesEach;
  const held = (side: Side): number => pair.changes(side).reduce((sum, { gone }) => sum + (gone ? -1 : 1), 0);
  const startedMs = wallMs();
  await pair.start('a', conf('a', instances));
  await settled(`${daemon}: a has all addresses`, 180_000, () => held('a') >= all);
  const tookMs = (pair.changes('a').at(-1)?.atMs ?? Number.NaN) - startedMs;
  await pair.start('b', conf('b', instances));
  await pause(10_000);
  const rested = await pair.used('a');
  await pause(restSecs * 1000);
  const resting = (await pair.used('a')).cpuSecs - rested.cpuSecs;
  const before = await pair.used('b');
  const fromMs = wallMs();
  await pair.kill('a');
  await settled(`${daemon}: b has all addresses`, 180_000, () => held('b') >= all);
  const times = pair.changes('b').flatMap(({ gone, atMs }) => (!gone && atMs > fromMs ? [atMs] : []));
  const [first = Number.NaN, last = Number.NaN] = [times[0], times.at(-1)];
  await pause(1000);
  const after = await pair.used('b');
  await pair.close();
  return {
    'start to all addresses, s': tookMs / 1000,
    'takeover, first to last address, s': (last - first) / 1000,
    'death to last address, s': (last - fromMs) / 1000,
    'processor time of the takeover, s': after.cpuSecs - before.cpuSecs,
    'processor time of a master, s in 10 s': resting,
    'memory, MB': after.memoryMb,
  };
}
