import { join } from 'node:path';
import type { DaemonName } from '../test/lab/cluster.ts';
import { Machine, projectRoot, type LabProcess } from '../test/lab/machine.ts';
import { progress, type Row } from './report.ts';

/** Two directors and a client on one switch, in network namespaces of this kernel: VRRP needs no guest. */

export type Side = 'a' | 'b';
const sides: readonly Side[] = ['a', 'b'];

const programs: Readonly<Record<DaemonName, string>> = {
  keepalived: 'keepalived',
  watchkeeper: `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}`,
};

/** An address that came or went, as the kernel told of it. */
export interface AddressChange {
  /** Of the wall clock. */
  readonly atMs: number;
  readonly address: string;
  readonly gone: boolean;
}

export class VrrpPair {
  readonly machine: Machine;
  readonly daemon: DaemonName;
  readonly #daemons = new Map<Side, LabProcess>();
  readonly #monitors = new Map<Side, LabProcess>();

  private constructor(machine: Machine, daemon: DaemonName) {
    this.machine = machine;
    this.daemon = daemon;
  }

  /** `links`: how many switches both are on; eth0 is the first, and the client is on that. */
  static async build(machine: Machine, daemon: DaemonName, links = 1): Promise<VrrpPair> {
    const lines = ['set -e'];
    for (const ns of ['a', 'b', 'c']) lines.push(`ip netns add ${ns}`, `ip -n ${ns} link set lo up`);
    for (let link = 0; link < links; link++) {
      lines.push(`ip link add sw${String(link)} type bridge mcast_snooping 0`, `ip link set sw${String(link)} up`);
      for (const [i, ns] of ['a', 'b', 'c'].entries()) {
        if (ns === 'c' && link > 0) continue;
        const [port, nic] = [`${ns}${String(link)}`, `eth${String(link)}`];
        lines.push(
          `ip link add ${port} type veth peer name ${nic} netns ${ns}`,
          `ip link set ${port} master sw${String(link)} up`,
          `ip -n ${ns} addr add 10.${String(100 + link)}.0.${String(i + 1)}/16 dev ${nic}`,
          `ip -n ${ns} link set ${nic} up`,
        );
      }
    }
    await machine.run(undefined, lines.join('\n'));
    return new VrrpPair(machine, daemon);
  }

  async start(side: Side, conf: string): Promise<void> {
    if (!this.#monitors.has(side)) this.#monitors.set(side, this.machine.spawn(side, 'exec ip -ts -o monitor address'));
    await this.machine.write(`/run/${side}.conf`, conf);
    const run = `${programs[this.daemon]} -n -l -P -f /run/${side}.conf -p /run/${side}.pid -r /run/${side}-vrrp.pid`;
    this.#daemons.set(side, this.machine.spawn(side, `exec ${run}`));
  }

  /** Ends both; the network goes with its machine. */
  async close(): Promise<void> {
    for (const side of sides) await this.stop(side);
    for (const monitor of this.#monitors.values()) monitor.signal('SIGKILL');
  }

  async stop(side: Side): Promise<void> {
    const daemon = this.#daemons.get(side);
    this.#daemons.delete(side);
    daemon?.signal('SIGTERM');
    await daemon?.exited;
  }

  /** All of its processes at once; the time, of the wall clock. */
  async kill(side: Side): Promise<void> {
    const daemon = this.#daemons.get(side);
    this.#daemons.delete(side);
    const pids = `$(cat /run/${side}.pid) $(cat /run/${side}-vrrp.pid)`;
    await this.machine.run(undefined, `kill -9 ${pids}; rm -f /run/${side}.pid /run/${side}-vrrp.pid`);
    await daemon?.exited;
  }

  /** The lines that a daemon logged. */
  log(side: Side): readonly string[] {
    return (this.#daemons.get(side)?.lines ?? []).map(({ text }) => text);
  }

  changes(side: Side): readonly AddressChange[] {
    return (this.#monitors.get(side)?.lines ?? []).flatMap(({ text }) => {
      const found = /^\[([^\]]+)\] (Deleted )?\d+: \S+\s+inet ([\d.]+)\//.exec(text);
      return found === null
        ? []
        : [{ atMs: utcMs(found[1] ?? ''), address: found[3] ?? '', gone: found[2] !== undefined }];
    });
  }

  /** Processor seconds and megabytes of memory that a daemon's processes have used so far. */
  async used(side: Side): Promise<{ readonly cpuSecs: number; readonly memoryMb: number }> {
    const { stdout } = await this.machine.run(
      undefined,
      `for p in $(cat /run/${side}.pid /run/${side}-vrrp.pid); do cut -d')' -f2- /proc/$p/stat | cut -d' ' -f13,14; grep -h VmRSS /proc/$p/status; done; getconf CLK_TCK`,
    );
    const ticks = [...stdout.matchAll(/^(\d+) (\d+)$/gm)].reduce(
      (sum, [, user, kernel]) => sum + Number(user) + Number(kernel),
      0,
    );
    const kilobytes = [...stdout.matchAll(/VmRSS:\s+(\d+)/g)].reduce((sum, [, kb]) => sum + Number(kb), 0);
    const perSec = Number(stdout.trim().split('\n').at(-1));
    return { cpuSecs: ticks / perSec, memoryMb: kilobytes / 1024 };
  }
}

/** What `ip -ts` and the shell's clock print is without a zone: the lab's is that of this process. */
function utcMs(text: string): number {
  return (
    new Date(text.replace(/(\.\d{3})\d*$/, '$1')).getTime() + Number(`0.${/\.\d{3}(\d*)$/.exec(text)?.[1] ?? '0'}`)
  );
}

/** Milliseconds of the wall clock, in the lab as well. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now();
}

export async function settled(what: string, withinMs: number, holds: () => boolean): Promise<void> {
  for (const end = wallMs() + withinMs; !holds();) {
    if (wallMs() > end) throw new Error(`${what}: not within ${String(withinMs / 1000)} s`);
    await pause(5);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What was measured of each daemon, by what it is. */
export type Seen = Readonly<Record<DaemonName, Record<string, number[]>>>;

export function rowsOf(seen: Seen): readonly Row[] {
  return Object.keys(seen.keepalived).map((what) => ({
    what,
    keepalived: seen.keepalived[what] ?? [],
    watchkeeper: seen.watchkeeper[what] ?? [],
  }));
}

/** Both daemons in turn, each in namespaces of its own. */
export async function pairsInTurn(
  rounds: number,
  measure: (machine: Machine, daemon: DaemonName) => Promise<Readonly<Record<string, number>>>,
): Promise<readonly Row[]> {
  const seen: Seen = { keepalived: {}, watchkeeper: {} };
  for (let round = 1; round <= rounds; round++) {
    for (const daemon of ['keepalived', 'watchkeeper'] as const) {
      const machine = await Machine.namespaces();
      try {
        const found = await measure(machine, daemon);
        for (const [what, value] of Object.entries(found)) (seen[daemon][what] ??= []).push(value);
        const words = Object.entries(found).map(([what, value]) => `${what} ${value.toFixed(2)}`);
        progress(`${daemon}, round ${String(round)}: ${words.join(', ')}`);
      } finally {
        machine.close();
      }
    }
  }
  return rowsOf(seen);
}
