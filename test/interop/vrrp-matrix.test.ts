import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { until } from '../lab/cluster.ts';
import { Machine, projectRoot, type LabProcess } from '../lab/machine.ts';
import {
  instancesOf,
  matrixConf,
  matrixFault,
  matrixNetwork,
  matrixRows,
  phases,
  statesAfter,
  type Phase,
  type Side,
} from '../lab/vrrp-matrix.ts';

/**
 * Pairs of directors on many links at once, each link with an instance of another kind: both keepalived, and one of each in both
 * places. The same happens to all; what each side tells its FIFO and its scripts must be what keepalived tells in that place.
 */

const trouble = whyNoLab('namespaces');
if (trouble !== undefined) console.log(`skipped: VRRP beside keepalived: ${trouble}`);

const watchkeeper = `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}`;
const programs = { k: 'keepalived', w: watchkeeper } as const;
const sides: readonly Side[] = ['a', 'b'];

/** Whether a master's last advert crosses the first one of its successor. */
function byChance(line: string): boolean {
  return line.includes('MASTER_RX_LOWER_PRI');
}

/** Members of a group move together: whose timer ends last is chance, and it leads. */
function inAnyOrder(lines: readonly string[]): readonly string[] {
  const sorted = [...lines];
  const kind = (line: string | undefined): string | undefined =>
    line?.startsWith('INSTANCE') === true ? line.split(' ')[2] : undefined;
  for (let i = 1; i < sorted.length; i++) {
    const [one = '', other = ''] = [sorted[i - 1], sorted[i]];
    if (kind(one) !== undefined && kind(one) === kind(other) && one > other) [sorted[i - 1], sorted[i]] = [other, one];
  }
  return sorted;
}

/** What tcpdump prints of a packet before its bytes: the port of the switch, and the hardware address that it came from. */
const packetLine = /^([ab][rx]\d+) .*?((?:[0-9a-f]{2}:){5}[0-9a-f]{2})/;

/**
 * Adverts without what counts up (the identification of IPv4, and its checksum with it), gratuitous ARP, neighbour advertisements that
 * nobody asked for (the kernel answers who asks); of the rest, nothing. AH signs what counts up.
 */
function told(bytes: string): string | undefined {
  if (bytes.startsWith('45') && bytes.slice(18, 20) === '70')
    return `${bytes.slice(0, 8)}____${bytes.slice(12, 20)}____${bytes.slice(24, 2 * Number.parseInt(bytes.slice(4, 8), 16))}`;
  if (bytes.startsWith('0001080006040001') && bytes.slice(28, 36) === bytes.slice(48, 56)) return bytes.slice(0, 56);
  if (!bytes.startsWith('6')) return undefined;
  const packet = bytes.slice(0, 80 + 2 * Number.parseInt(bytes.slice(8, 12), 16));
  const [protocol, type, flags] = [
    packet.slice(12, 14),
    packet.slice(80, 82),
    Number.parseInt(packet.slice(88, 90), 16),
  ];
  return protocol === '70' || (protocol === '3a' && type === '88' && (flags & 0x40) === 0) ? packet : undefined;
}

class Pair {
  readonly name: string;
  readonly #machine: Machine;
  readonly #programs: Readonly<Record<Side, string>>;
  readonly #fifos = new Map<Side, LabProcess>();
  readonly #daemons = new Map<Side, LabProcess>();
  #dump: LabProcess | undefined;
  /** How many lines each side had told before each phase. */
  readonly #marks: Record<Side, number[]> = { a: [], b: [] };
  #dumped = 0;

  constructor(machine: Machine, a: 'k' | 'w', b: 'k' | 'w') {
    this.#machine = machine;
    this.name = `${a}${b}`;
    this.#programs = { a: programs[a], b: programs[b] };
  }

  async build(): Promise<void> {
    await this.#machine.run(undefined, matrixNetwork(this.name));
    for (const side of sides) {
      const folder = this.#folder(side);
      await this.#machine.write(`${folder}/conf`, matrixConf(side, folder));
      await this.#machine.write(`${folder}/notify.sh`, `#!/bin/sh\necho "$@" >> ${folder}/notified\n`, 0o755);
      await this.#machine.run(undefined, `mkfifo ${folder}/fifo; echo 0 > ${folder}/value; : > ${folder}/notified`);
      this.#fifos.set(side, this.#machine.spawn(undefined, `exec cat <> ${folder}/fifo`));
    }
  }

  /** Resolves when all that is sent from now on is seen. */
  async listen(): Promise<void> {
    this.#dump = this.#machine.spawn(
      `${this.name}s`,
      'exec tcpdump -lntex -Q in -i any "arp or icmp6 or proto 112 or proto 51 or ip6 proto 112"',
    );
    await this.#dump.waitFor(/listening on/, 10_000);
  }

  /** How many adverts with an authentication header a side has sent since the last mark on a row's link. */
  sealed(side: Side, row: number): number {
    const port = `${side}r${String(row)} `;
    const lines = this.#dump?.lines.slice(this.#dumped) ?? [];
    return lines.filter(({ text }) => text.startsWith(port) && text.includes('AH(')).length;
  }

  /** The packets that a side sent on the links of a row, each once, with the hardware address before it. */
  sent(side: Side, row: number): readonly string[] {
    const ports = new Set([`${side}r${String(row)}`, `${side}x${String(row)}`]);
    const packets: { from: string; bytes: string }[] = [];
    let current: { from: string; bytes: string } | undefined;
    for (const { text } of this.#dump?.lines ?? []) {
      const [, port, from] = packetLine.exec(text) ?? [];
      const [, digits] = /^\s+0x[0-9a-f]{4}:\s+(.*)$/.exec(text) ?? [];
      if (port !== undefined && from !== undefined) {
        current = ports.has(port) ? { from, bytes: '' } : undefined;
        if (current !== undefined) packets.push(current);
      } else if (digits !== undefined && current !== undefined) {
        current.bytes += digits.replaceAll(' ', '');
      }
    }
    const lines = packets.flatMap(({ from, bytes }) => {
      const text = told(bytes);
      return text === undefined ? [] : [`${from} ${text}`];
    });
    return [...new Set(lines)].sort();
  }

  #folder(side: Side): string {
    return `/run/${this.name}${side}`;
  }

  start(side: Side): Promise<void> {
    const folder = this.#folder(side);
    const files = `-f ${folder}/conf -p ${folder}/pid -r ${folder}/vrrp.pid`;
    const run = `${this.#programs[side]} -n -l -P ${files}`;
    this.#daemons.set(side, this.#machine.spawn(`${this.name}${side}`, `exec ${run}`));
    return Promise.resolve();
  }

  async stop(side: Side): Promise<void> {
    const daemon = this.#daemons.get(side);
    daemon?.signal('SIGTERM');
    await daemon?.exited;
  }

  async kill(side: Side): Promise<void> {
    const folder = this.#folder(side);
    await this.#machine.run(undefined, `kill -9 $(cat ${folder}/vrrp.pid) $(cat ${folder}/pid); rm -f ${folder}/*pid`);
    await this.#daemons.get(side)?.exited;
  }

  async fault(fails: boolean): Promise<void> {
    await this.#machine.run(undefined, matrixFault(this.name, this.#folder('a'), fails));
  }

  /** Begins a new phase in what was told. */
  mark(): void {
    this.#dumped = this.#dump?.lines.length ?? 0;
    for (const side of sides) this.#marks[side].push(this.#fifos.get(side)?.lines.length ?? 0);
  }

  /** What a side told of a row in each phase, as the FIFO has it. */
  told(side: Side, row: number): readonly (readonly string[])[] {
    const lines = this.#fifos.get(side)?.lines ?? [];
    const names = [...instancesOf(row), `G${String(row)}`].map((name) => `"${name}"`);
    const marks = this.#marks[side];
    return marks.map((from, i) =>
      inAnyOrder(
        lines
          .slice(from, marks[i + 1] ?? lines.length)
          .map(({ text }) => text)
          .filter((text) => !byChance(text) && names.some((name) => text.includes(name))),
      ),
    );
  }

  stateOf(side: Side, instance: string): string | undefined {
    const told = (this.#fifos.get(side)?.lines ?? []).filter(
      ({ text }) => text.startsWith(`INSTANCE "${instance}" `) && !byChance(text),
    );
    return told.at(-1)?.text.split(' ')[2];
  }

  /** The arguments that the notify scripts of a row were called with, in any order. */
  async calls(side: Side, row: number): Promise<readonly string[]> {
    const { stdout } = await this.#machine.run(undefined, `cat ${this.#folder(side)}/notified`);
    const names = instancesOf(row);
    return stdout
      .split('\n')
      .filter((line) => !byChance(line) && names.includes(line.split(' ')[1] ?? ''))
      .sort();
  }

  log(side: Side): string {
    return (this.#daemons.get(side)?.lines ?? []).map(({ text }) => text).join('\n');
  }
}

describe('VRRP beside keepalived', { skip: trouble ?? false, timeout: 1_800_000 }, () => {
  let machine: Machine;
  let pairs: readonly Pair[] = [];
  const kk = (): Pair => pairs[0] ?? assert.fail('there are no pairs');

  async function settled(
    what: string,
    expected: (row: number) => readonly [string | undefined, string | undefined],
  ): Promise<void> {
    const wrong = (): readonly string[] =>
      pairs.flatMap((pair) =>
        matrixRows.flatMap((row, k) =>
          instancesOf(k).flatMap((instance) =>
            sides.flatMap((side, s) => {
              const wanted = expected(k)[s];
              const is = pair.stateOf(side, instance);
              return wanted === undefined || is === wanted
                ? []
                : [`${pair.name}${side} ${row.name}: ${String(is)}, not ${wanted}`];
            }),
          ),
        ),
      );
    try {
      await until(what, 20_000, () => wrong().length === 0);
    } catch {
      assert.fail(`${what}: ${wrong().join('; ')}`);
    }
  }

  /**
   * An authentication header has a number that only grows, also while nobody hears it, and a new master goes on after what it heard: so
   * there must be something that it heard, and then more than was sent into the cut link, or even keepalived refuses keepalived.
   */
  async function counted(side: Side, adverts: number): Promise<void> {
    const row = matrixRows.findIndex(({ name }) => name === 'nopreempt, AH');
    await until(`side ${side} has sent ${String(adverts)} adverts`, 20_000, () =>
      pairs.every((pair) => pair.sealed(side, row) >= adverts),
    );
  }

  const happens: Readonly<Record<Phase, (pair: Pair) => Promise<void>>> = {
    fault: (pair) => pair.fault(true),
    repair: (pair) => pair.fault(false),
    stop: (pair) => pair.stop('a'),
    start: (pair) => pair.start('a'),
    kill: (pair) => pair.kill('a'),
    'start again': (pair) => pair.start('a'),
  };

  before(async () => {
    machine = await Machine.namespaces();
    pairs = [new Pair(machine, 'k', 'k'), new Pair(machine, 'w', 'k'), new Pair(machine, 'k', 'w')];
    await Promise.all(pairs.map((pair) => pair.build()));
    await Promise.all(pairs.map((pair) => pair.listen()));
    for (const pair of pairs) pair.mark();
    await Promise.all(pairs.map((pair) => pair.start('a')));
    await settled('a is MASTER everywhere', () => ['MASTER', undefined]);
    await Promise.all(pairs.map((pair) => pair.start('b')));
    await settled('b is BACKUP everywhere', () => ['MASTER', 'BACKUP']);
    for (const pair of pairs) pair.mark();
    await counted('a', 1);
    for (const phase of phases) {
      for (const pair of pairs) pair.mark();
      await Promise.all(pairs.map(happens[phase]));
      await settled(phase, (k) => {
        const row = matrixRows[k];
        return row === undefined ? [undefined, undefined] : statesAfter(row, phase);
      });
      if (phase === 'fault') await counted('b', 3);
    }
    for (const pair of pairs) pair.mark();
    for (const side of sides) await Promise.all(pairs.map((pair) => pair.stop(side)));
  });
  after(() => {
    machine.close();
  });

  for (const [k, row] of matrixRows.entries()) {
    test(row.name, async () => {
      for (const pair of pairs.slice(1)) {
        for (const side of sides) {
          const where = `${pair.name}, side ${side}`;
          assert.deepEqual(pair.told(side, k), kk().told(side, k), `${where}: what the FIFO was told, phase by phase`);
          assert.deepEqual(
            await pair.calls(side, k),
            await kk().calls(side, k),
            `${where}: what the scripts were called with`,
          );
          assert.deepEqual(pair.sent(side, k), kk().sent(side, k), `${where}: the packets on the wire`);
        }
      }
      assert.ok(kk().told('b', k).flat().length > 2, 'something happened');
    });
  }
});
