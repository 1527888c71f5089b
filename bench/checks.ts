import { join } from 'node:path';
import { makeCertificate } from '../test/lab/cluster.ts';
import { projectRoot, type Machine } from '../test/lab/machine.ts';
import { checkedServices, type Shape } from './configs.ts';
import { BenchDaemon, daemons, type DaemonName } from './daemon.ts';
import { progress, type Row } from './report.ts';

/** What checks cost, and how long it takes until a dead server is out. */

interface Load {
  readonly kind: 'tcp' | 'http' | 'ssl';
  readonly shape: Shape;
  readonly delayLoopSecs: number;
}

const loads: readonly Load[] = [
  { kind: 'tcp', shape: { services: 200, servers: 2000 }, delayLoopSecs: 1 },
  { kind: 'tcp', shape: { services: 1000, servers: 10_000 }, delayLoopSecs: 5 },
  { kind: 'http', shape: { services: 100, servers: 1000 }, delayLoopSecs: 1 },
  { kind: 'ssl', shape: { services: 20, servers: 200 }, delayLoopSecs: 1 },
];
const windowSecs = 20;
const script = (name: string): string => `exec ${process.execPath} ${join(projectRoot, 'bench', name)}`;
const seconds = (n: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, n * 1000));

export async function measureChecks(machine: Machine, rounds: number): Promise<readonly Row[]> {
  const { certificate, key } = makeCertificate();
  await machine.write('/run/bench-cert.pem', certificate);
  await machine.write('/run/bench-key.pem', key, 0o600);
  const rows: Row[] = [];
  for (const load of loads) {
    const { kind, shape, delayLoopSecs } = load;
    await machine.write('/run/checked.conf', checkedServices(shape, kind, delayLoopSecs));
    const seen: Record<DaemonName, number[][]> = { keepalived: [], watchkeeper: [] };
    for (let round = 1; round <= rounds; round++)
      for (const name of daemons) {
        const figures = await life(machine, name, load);
        seen[name].push(figures);
        progress(`${kind}, ${name}, round ${String(round)}: ${figures.map((figure) => figure.toFixed(2)).join('  ')}`);
      }
    const what = `${kind} ${shape.servers.toLocaleString('en')} servers, delay_loop ${String(delayLoopSecs)}`;
    for (const [i, figure] of figureNames.entries()) {
      const column = (name: DaemonName): number[] => seen[name].map((figures) => figures[i] ?? Number.NaN);
      rows.push({ what: `${what}: ${figure}`, keepalived: column('keepalived'), watchkeeper: column('watchkeeper') });
    }
  }
  return rows;
}

const figureNames = [
  'checks a second',
  'processor time of 1,000 checks, ms',
  'memory, MB',
  'descriptors, the most seen',
  'half of the dead servers out after, s',
  '99 % out after, s',
];

async function life(machine: Machine, name: DaemonName, { kind, shape, delayLoopSecs }: Load): Promise<number[]> {
  const daemon = await BenchDaemon.prepare(machine, name);
  await machine.run('bench', 'ip route add local 172.16.0.0/12 dev lo');
  const server = machine.spawn(
    'bench',
    `ulimit -n 65536; ${script('answer.mjs')} ${kind} /run/bench-cert.pem /run/bench-key.pem`,
  );
  const ready = await server.waitFor(/^ready /, 60_000);
  const connections = async (): Promise<number> => {
    const from = server.lines.length;
    server.signal('SIGUSR2');
    return Number((await server.waitFor(/^connections /, 60_000, from)).text.split(' ')[1]);
  };
  await daemon.start('/run/checked.conf', shape);
  // Each server has had its first check then.
  await seconds(2 * delayLoopSecs + 5);
  const [count, used] = [await connections(), await daemon.processorTime()];
  let descriptors = 0;
  for (let i = 0; i < windowSecs; i++) {
    await seconds(1);
    descriptors = Math.max(descriptors, await daemon.descriptors());
  }
  const [checks, spent] = [(await connections()) - count, (await daemon.processorTime()) - used];
  const memory = await daemon.memory();
  const removal = await machine.run(
    'bench',
    `${script('removal.mjs')} ${ready.text.slice('ready '.length)} ${String(shape.servers)}`,
    { timeoutMs: 150_000 },
  );
  const removed = removal.stdout.trim().split(' ').slice(1).map(Number);
  await daemon.stop();
  await daemon.close();
  return [checks / windowSecs, (spent * 1e6) / checks, memory, descriptors, ...removed];
}
