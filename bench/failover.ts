import { join } from 'node:path';
import type { DaemonName } from '../test/lab/cluster.ts';
import { Machine, projectRoot, type LabProcess } from '../test/lab/machine.ts';
import { progress, type Row } from './report.ts';
import { pause, rowsOf, settled, VrrpPair, wallMs, type Seen, type Side } from './vrrp-pair.ts';

/**
 * How long a takeover takes, counted from the last advert of the master: to the address on the backup, to its first gratuitous ARP and to
 * the client's next answer; in milliseconds, without what the protocol itself asks for.
 */

const vip = '10.100.0.100';
const advertIntSecs = [1, 0.1, 0.01] as const;
const priority: Readonly<Record<Side, number>> = { a: 200, b: 100 };

const conf = (side: Side, advertInt: number): string => `vrrp_instance A {
  interface eth0
  virtual_router_id 51
  version 3
  priority ${String(priority[side])}
  advert_int ${String(advertInt)}
  virtual_ipaddress {
    ${vip}/16
  }
}
`;

interface Fault {
  readonly name: string;
  /** It tells of its end, so that the backup waits for its skew only. */
  readonly told?: true;
  /** The old master's kernel answers until it is told better. */
  readonly answers?: true;
  readonly strike: (pair: VrrpPair) => Promise<unknown>;
  readonly repair: (pair: VrrpPair, advertInt: number) => Promise<unknown>;
}

const faults: readonly Fault[] = [
  {
    name: 'link cut',
    strike: (pair) => pair.machine.run(undefined, 'ip link set a0 down'),
    repair: (pair) => pair.machine.run(undefined, 'ip link set a0 up'),
  },
  {
    name: 'kill -9',
    answers: true,
    strike: (pair) => pair.kill('a'),
    repair: (pair, advertInt) => pair.start('a', conf('a', advertInt)),
  },
  {
    name: 'SIGTERM',
    told: true,
    strike: (pair) => pair.stop('a'),
    repair: (pair, advertInt) => pair.start('a', conf('a', advertInt)),
  },
];

/** What the client's interface sees, with the kernel's times. */
class Wire {
  readonly #dump: LabProcess;

  constructor(machine: Machine) {
    const filter = `arp or ip proto 112 or (src host ${vip} and tcp)`;
    this.#dump = machine.spawn('c', `exec tcpdump --immediate-mode -ttnli eth0 '${filter}' 2>/dev/null`);
  }

  /** Times of what fits, after a moment. */
  times(pattern: RegExp, afterMs: number): readonly number[] {
    return this.#dump.lines.flatMap(({ text }) => {
      const atMs = Number(text.slice(0, 17)) * 1000;
      return atMs > afterMs && pattern.test(text) ? [atMs] : [];
    });
  }

  close(): void {
    this.#dump.signal('SIGKILL');
  }
}

const adverts = (side: Side): RegExp => new RegExp(`IP 10\\.100\\.0\\.${side === 'a' ? '1' : '2'} > .* prio [1-9]`);
const gratuitous = new RegExp(
  `Request who-has ${vip.replaceAll('.', '\\.')} \\(ff:ff:ff:ff:ff:ff\\) tell ${vip.replaceAll('.', '\\.')}|Request who-has ${vip.replaceAll('.', '\\.')} tell ${vip.replaceAll('.', '\\.')}`,
);

export async function measureFailovers(rounds: number): Promise<readonly Row[]> {
  const seen: Seen = { keepalived: {}, watchkeeper: {} };
  for (const daemon of ['keepalived', 'watchkeeper'] as const) {
    for (const advertInt of advertIntSecs) {
      const machine = await Machine.namespaces();
      try {
        await measurePair(machine, daemon, advertInt, rounds, seen[daemon]);
      } finally {
        machine.close();
      }
    }
  }
  return rowsOf(seen);
}

async function measurePair(
  machine: Machine,
  daemon: DaemonName,
  advertInt: number,
  rounds: number,
  seen: Seen[DaemonName],
): Promise<void> {
  const pair = await VrrpPair.build(machine, daemon);
  const wire = new Wire(machine);
  machine.spawn('c', `exec ${process.execPath} ${join(projectRoot, 'bench', 'ask.mjs')} ${vip}`);
  for (const side of ['a', 'b'] as const) await pair.start(side, conf(side, advertInt));
  const isMaster = async (side: Side): Promise<void> => {
    const other = side === 'a' ? 'b' : 'a';
    await settled(`${daemon}: ${side} is master`, 60_000, () => holds(pair, side) && !holds(pair, other));
  };
  await isMaster('a');
  for (const fault of faults) {
    for (let round = 1; round <= rounds; round++) {
      // Strikes come at any moment of an interval; gratuitous ARP of before is over.
      await pause(300 + Math.random() * advertInt * 1000);
      const fromMs = wallMs();
      await fault.strike(pair);
      await settled(`${daemon}: b takes over (${fault.name})`, 60_000, () => changesAfter(pair, fromMs).length > 0);
      await pause(200 + (fault.answers === true ? 0 : advertInt * 100));
      const times = judge(pair, wire, fault, fromMs, advertInt);
      for (const [what, ms] of Object.entries(times))
        (seen[`${fault.name}, ${String(advertInt)} s: ${what}`] ??= []).push(ms);
      const words = Object.entries(times).map(([what, ms]) => `${what} ${ms.toFixed(1)}`);
      progress(`${daemon}, ${String(advertInt)} s, ${fault.name}, round ${String(round)}: ${words.join(', ')}`);
      await fault.repair(pair, advertInt);
      if (fault.name === 'kill -9') await settled('a preempts', 60_000, () => lastOf(pair, 'b')?.gone === true);
      else await isMaster('a');
    }
  }
  wire.close();
  await pair.close();
}

function holds(pair: VrrpPair, side: Side): boolean {
  const last = lastOf(pair, side);
  return last?.gone === false;
}

function lastOf(pair: VrrpPair, side: Side): ReturnType<VrrpPair['changes']>[number] | undefined {
  return pair.changes(side).findLast(({ address }) => address === vip);
}

function changesAfter(pair: VrrpPair, fromMs: number): readonly number[] {
  return pair
    .changes('b')
    .flatMap(({ address, gone, atMs }) => (address === vip && !gone && atMs > fromMs ? [atMs] : []));
}

function judge(
  pair: VrrpPair,
  wire: Wire,
  fault: Fault,
  fromMs: number,
  advertInt: number,
): Readonly<Record<string, number>> {
  const skewMs = ((256 - priority.b) / 256) * advertInt * 1000;
  const [addressMs = Number.NaN] = changesAfter(pair, fromMs);
  const lastAdvertMs = wire.times(adverts('a'), fromMs - 10_000).at(-1) ?? Number.NaN;
  const farewellMs = wire.times(/ 10\.100\.0\.1 > .* prio 0/, fromMs)[0];
  const dueMs = fault.told === true ? (farewellMs ?? Number.NaN) + skewMs : lastAdvertMs + 3000 * advertInt + skewMs;
  const [arpMs = Number.NaN] = wire.times(gratuitous, Math.max(fromMs, lastAdvertMs));
  const answers = wire.times(/ > .*Flags \[R/, fromMs - 200);
  const longest = Math.max(...answers.slice(1).map((atMs, k) => atMs - (answers[k] ?? atMs)));
  return {
    'address above protocol, ms': addressMs - dueMs,
    'gratuitous ARP above protocol, ms': arpMs - dueMs,
    ...(fault.answers === true || answers.length < 2 ? {} : { 'client without answer, ms': longest }),
  };
}
