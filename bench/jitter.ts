import { join } from 'node:path';
import type { DaemonName } from '../test/lab/cluster.ts';
import { projectRoot, type Machine } from '../test/lab/machine.ts';
import { manyServices } from './configs.ts';
import { progress, type Row } from './report.ts';
import { stoodStillMs, watchStandstills } from './standstill.ts';
import { pause, settled, pairsInTurn, VrrpPair, wallMs, type Side } from './vrrp-pair.ts';

/**
 * How far adverts are from their interval: 100 instances at 0.1 s, while twenty scripts run and 2,000 connections are made each second, a
 * configuration with 10,000 real servers is reloaded in each minute, and both processors are busy; and how often the backup took over
 * without cause. IPVS is not there: the connections are another program's, and nobody serves the virtual servers.
 */

const instances = 100;
const advertIntMs = 100;

function conf(side: Side): string {
  const script = (k: number): string =>
    `vrrp_script s${String(k)} {\n  script "/bin/true"\n  interval 1\n  weight 0\n}\n`;
  const instance = (k: number): string => `vrrp_instance I${String(k)} {
  interface eth0
  virtual_router_id ${String(k + 1)}
  version 3
  priority ${side === 'a' ? '200' : '100'}
  advert_int ${String(advertIntMs / 1000)}
  garp_master_delay 0
  virtual_ipaddress {
    10.100.1.${String(k + 1)}/32
  }
  track_script {
    s${String(k % 20)}
  }
}
`;
  const global = 'global_defs {\n  script_user root\n  max_auto_priority 20\n  min_auto_priority_delay 20000\n}\n';
  const scripts = Array.from({ length: 20 }, (_, k) => script(k));
  const services = side === 'a' ? manyServices({ services: 1000, servers: 10_000 }, 0) : '';
  return [global, services, ...scripts, ...Array.from({ length: instances }, (_, k) => instance(k))].join('');
}

export async function measureJitter(rounds: number, windowSecs: number): Promise<readonly Row[]> {
  const rows = await pairsInTurn(rounds, (machine, daemon) => measurePair(machine, daemon, windowSecs));
  return rows.map(({ what, ...figures }) => ({ what: `jitter: ${what}`, ...figures }));
}

async function measurePair(
  machine: Machine,
  daemon: DaemonName,
  windowSecs: number,
): Promise<Readonly<Record<string, number>>> {
  const pair = await VrrpPair.build(machine, daemon);
  for (const side of ['a', 'b'] as const) {
    await pair.start(side, conf(side));
    if (side === 'a') await settled('a is master of all', 60_000, () => pair.changes('a').length >= instances);
  }
  await pause(2000);
  const takenBefore = pair.changes('b').filter(({ gone }) => !gone).length;
  const fromMs = wallMs();
  for (let k = 0; k < 2; k++) machine.spawn(undefined, 'exec sh -c "while :; do :; done"');
  for (const words of ['answer.mjs tcp', 'connections.mjs 2000'])
    machine.spawn('a', `exec ${process.execPath} ${join(projectRoot, 'bench', words)}`);
  const endWatch = watchStandstills(machine);
  const dump = machine.spawn('c', "exec tcpdump -B 16384 -ni eth0 -w /run/adverts.pcap 'ip proto 112' 2>/dev/null");
  for (let left = windowSecs; left > 0; left -= 60) {
    await pause(Math.min(left, 60) * 500);
    await machine.run(undefined, 'kill -HUP $(cat /run/a.pid)');
    await pause(Math.min(left, 60) * 500);
  }
  dump.signal('SIGTERM');
  await dump.exited;
  const standstills = await endWatch();
  const { stdout } = await machine.run(
    undefined,
    // Instance, and how late each advert is, the latest last; a reload sends one before its time, which is none of these.
    "tcpdump -ttnr /run/adverts.pcap 'src host 10.100.0.1' 2>/dev/null | sed -n 's/^\\([0-9.]*\\) .* vrid \\([0-9]*\\),.*/\\1 \\2/p' | awk '{ if (last[$2]) print ($1 - last[$2]) * 1000 - " +
      `${String(advertIntMs)}, $1; last[$2] = $1 }' | sort -n > /run/late; wc -l < /run/late; ` +
      'n=$(wc -l < /run/late); for p in 50 99.9 100; do sed -n "$(awk "BEGIN { i = int($n * $p / 100); print i < 1 ? 1 : i }")p" /run/late; done; awk \'$1 > 50\' /run/late',
    { timeoutMs: 120_000 },
  );
  const [[count = 0] = [], [p50 = 0] = [], [p999 = 0] = [], [worst = 0] = [], ...late] = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  const beyondMs = ([latenessMs = 0, atSecs = 0]: readonly number[]): number => {
    const toMs = atSecs * 1000;
    return latenessMs - stoodStillMs(standstills, toMs - advertIntMs - latenessMs, toMs);
  };
  const beyond = late.map(beyondMs);
  const taken = pair.changes('b').filter(({ gone, atMs }) => !gone && atMs > fromMs).length;
  progress(`${daemon}: ${String(count)} adverts, ${String(takenBefore)} takeovers before`);
  await pair.close();
  return {
    'median lateness, ms': Math.abs(p50),
    'p99.9 lateness, ms': p999,
    'worst lateness, ms': worst,
    'adverts late by half of their interval, plus 1': late.length + 1,
    'the same but for what the machine itself stood still, plus 1':
      beyond.filter((ms) => ms > advertIntMs / 2).length + 1,
    'worst of it, ms': Math.max(0, ...beyond),
    'the machine stood still, worst, ms': Math.max(0, ...standstills.map(({ lengthMs }) => lengthMs)),
    'takeovers without cause, plus 1': taken + 1,
  };
}
