import { Machine, type LabProcess } from '../../test/lab/machine.ts';
import { numbers, tracked } from './pieces.ts';
import { peerText, planText, type Plan } from './plan.ts';
import type { Happening } from './faults.ts';

/** A program on links of its own, and what it tells. */

/** What is seen when nothing moves any more. */
export interface Seen {
  /** By object: what the FIFO was told since the last time. */
  readonly told: ReadonlyMap<string, readonly string[]>;
  /** By first word of their arguments, sorted. */
  readonly called: readonly string[];
  readonly addresses: readonly string[];
  readonly routes: readonly string[];
  readonly rules: readonly string[];
  readonly instances: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

type Dump = readonly { readonly data: Readonly<Record<string, unknown>> }[];

export class World {
  readonly name: string;
  readonly #machine: Machine;
  readonly #command: string;
  #fifo: LabProcess | undefined;
  #daemon: LabProcess | undefined;
  #ended: string | undefined;
  readonly #log: string[] = [];
  #marked = 0;
  #lastLineAtMs = 0;
  #texts: string[] = [];

  constructor(machine: Machine, name: string, command: string) {
    this.#machine = machine;
    this.name = name;
    this.#command = command;
  }

  get folder(): string {
    return `/run/${this.name}`;
  }

  async build(count: number): Promise<void> {
    await this.#machine.run(undefined, network(this.name, count));
    await this.#machine.write(`${this.folder}/notify.sh`, `#!/bin/sh\necho "$@" >> ${this.folder}/notified\n`, 0o755);
    const values = numbers(tracked.files).map((k) => `echo 0 > value${String(k)}`);
    await this.#machine.run(
      undefined,
      `cd ${this.folder}; mkdir peer; mkfifo fifo peer/fifo; : > notified; ${values.join('; ')}`,
    );
    this.#fifo = this.#machine.spawn(undefined, `exec cat <> ${this.folder}/fifo`);
    this.#machine.spawn(undefined, `exec cat <> ${this.folder}/peer/fifo > /dev/null`);
    this.#fifo.onLine(() => {
      this.#lastLineAtMs = performance.now();
    });
  }

  async configure(plan: Plan): Promise<void> {
    const text = planText(plan, this.folder);
    this.#texts.push(text);
    await this.#machine.write(`${this.folder}/conf`, text);
  }

  start(): void {
    const { folder } = this;
    this.#lastLineAtMs = performance.now();
    const files = `-f ${folder}/conf -p ${folder}/pid -r ${folder}/vrrp.pid`;
    const daemon = this.#machine.spawn(`${this.name}a`, `TMPDIR=${folder} exec ${this.#command} -n -l -D -P ${files}`);
    this.#daemon = daemon;
    daemon.onLine(({ text, atMs }) => this.#log.push(`${atMs.toFixed(0)} ${text}`));
    void daemon.exited.then(({ code, signal }) => {
      if (this.#daemon === daemon) this.#ended = `ended with ${String(code ?? signal)}`;
    });
  }

  async startPeer(plan: Plan): Promise<void> {
    const folder = `${this.folder}/peer`;
    await this.#machine.write(`${folder}/conf`, peerText(plan, folder));
    this.#machine.spawn(
      `${this.name}b`,
      `exec keepalived -n -l -P -f ${folder}/conf -p ${folder}/pid -r ${folder}/vrrp.pid`,
    );
  }

  async stop(): Promise<void> {
    const daemon = this.#daemon;
    this.#daemon = undefined;
    daemon?.signal('SIGTERM');
    await daemon?.exited;
  }

  async happen({ commands, reload, restart }: Happening): Promise<void> {
    this.#lastLineAtMs = performance.now();
    if (commands !== undefined) await this.#machine.run(undefined, `${commands(this.name, this.folder)}\ntrue`);
    if (reload !== undefined) {
      await this.configure(reload);
      await this.#machine.run(undefined, `kill -HUP $(cat ${this.folder}/pid)`, { mayFail: true });
    }
    if (restart === true) {
      await this.stop();
      this.start();
    }
    this.#lastLineAtMs = performance.now();
  }

  /** Why nothing more can be expected of it. */
  get ended(): string | undefined {
    return this.#ended;
  }

  quietForMs(): number {
    return performance.now() - this.#lastLineAtMs;
  }

  states(): string {
    const last = new Map<string, string>();
    for (const { text } of this.#fifo?.lines ?? []) {
      const [kind = '', name = '', state = ''] = text.split(' ');
      if (!state.includes('_')) last.set(`${kind} ${name}`, state);
    }
    return JSON.stringify([...last].sort());
  }

  async see(): Promise<Seen> {
    const plain = (text: string): string => text.replaceAll(this.folder, 'FOLDER');
    const lines = this.#fifo?.lines.map(({ text }) => text) ?? [];
    const told = new Map<string, string[]>();
    for (const line of lines.slice(this.#marked)) {
      const [kind = '', name = '', ...rest] = line.split(' ');
      const object = `${kind} ${name}`;
      told.set(object, [...(told.get(object) ?? []), rest.join(' ')]);
    }
    this.#marked = lines.length;
    const inside = async (command: string): Promise<readonly string[]> => {
      const { stdout } = await this.#machine.run(`${this.name}a`, command, { mayFail: true });
      return plain(stdout)
        .split('\n')
        .filter((line) => line !== '')
        .sort();
    };
    return {
      told,
      // The priority of a FAULT is that before or after what caused it.
      called: await inside(`sed 's/ FAULT .*/ FAULT/' ${this.folder}/notified; : > ${this.folder}/notified`),
      addresses: await inside(`ip -o address show | sed -E 's/^[0-9]+: //; s/\\\\.*//; s/ +/ /g'`),
      routes: await inside(
        `{ ip -4 route show table all; ip -6 route show table all; } | grep -vE '^(local|broadcast|anycast|multicast|ff00)' | sed -E 's/ +$//; s/ +/ /g'`,
      ),
      rules: await inside('{ ip -4 rule; ip -6 rule; }'),
      instances: await this.#dump(),
    };
  }

  async #dump(): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
    const file = `${this.folder}/keepalived.json`;
    const command = `rm -f ${file}; kill -36 $(cat ${this.folder}/pid) || exit 0; for i in $(seq 200); do [ -s ${file} ] && break; sleep 0.05; done; sleep 0.1; cat ${file}`;
    const { stdout } = await this.#machine.run(undefined, command, { mayFail: true });
    if (stdout === '') return new Map();
    const dump = JSON.parse(stdout.replaceAll('\\/', '/').replaceAll(this.folder, 'FOLDER')) as Dump;
    return new Map(dump.map(({ data }) => [String(data['iname']), data]));
  }

  /** All that helps to find the reason of a difference. */
  story(): string {
    return [...this.#texts.map((text, k) => `# configuration ${String(k)}\n${text}`), '# log', ...this.#log].join('\n');
  }
}

/** A bridge for each link in namespace `world`s, the directors' ends in `world`a and `world`b. */
function network(world: string, count: number): string {
  const links = numbers(count).map(String);
  const inSwitch = links.flatMap((k) => [
    `link add e${k} type bridge mcast_snooping 0`,
    `link set e${k} up`,
    ...['a', 'b'].flatMap((side) => [
      `link add ${side}e${k} type veth peer name e${k} netns ${world}${side}`,
      `link set ${side}e${k} master e${k} up`,
    ]),
  ]);
  const inside = (host: string): readonly string[] => [
    'link set lo up',
    ...numbers(tracked.interfaces).flatMap((k) => [
      `link add t${String(k)} type veth peer name p${String(k)}`,
      `link set t${String(k)} address 02:00:00:00:07:0${String(k)} up`,
      `address add 10.5.${String(k)}.1/24 dev t${String(k)}`,
      `link set p${String(k)} address 02:00:00:00:08:0${String(k)} up`,
    ]),
    ...links.flatMap((k) => [
      `link set e${k} address 02:00:00:00:0${host}:${Number(k).toString(16).padStart(2, '0')}`,
      `address add 10.9.${k}.${host}/24 dev e${k}`,
      `address add fd00:9:${k}::${host}/64 dev e${k} nodad`,
      `link set e${k} up`,
    ]),
  ];
  const batch = (ns: string, lines: readonly string[]): string =>
    `ip -n ${ns} -batch - <<'END'\n${lines.join('\n')}\nEND`;
  const noDad = 'for f in all default; do echo 0 > /proc/sys/net/ipv6/conf/$f/accept_dad; done';
  return [
    'set -e',
    ...['s', 'a', 'b'].map((side) => `ip netns add ${world}${side}`),
    ...['a', 'b'].map((side) => `ip netns exec ${world}${side} sh -c '${noDad}'`),
    batch(`${world}s`, inSwitch),
    batch(`${world}a`, inside('1')),
    batch(`${world}b`, inside('2')),
  ].join('\n');
}
