import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot, type LabProcess, type Machine } from './machine.ts';
import { patience } from './patience.ts';
import { buildScript, switchPort, twoDirectorNat } from './topology.ts';

export type DaemonName = 'watchkeeper' | 'keepalived';
export type DirectorName = 'd1' | 'd2';

export const vip = '192.168.0.174';
export const dip = '192.168.170.1';

export interface Answer {
  readonly at: number;
  readonly ms: number;
  readonly ok: boolean;
  readonly server: string | null;
}

/** The configuration of a director, in the spelling of 2007: nat_mask and nb_get_retry are in it as they were. */
export function directorConf(
  director: DirectorName,
  digests: { readonly http: string; readonly https: string },
  edit: (conf: string) => string = (conf) => conf,
): string {
  const [state, priority, number] = director === 'd1' ? ['MASTER', 100, '01'] : ['BACKUP', 50, '02'];
  const instance = (name: string, nic: string, id: number, address: string): string => `vrrp_instance ${name} {
  state ${state}
  interface ${nic}
  virtual_router_id ${String(id)}
  priority ${String(priority)}
  advert_int 1
  authentication {
    auth_type PASS
    auth_pass 1111
  }
  virtual_ipaddress {
    ${address}
  }
}
`;
  const service = (
    port: number,
    persistence: string,
    check: string,
    digest: string,
  ): string => `virtual_server ${vip} ${String(port)} {
  delay_loop 6
  lb_algo rr
  lb_kind NAT
  nat_mask 255.255.255.0
  protocol TCP
${persistence}  virtualhost test.mydomain
  real_server 192.168.170.25 ${String(port)} {
    weight 1
    TCP_CHECK {
      connect_timeout 3
      connect_port ${String(port)}
    }
  }
  real_server 192.168.170.35 ${String(port)} {
    weight 1
    ${check} {
    url {
      path /
      digest ${digest}
    }
    connect_timeout 10
    connect_port ${String(port)}
    nb_get_retry 3
    delay_before_retry 10
    }
  }
}
`;
  return edit(`! Configuration file for director ${number}
global_defs {
  notification_email { admin@mydomain }
  notification_email_from director${number}@mydomain
  smtp_server 192.168.0.15
  smtp_connect_timeout 30
  router_id DIRECTOR${number}
}
vrrp_sync_group VG1 {
  group {
    ! eth1
    VI_INTERNAL
    ! eth0
    VI_EXTERNAL
  }
  notify_master /etc/keepalived/to_master.sh
}
${instance('VI_EXTERNAL', 'eth0', 41, vip)}${instance('VI_INTERNAL', 'eth1', 42, dip)}${service(80, '', 'HTTP_GET', digests.http)}${service(443, '  persistence_timeout 3600\n', 'SSL_GET', digests.https)}`);
}

/** The two-director cluster in a lab: what is in it, what can be done to it, what can be seen of it. */
export class Cluster {
  readonly machine: Machine;
  readonly #prefix: string;
  readonly #daemons = new Map<DirectorName, LabProcess>();
  readonly #moves: {
    readonly director: DirectorName;
    readonly address: string;
    readonly gained: boolean;
    readonly atMs: number;
  }[] = [];
  readonly #web = new Map<string, LabProcess>();
  readonly answers: Answer[] = [];
  digests = { http: '', https: '' };

  private constructor(machine: Machine, prefix: string) {
    this.machine = machine;
    this.#prefix = prefix;
  }

  static async build(machine: Machine, options: { readonly prefix?: string } = {}): Promise<Cluster> {
    const cluster = new Cluster(machine, options.prefix ?? '');
    await machine.run(undefined, buildScript(twoDirectorNat, cluster.#prefix));
    const { certificate, key } = makeCertificate();
    await machine.write(cluster.#path('tls/cert.pem'), certificate);
    await machine.write(cluster.#path('tls/key.pem'), key, 0o600);
    await Promise.all([cluster.startWeb('rs1'), cluster.startWeb('rs2')]);
    cluster.digests = { http: await cluster.#genhash('-p 80'), https: await cluster.#genhash('-S -p 443') };
    for (const director of ['d1', 'd2'] as const) cluster.#watchAddresses(director);
    return cluster;
  }

  ns(node: string): string {
    return `${this.#prefix}${node}`;
  }

  #path(name: string): string {
    return `/run/lab/${this.#prefix}${name}`;
  }

  async startWeb(server: 'rs1' | 'rs2'): Promise<void> {
    await this.changePage(server, server);
    const script = join(projectRoot, 'test', 'lab', 'web-server.mjs');
    const web = this.machine.spawn(
      this.ns(server),
      `exec ${process.execPath} ${script} ${this.#path(`page-${server}`)} ${this.#path('tls/cert.pem')} ${this.#path('tls/key.pem')}`,
    );
    this.#web.set(server, web);
    await web.waitFor(/https ready/, 30_000);
  }

  /** From now on the server's page tells this name; it answers all the time. */
  async changePage(server: 'rs1' | 'rs2', name: string): Promise<void> {
    await this.machine.write(this.#path(`page-${server}`), name);
  }

  async stopWeb(server: 'rs1' | 'rs2'): Promise<void> {
    const web = this.#web.get(server);
    web?.signal('SIGKILL');
    await web?.exited;
  }

  async #genhash(options: string): Promise<string> {
    const { stdout } = await this.machine.run(this.ns('rs2'), `genhash -s 192.168.170.35 ${options} -u /`);
    const digest = /[0-9a-f]{32}/.exec(stdout)?.[0];
    if (digest === undefined) throw new Error(`genhash printed no digest: ${stdout}`);
    return digest;
  }

  conf(director: DirectorName, edit?: (conf: string) => string): string {
    return directorConf(director, this.digests, edit);
  }

  /** Starts a daemon on a director, in a mount namespace where /run and /etc/keepalived are its own. */
  async start(director: DirectorName, daemon: DaemonName, conf = this.conf(director)): Promise<LabProcess> {
    const folder = this.#path(director);
    await this.writeConf(director, conf);
    await this.machine.write(`${folder}/to_master.sh`, '#!/bin/sh\nexit 0\n', 0o755);
    const program =
      daemon === 'keepalived' ? 'keepalived' : `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}`;
    const setUp = `mount --bind ${folder} /etc/keepalived && mkdir -p ${folder}/run && mount --bind ${folder}/run /run`;
    const started = this.machine.spawn(
      this.ns(director),
      `exec unshare --mount bash -c '${setUp} && exec ${program} -n -l -f /etc/keepalived/keepalived.conf'`,
    );
    this.#daemons.set(director, started);
    return started;
  }

  async writeConf(director: DirectorName, conf: string): Promise<void> {
    await this.machine.write(`${this.#path(director)}/keepalived.conf`, conf);
  }

  daemon(director: DirectorName): LabProcess {
    const daemon = this.#daemons.get(director);
    if (daemon === undefined) throw new Error(`nothing was started on ${director}`);
    return daemon;
  }

  /** The pid that a daemon wrote: `keepalived`, `vrrp` or `checkers`. */
  async pid(director: DirectorName, part: 'keepalived' | 'vrrp' | 'checkers'): Promise<number> {
    const { stdout } = await this.machine.run(undefined, `cat ${this.#path(director)}/run/${part}.pid`, {
      mayFail: true,
    });
    return Number(stdout.trim());
  }

  /** Sends a signal to a part, or to the daemon as an operator does. */
  async kill(director: DirectorName, part: 'keepalived' | 'vrrp' | 'checkers', signal: string): Promise<void> {
    await this.machine.run(undefined, `kill -${signal} ${String(await this.pid(director, part))}`);
  }

  /** All processes of the director's daemon at once, without a chance to say good-bye. */
  async killDirector(director: DirectorName): Promise<void> {
    const daemon = this.daemon(director);
    daemon.signal('SIGKILL');
    await daemon.exited;
  }

  /** As killDirector, and the network loses it too: what a power cut does. */
  async powerOff(director: DirectorName): Promise<void> {
    await Promise.all([this.cut(director, 'eth0'), this.cut(director, 'eth1'), this.killDirector(director)]);
    // A machine that lost its power holds nothing afterwards.
    const drop = [vip, dip]
      .map((address, i) => `ip address del ${address}/32 dev eth${String(i)} 2>/dev/null`)
      .join('; ');
    const known = this.#moves.length;
    await this.machine.run(this.ns(director), `${drop}; ipvsadm -C; true`);
    await until(
      'the addresses of the dead director are gone',
      5000,
      async () => (await this.addresses(director)).length === 0,
    );
    this.#moves.splice(
      known,
      this.#moves.length - known,
      ...this.#moves.slice(known).filter((move) => move.director !== director),
    );
  }

  /** The cables are back; nothing runs yet. */
  async powerOn(director: DirectorName): Promise<void> {
    await Promise.all([this.restore(director, 'eth0'), this.restore(director, 'eth1')]);
  }

  async stop(director: DirectorName): Promise<{ readonly code: number | null }> {
    await this.kill(director, 'keepalived', 'TERM');
    return this.daemon(director).exited;
  }

  async cut(node: string, nic: string): Promise<void> {
    await this.machine.run(undefined, `ip -n ${this.ns('switch')} link set ${switchPort(node, nic)} down`);
  }

  async restore(node: string, nic: string): Promise<void> {
    await this.machine.run(undefined, `ip -n ${this.ns('switch')} link set ${switchPort(node, nic)} up`);
  }

  /** Packets no longer pass, but the director's link stays up. */
  async isolate(node: string, nic: string): Promise<void> {
    await this.machine.run(undefined, `ip -n ${this.ns('switch')} link set ${switchPort(node, nic)} nomaster`);
  }

  #watchAddresses(director: DirectorName): void {
    const monitor = this.machine.spawn(this.ns(director), 'exec ip -o monitor address');
    monitor.onLine(({ text, atMs }) => {
      const address = [vip, dip].find((one) => text.includes(` ${one}/`));
      if (address !== undefined) this.#moves.push({ director, address, gained: !text.includes('Deleted'), atMs });
    });
  }

  /** How often a director gained each address since a point in `moves`. */
  moveCount(): number {
    return this.#moves.length;
  }

  moves(since = 0): readonly {
    readonly director: DirectorName;
    readonly address: string;
    readonly gained: boolean;
    readonly atMs: number;
  }[] {
    return this.#moves.slice(since);
  }

  /** Which of the two addresses a director has. */
  async addresses(director: DirectorName): Promise<readonly string[]> {
    const { stdout } = await this.machine.run(undefined, `ip -n ${this.ns(director)} -o -4 address show`);
    return [vip, dip].filter((address) => stdout.includes(` ${address}/`));
  }

  /** The director that has both addresses, if just one has and the other has none. */
  async master(): Promise<DirectorName | undefined> {
    const [one, two] = [await this.addresses('d1'), await this.addresses('d2')];
    if (one.length === 2 && two.length === 0) return 'd1';
    return two.length === 2 && one.length === 0 ? 'd2' : undefined;
  }

  /** The IPVS table as `ipvsadm -Sn` has it, sorted. */
  async table(director: DirectorName): Promise<readonly string[]> {
    const { stdout } = await this.machine.run(this.ns(director), 'ipvsadm -Sn');
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .sort();
  }

  /** How many connections each real server of the service got, by the kernel's count. */
  async connections(director: DirectorName, service: string): Promise<ReadonlyMap<string, number>> {
    const { stdout } = await this.machine.run(this.ns(director), `ipvsadm -Ln --stats --exact -t ${service}`);
    const rows = [...stdout.matchAll(/^ +-> (\d[\d.]*):\d+ +(\d+)/gm)];
    return new Map(rows.map(([, server = '', count]) => [server, Number(count)]));
  }

  /** Starts the client; `answers` fills from now on. */
  startClient(periodMs = 100, timeoutMs = 300): LabProcess {
    const script = join(projectRoot, 'test', 'lab', 'client.mjs');
    const client = this.machine.spawn(
      this.ns('client'),
      `exec ${process.execPath} ${script} ${vip} 80 ${String(periodMs)} ${String(timeoutMs)}`,
    );
    client.onLine(({ text }) => {
      if (text.startsWith('{')) this.answers.push(JSON.parse(text) as Answer);
    });
    return client;
  }

  /** The longest time without an answer among the answers since `from` (an index into `answers`), in milliseconds. */
  outageMs(from = 0): number {
    const times = this.answers
      .slice(from)
      .filter(({ ok }) => ok)
      .map(({ at, ms }) => at + ms);
    return times.slice(1).reduce((longest, time, i) => Math.max(longest, time - (times[i] ?? time)), 0);
  }
}

/** Asks again and again until it holds; rejects with `what` after `withinMs` times `patience`. */
export async function until(what: string, withinMs: number, holds: () => Promise<boolean> | boolean): Promise<number> {
  const started = performance.now();
  for (;;) {
    if (await holds()) return performance.now() - started;
    if (performance.now() - started > withinMs * patience)
      throw new Error(`not within ${String((withinMs * patience) / 1000)} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function makeCertificate(): { readonly certificate: string; readonly key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-tls-'));
  try {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const kind = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '30',
      '-subj',
      '/CN=test.mydomain',
    ];
    execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
