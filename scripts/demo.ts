import { Cluster, dip, until, vip, type DaemonName, type DirectorName } from '../test/lab/cluster.ts';
import { whyNoLab } from '../test/lab/available.ts';
import { ipvsKind, Machine, projectRoot } from '../test/lab/machine.ts';

/** `npm run demo [-- --keep]`: the main job, live: two directors, two real servers, one client, and what goes wrong in a data centre. */

const colour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
const paint = (code: string, text: string): string => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
const bold = (text: string): string => paint('1', text);
const started = performance.now();
const results: { readonly what: string; readonly expected: string; readonly seen: string; readonly held: boolean }[] =
  [];

function say(text: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
  console.log(`${paint('2', `${seconds} s`)}  ${text}`);
}

function heading(text: string): void {
  console.log(`\n${bold(text)}`);
}

function record(what: string, expected: string, seen: string, held: boolean): void {
  results.push({ what, expected, seen, held });
  say(`${held ? paint('32', 'as expected') : paint('31', 'NOT AS EXPECTED')}: ${what}: ${seen}`);
}

/** Takes a failure as a result: the demo goes on and ends with status 1. */
async function step(
  what: string,
  expected: string,
  act: () => Promise<{ readonly seen: string; readonly held: boolean }>,
): Promise<void> {
  try {
    const { seen, held } = await act();
    record(what, expected, seen, held);
  } catch (error) {
    record(what, expected, error instanceof Error ? error.message : String(error), false);
  }
}

async function serve(cluster: Cluster): Promise<void> {
  await until(
    'the client gets answers',
    15_000,
    () => cluster.answers.slice(-5).length === 5 && cluster.answers.slice(-5).every(({ ok }) => ok),
  );
}

const nameOf: Readonly<Record<DirectorName, string>> = { d1: 'director 1', d2: 'director 2' };

async function mastership(
  cluster: Cluster,
  wanted: DirectorName,
): Promise<{ readonly seen: string; readonly held: boolean }> {
  await until(
    `${nameOf[wanted]} has both addresses, the other none`,
    20_000,
    async () => (await cluster.master()) === wanted,
  );
  return { seen: `${nameOf[wanted]} has ${vip} and ${dip}`, held: true };
}

/** One fault and its repair: both addresses move once, and back once. */
async function failover(
  cluster: Cluster,
  what: string,
  fault: () => Promise<void>,
  repair: () => Promise<void>,
): Promise<void> {
  const before = cluster.moveCount();
  const from = Math.max(0, cluster.answers.length - 1);
  await step(what, 'both addresses move to director 2', async () => {
    await fault();
    const reached = await mastership(cluster, 'd2');
    await serve(cluster);
    const outage = cluster.outageMs(from);
    return { seen: `${reached.seen}; the client waited ${(outage / 1000).toFixed(2)} s`, held: outage < 6000 };
  });
  await step('and its return', 'both move back, each address having moved twice in all', async () => {
    await repair();
    await mastership(cluster, 'd1');
    await serve(cluster);
    const gains = cluster.moves(before).filter(({ gained }) => gained).length;
    return { seen: `director 1 has both again; ${String(gains)} moves for 2 addresses`, held: gains === 4 };
  });
}

async function startPair(cluster: Cluster, first: DaemonName, second: DaemonName): Promise<void> {
  for (const [director, daemon] of [
    ['d1', first],
    ['d2', second],
  ] as const) {
    const running = await cluster.start(director, daemon);
    running.onLine(({ text }) => {
      const interesting =
        /Entering (?:MASTER|FAULT|BACKUP) STATE|Removing service|Adding service|part died|obsolete|Starting it again/.exec(
          text,
        );
      if (interesting !== null)
        say(
          paint(
            '2',
            `   ${nameOf[director]}: ${text.replace(/^.{24}: /, '').replace(/^\S+keepalived\.conf/, 'keepalived.conf')}`,
          ),
        );
    });
  }
}

async function tour(cluster: Cluster): Promise<void> {
  heading('Election and table: two directors with Watchkeeper');
  await startPair(cluster, 'watchkeeper', 'watchkeeper');
  await step('election', 'director 1 (priority 100) becomes master', () => mastership(cluster, 'd1'));
  for (const line of await cluster.table('d1')) say(`   ipvsadm: ${line}`);
  cluster.startClient();
  await step('requests', 'spread over both servers', async () => {
    await until('20 answers', 15_000, () => cluster.answers.filter(({ ok }) => ok).length >= 20);
    const good = cluster.answers.filter(({ ok }) => ok).slice(0, 20);
    const [one, two] = ['rs1', 'rs2'].map((name) => good.filter(({ server }) => server === name).length);
    return { seen: `rs1 answered ${String(one)}, rs2 ${String(two)} of 20`, held: one === 10 && two === 10 };
  });

  heading('A real server dies and returns');
  const has = async (): Promise<boolean> =>
    (await cluster.table('d1')).some((line) => line.includes('192.168.170.25:80 '));
  await step('web server of rs1 stops', 'it leaves the table', async () => {
    await cluster.stopWeb('rs1');
    const ms = await until('rs1 is out of the table', 20_000, async () => !(await has()));
    const from = cluster.answers.length;
    await serve(cluster);
    const good = cluster.answers.slice(from).every(({ ok, server }) => !ok || server === 'rs2');
    return { seen: `out after ${(ms / 1000).toFixed(1)} s, rs2 answers alone`, held: good };
  });
  await step('and starts again', 'it is in the table again', async () => {
    await cluster.startWeb('rs1');
    const ms = await until('rs1 is in the table', 20_000, has);
    return { seen: `in after ${(ms / 1000).toFixed(1)} s`, held: true };
  });

  heading('One cable of the master: the fault that the old cluster never survived');
  await failover(
    cluster,
    'cable of eth0 pulled',
    () => cluster.cut('d1', 'eth0'),
    () => cluster.restore('d1', 'eth0'),
  );

  heading('A part of the master is killed');
  await step('kill -9 of its vrrp process', 'it is started again, no address moves', async () => {
    const before = cluster.moveCount();
    const log = cluster.daemon('d1');
    const seen = log.lines.length;
    await cluster.kill('d1', 'vrrp', '9');
    await log.waitFor(/Taking up MASTER STATE/, 15_000, seen);
    await serve(cluster);
    const moved = cluster.moveCount() - before;
    return { seen: `adverts go on from a new process; ${String(moved)} moves`, held: moved === 0 };
  });

  heading('The whole master goes');
  await failover(
    cluster,
    'power off (kill -9 of everything, both cables)',
    () => cluster.powerOff('d1'),
    async () => {
      await cluster.powerOn('d1');
      await startOne(cluster, 'd1', 'watchkeeper');
    },
  );

  heading('A mixed pair: Watchkeeper with keepalived');
  await step('director 2 is replaced by keepalived', 'nothing moves', async () => {
    const before = cluster.moveCount();
    await cluster.stop('d2');
    await startOne(cluster, 'd2', 'keepalived');
    const same = await until(
      'the same table on both',
      20_000,
      async () => (await cluster.table('d1')).join('\n') === (await cluster.table('d2')).join('\n'),
    );
    const moved = cluster.moveCount() - before;
    return {
      seen: `the same table on both after ${(same / 1000).toFixed(1)} s; ${String(moved)} moves`,
      held: moved === 0,
    };
  });
  await failover(
    cluster,
    'cable of eth1 pulled, keepalived takes over',
    () => cluster.cut('d1', 'eth1'),
    () => cluster.restore('d1', 'eth1'),
  );
}

async function startOne(cluster: Cluster, director: DirectorName, daemon: DaemonName): Promise<void> {
  const running = await cluster.start(director, daemon);
  await running.waitFor(/Entering BACKUP STATE \(init\)/, 20_000);
}

async function farewell(cluster: Cluster): Promise<void> {
  heading('Stop');
  await step('SIGTERM to director 1', 'it takes back addresses and table and ends with 0', async () => {
    const { code } = await cluster.stop('d1');
    const left = [...(await cluster.addresses('d1')), ...(await cluster.table('d1'))];
    return {
      seen: `status ${String(code)}, ${left.length === 0 ? 'nothing left' : `left: ${left.join(', ')}`}`,
      held: code === 0 && left.length === 0,
    };
  });
}

function closingTable(): boolean {
  const rows = [
    ['what', 'expected', 'seen', ''],
    ...results.map(({ what, expected, seen, held }) => [what, expected, seen, held ? 'ok' : 'FAILED']),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  heading('Expected and seen');
  for (const [i, row] of rows.entries()) {
    const text = row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
    console.log(i === 0 ? bold(text) : text);
  }
  return results.every(({ held }) => held);
}

async function main(): Promise<number> {
  const keep = process.argv.includes('--keep');
  const trouble = whyNoLab('with IPVS');
  if (trouble !== undefined) {
    console.error(`The demo cannot run here: ${trouble}`);
    return 2;
  }
  heading('Watchkeeper: two directors, two real servers, one client');
  say(
    ipvsKind() === 'guest'
      ? 'starting a kernel with IPVS as a process, and the network in it …'
      : 'making the network in namespaces of this kernel …',
  );
  const machine = await Machine.withIpvs();
  const cluster = await Cluster.build(machine);
  say(`client 192.168.0.50 → ${vip} (VIP) on director 1 or 2 → rs1, rs2 behind ${dip} (DIP)`);
  await tour(cluster);
  if (!keep) await farewell(cluster);
  const held = closingTable();
  console.log(held ? `\n${paint('32', 'All of it held.')}` : `\n${paint('31', 'Not all of it held.')}`);
  if (keep) await stay(machine, cluster);
  machine.close();
  return held ? 0 : 1;
}

/** Commands from this terminal, in a node of the cluster, until the input ends. */
async function stay(machine: Machine, cluster: Cluster): Promise<void> {
  heading('The cluster stays up');
  console.log(`Type a node and a command, end with ctrl-d:
  d1 ipvsadm -Ln          the table of director 1
  d2 ip -br address       the addresses of director 2
  client curl -s ${vip}   a request
Nodes: client d1 d2 rs1 rs2. The project is ${projectRoot}.`);
  const { createInterface } = await import('node:readline');
  const input = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' });
  input.prompt();
  for await (const line of input) {
    const [node = '', ...words] = line.trim().split(/\s+/);
    if (words.length > 0) {
      const { stdout, stderr } = await machine.run(cluster.ns(node), words.join(' '), { mayFail: true });
      process.stdout.write(stdout + stderr);
    }
    input.prompt();
  }
}

process.exit(await main());
