import { join } from 'node:path';
import { Machine, projectRoot, type LabProcess } from './machine.ts';
import { patience } from './patience.ts';

/** The same host twice, one with the reference and one with ours: the same is done to both, and both are looked at. */

type Side = 'keepalived' | 'watchkeeper';
const sides: readonly Side[] = ['keepalived', 'watchkeeper'];
const watchkeeper = `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}`;

/** eth0 and eth1 have a live other end in the same host; hardware addresses are the same in both. */
const host = [
  'ip link set lo up',
  'ip link add eth0 address 02:00:00:00:00:10 type veth peer name far0 address 02:00:00:00:00:11',
  'ip link add eth1 address 02:00:00:00:00:20 type veth peer name far1 address 02:00:00:00:00:21',
  'for dev in eth0 far0 eth1 far1; do ip link set $dev up; done',
  'ip addr add 10.9.0.1/24 dev eth0',
  'ip addr add 10.8.0.1/24 dev eth1',
  'ip -6 addr add fd00::1/64 dev eth0 nodad',
].join(' && ');

const look = [
  'ip -d -o addr show | sed "s/ *\\\\\\\\ *valid_lft.*//; s/^[0-9]*: //"',
  'ip -o link show | sed "s/^[0-9]*: //; s/\\\\\\\\ .*//; s/ qdisc.*//"',
  'for family in -4 -6; do ip $family -d -o route show table all; ip $family -d -o rule show; done | grep -v "proto kernel\\|table local"',
].join('; ');

export class NetworkTwin {
  readonly machine: Machine;
  readonly #daemons = new Map<Side, LabProcess>();

  private constructor(machine: Machine) {
    this.machine = machine;
  }

  static async open(machine?: Machine): Promise<NetworkTwin> {
    machine ??= await Machine.namespaces();
    for (const side of sides)
      await machine.run(undefined, `ip netns add ${side} && ip netns exec ${side} sh -c '${host}'`);
    // Link-local addresses are tentative for a while, and not for the same while on both sides.
    await this.#settled(machine);
    return new NetworkTwin(machine);
  }

  static async #settled(machine: Machine): Promise<void> {
    for (const side of sides)
      await machine.run(
        side,
        'for i in $(seq 50); do ip -6 addr show tentative | grep -q . || exit 0; sleep 0.1; done',
      );
  }

  async start(conf: string): Promise<void> {
    await this.machine.write('/run/twin.conf', conf);
    for (const side of sides) {
      const program = side === 'keepalived' ? 'keepalived' : watchkeeper;
      // Each has a /run of its own; /mnt is the machine's.
      const own = 'mount --bind /run /mnt && mount -t tmpfs run /run && mkdir /run/keepalived';
      const run = `exec ${program} -n -l -p /mnt/${side}.pid -f /mnt/twin.conf`;
      const daemon = this.machine.spawn(side, `exec unshare --mount bash -c '${own} && ${run}'`);
      this.#daemons.set(side, daemon);
    }
  }

  /** Resolves when both have said it `times` times. */
  async both(pattern: RegExp, times = 1): Promise<void> {
    for (const daemon of this.#daemons.values()) {
      for (let seen = 0, from = 0; seen < times; seen++) {
        const line = await daemon.waitFor(pattern, 20_000, from);
        from = daemon.lines.indexOf(line) + 1;
      }
    }
  }

  async run(command: string): Promise<void> {
    for (const side of sides) await this.machine.run(side, command);
  }

  /** What each has in its kernel, line by line, sorted. */
  async state(more = 'true'): Promise<Readonly<Record<Side, readonly string[]>>> {
    const [theirs, ours] = [await this.#look('keepalived', more), await this.#look('watchkeeper', more)];
    return { keepalived: theirs, watchkeeper: ours };
  }

  async #look(side: Side, more: string): Promise<readonly string[]> {
    const { stdout } = await this.machine.run(side, `(${look}; ${more})`, { mayFail: true });
    return stdout
      .split('\n')
      .map((line) => line.replace(/ expires \d+sec/, '').trim())
      .filter((line) => line !== '')
      .sort();
  }

  /** Waits until both are alike; the last look is returned in any case. */
  async settledState(more?: string): Promise<Readonly<Record<Side, readonly string[]>>> {
    let state = await this.state(more);
    for (
      let tries = 0;
      tries < 40 * patience && state.keepalived.join('\n') !== state.watchkeeper.join('\n');
      tries++
    ) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      state = await this.state(more);
    }
    return state;
  }

  /** Gives both another configuration; resolves when both have read it. */
  async reload(conf: string): Promise<void> {
    await this.machine.write('/run/twin.conf', conf);
    for (const [side, daemon] of this.#daemons) {
      const before = daemon.lines.length;
      await this.machine.run(side, `kill -HUP $(cat /run/${side}.pid)`);
      await daemon.waitFor(/Reload (finished|complete)/, 20_000, before);
    }
  }

  log(side: Side): readonly string[] {
    return (this.#daemons.get(side)?.lines ?? []).map(({ text }) => text);
  }

  /** The lines of our daemon. */
  ourLog(): readonly string[] {
    return this.log('watchkeeper');
  }

  /** What each has said of states since the line numbers `from`: `A MASTER`, in order. */
  states(from: Readonly<Record<Side, number>>): Readonly<Record<Side, readonly string[]>> {
    const told = (side: Side): readonly string[] =>
      (this.#daemons.get(side)?.lines ?? []).slice(from[side]).flatMap(({ text }) => {
        const [, name, state] = /\((\w+)\) Entering (\w+) STATE/.exec(text) ?? [];
        return name === undefined || state === undefined ? [] : [`${name} ${state}`];
      });
    return { keepalived: told('keepalived'), watchkeeper: told('watchkeeper') };
  }

  /** How many lines each has said. */
  lineCounts(): Readonly<Record<Side, number>> {
    const count = (side: Side): number => this.#daemons.get(side)?.lines.length ?? 0;
    return { keepalived: count('keepalived'), watchkeeper: count('watchkeeper') };
  }

  async stop(): Promise<void> {
    for (const daemon of this.#daemons.values()) daemon.signal('SIGTERM');
    await Promise.all([...this.#daemons.values()].map(({ exited }) => exited));
    this.#daemons.clear();
  }

  /** All processes of both at once, without a chance to put anything back. */
  async kill(): Promise<void> {
    await this.machine.run(undefined, 'for n in keepalived watchkeeper; do kill -9 $(ip netns pids $n); done');
    await Promise.all([...this.#daemons.values()].map(({ exited }) => exited));
    this.#daemons.clear();
  }

  close(): void {
    this.machine.close();
  }
}

/** A vrrp_instance of version 3 that is quick, and announces each address but once. `more`: its other lines. */
export function instance(name: string, ifname: string, id: number, more: string): string {
  return `vrrp_instance ${name} {
  interface ${ifname}
  virtual_router_id ${String(id)}
  priority 100
  version 3
  advert_int 0.2
  garp_master_delay 0
  garp_master_repeat 1
  ${more}
}
`;
}
