import { join } from 'node:path';
import { makeCertificate } from '../test/lab/cluster.ts';
import { projectRoot, type Machine } from '../test/lab/machine.ts';
import { checkedServices, checkKinds, type CheckKind, type Shape } from './configs.ts';
import { BenchDaemon, daemons, type DaemonName } from './daemon.ts';
import { progress, type Row } from './report.ts';

/** What checks cost, and how long it takes until a dead server is out. */

interface Load {
  readonly kind: CheckKind;
  readonly shape: Shape;
  readonly delayLoopSecs: number;
}

/** Kind, servers and delay_loop, as `--load` takes them. */
const loads: readonly string[] = ['tcp-2000-1', 'tcp-2000-5', 'tcp-10000-1', 'tcp-10000-5', 'http-1000-1', 'ssl-200-1'];
const form = new RegExp(`^(${checkKinds.join('|')})-([1-9]\\d*)-([1-9]\\d*)$`);

function loadOf(text: string): Load {
  const [, kind, servers, delayLoopSecs] = form.exec(text) ?? [];
  if (servers === undefined) throw new RangeError(`--load takes KIND-SERVERS-DELAY, as ${loads.join(', ')}`);
  const shape = { services: Math.ceil(Number(servers) / 10), servers: Number(servers) };
  return { kind: kind as CheckKind, shape, delayLoopSecs: Number(delayLoopSecs) };
}

const script = (name: string): string => `exec ${process.execPath} ${join(projectRoot, 'bench', name)}`;
const seconds = (n: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, n * 1000));

/** `only`: one load, and not all. */
export async function measureChecks(
  machine: Machine,
  { rounds, windowSecs, only }: { readonly rounds: number; readonly windowSecs: number; readonly only?: string },
): Promise<readonly Row[]> {
  const chosen = (only === undefined ? loads : [only]).map(loadOf);
  const { certificate, key } = makeCertificate();
  await machine.write('/run/bench-cert.pem', certificate);
  await machine.write('/run/bench-key.pem', key, 0o600);
  const rows: Row[] = [];
  for (const load of chosen) {
    const { kind, shape, delayLoopSecs } = load;
    await machine.write('/run/checked.conf', checkedServices(shape, kind, delayLoopSecs));
    const seen: Record<DaemonName, number[][]> = { keepalived: [], watchkeeper: [] };
    for (let round = 1; round <= rounds; round++)
      for (const name of daemons) {
        const figures = await life(machine, name, load, windowSecs);
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

async function life(
  machine: Machine,
  name: DaemonName,
  { kind, shape, delayLoopSecs }: Load,
  windowSecs: number,
): Promise<number[]> {
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
  const sinceMs = performance.now();
  let descriptors = 0;
  for (let i = 0; i < windowSecs; i++) {
    await seconds(1);
    descriptors = Math.max(descriptors, await daemon.descriptors());
  }
  const [checks, spent] = [(await connections()) - count, (await daemon.processorTime()) - used];
  // A loaded guest takes its time to count descriptors.
  const tookSecs = (performance.now() - sinceMs) / 1000;
  const memory = await daemon.memory();
  const removal = await machine.run(
    'bench',
    `${script('removal.mjs')} ${ready.text.slice('ready '.length)} ${String(shape.servers)}`,
    { timeoutMs: 150_000 },
  );
  const removed = removal.stdout.trim().split(' ').slice(1).map(Number);
  await daemon.stop();
  await daemon.close();
  return [checks / tookSecs, (spent * 1e6) / checks, memory, descriptors, ...removed];
}
