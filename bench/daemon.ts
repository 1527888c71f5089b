import { join } from 'node:path';
import { projectRoot, type LabProcess, type Machine } from '../test/lab/machine.ts';
import { lastServer, lastService, type Shape } from './configs.ts';

export const daemons = ['keepalived', 'watchkeeper'] as const;
export type DaemonName = (typeof daemons)[number];

const folder = '/run/bench';
const pids = `${folder}/pid ${folder}/checkers`;
const patienceMs = 600_000;
const look = `cd ${projectRoot} && exec ${process.execPath} --import tsx bench/look.ts`;

/** One life of a daemon in a network namespace of its own: one that held a table before is slower to fill again. */
export class BenchDaemon {
  readonly #machine: Machine;
  readonly #program: string;
  #process: LabProcess | undefined;

  private constructor(machine: Machine, name: DaemonName) {
    this.#machine = machine;
    this.#program =
      name === 'keepalived' ? 'keepalived' : `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}`;
  }

  static async prepare(machine: Machine, name: DaemonName): Promise<BenchDaemon> {
    await machine.run(undefined, `ip netns add bench && ip -n bench link set lo up && mkdir -p ${folder}`);
    return new BenchDaemon(machine, name);
  }

  /** Seconds from the start with a configuration (a path in the lab) to a full table. */
  async start(config: string, shape: Shape, weight = 1): Promise<number> {
    await this.#machine.run(undefined, `cp ${config} ${folder}/keepalived.conf`);
    const seen = await this.#looking(shape, weight);
    // Its log goes to a file: on its way to here it would keep the guest busy.
    this.#process = this.#machine.spawn(
      'bench',
      `echo started; ${this.#program} -n -l -C -f ${folder}/keepalived.conf -p ${folder}/pid -c ${folder}/checkers >${folder}/log 2>&1; echo ended`,
    );
    const started = await this.#process.waitFor(/^started$/, patienceMs);
    const seconds = ((await seen()) - started.atMs) / 1000;
    const entries = await this.entries();
    if (entries !== shape.servers) throw new Error(`the table has ${String(entries)} servers: the last came too early`);
    return seconds;
  }

  /** Seconds from a reload with another configuration to its last server in the table. */
  async reload(config: string, shape: Shape, weight: number): Promise<number> {
    await this.#machine.run(undefined, `cp ${config} ${folder}/keepalived.conf`);
    const seen = await this.#looking(shape, weight);
    const asked = this.#machine.spawn('bench', `echo asked; kill -HUP $(cat ${folder}/pid)`);
    const { atMs } = await asked.waitFor(/^asked$/, patienceMs);
    return ((await seen()) - atMs) / 1000;
  }

  /** Reloads with two configurations in turn, of which only the second has servers of the weight; each is in the table before the next. */
  async reloadOften(first: string, second: string, weight: number, times: number): Promise<void> {
    await this.#machine.run(
      'bench',
      `files=('${second}' '${first}'); for ((i = 0; i < ${String(times)}; i++)); do
         cp "\${files[i % 2]}" ${folder}/keepalived.conf
         kill -HUP $(cat ${folder}/pid)
         for ((waited = 0; waited < 600; waited++)); do
           if grep -q ' Masq *${String(weight)} ' /proc/net/ip_vs; then [ $((i % 2)) = 0 ] && break; else [ $((i % 2)) = 1 ] && break; fi
           sleep 0.05
         done
       done`,
      { timeoutMs: 1000 * times + 60_000 },
    );
  }

  /** Seconds from the request to its end. */
  async stop(): Promise<number> {
    const asked = this.#machine.spawn('bench', `echo asked; kill -TERM $(cat ${folder}/pid)`);
    const { atMs } = await asked.waitFor(/^asked$/, patienceMs);
    const ended = await this.#process?.waitFor(/^ended$/, patienceMs);
    return ((ended?.atMs ?? Number.NaN) - atMs) / 1000;
  }

  /** Real servers in the kernel's table. */
  async entries(): Promise<number> {
    const { stdout } = await this.#machine.run('bench', `grep -c '^  -> [0-9A-F]' /proc/net/ip_vs || true`);
    return Number(stdout);
  }

  /** Of all its processes: resident memory, MB. */
  async memory(): Promise<number> {
    return this.#sum(`/VmRSS/ { s += $2 } END { print s / 1024 }`, 'status');
  }

  /** Of all its processes since they started: seconds of processor time. */
  async processorTime(): Promise<number> {
    return this.#sum('{ s += $14 + $15 } END { print s / 100 }', 'stat');
  }

  /** Of the process that checks. */
  async descriptors(): Promise<number> {
    return Number((await this.#machine.run(undefined, `ls /proc/$(cat ${folder}/checkers)/fd | wc -l`)).stdout);
  }

  async close(): Promise<void> {
    await this.#machine.run(undefined, 'ip netns del bench');
  }

  async #sum(program: string, file: string): Promise<number> {
    const command = `awk '${program}' $(for f in ${pids}; do echo /proc/$(cat $f)/${file}; done)`;
    return Number((await this.#machine.run(undefined, command)).stdout);
  }

  /** When the table holds the last service with all its servers, the last one with the weight. */
  async #looking(shape: Shape, weight: number): Promise<() => Promise<number>> {
    const { address, port, servers } = lastService(shape);
    const words = [address, port, servers, lastServer(shape), weight].join(' ');
    const process = this.#machine.spawn('bench', `${look} ${words}`);
    await process.waitFor(/^looking$/, patienceMs);
    return async () => (await process.waitFor(/^seen$/, patienceMs)).atMs;
  }
}
