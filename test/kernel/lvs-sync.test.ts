import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { Cluster, until, vip, type DaemonName, type DirectorName } from '../lab/cluster.ts';
import { Machine, type LabProcess } from '../lab/machine.ts';

/** Connection synchronisation on a real kernel: the daemons that run, what the other director learns, and what it is good for. */

const trouble = whyNoLab('with IPVS');
if (trouble !== undefined) console.log(`skipped: connection synchronisation on a real kernel: ${trouble}`);

const streamPort = 9000;
/** Sends a number every 50 ms, on each connection from 0 on. */
const streamServer =
  `require('net').createServer((s) => { let n = 0; s.on('error', () => {}); ` +
  `const t = setInterval(() => s.write(n++ + '\\n'), 50); s.on('close', () => clearInterval(t)); })` +
  `.listen(${String(streamPort)}, () => console.log('stream ready'));`;
/** Prints the numbers, and how it ended. */
const streamClient =
  `const s = require('net').connect(${String(streamPort)}, '${vip}'); let rest = ''; ` +
  `s.on('data', (d) => { const lines = (rest + d).split('\\n'); rest = lines.pop(); for (const l of lines) console.log('n ' + l); }); ` +
  `s.on('error', (e) => console.log('error ' + e.code)); s.on('close', () => console.log('closed'));`;

const streamService = `virtual_server ${vip} ${String(streamPort)} {
  delay_loop 60
  lb_algo rr
  lb_kind NAT
  protocol TCP
  persistence_timeout 300
  real_server 192.168.170.25 ${String(streamPort)} {
    TCP_CHECK {
      connect_timeout 3
    }
  }
}
`;

describe('connection synchronisation', { skip: trouble ?? false, timeout: 1_800_000 }, () => {
  let machine: Machine;
  let cluster: Cluster;

  before(async () => {
    machine = await Machine.withIpvs();
    cluster = await Cluster.build(machine);
    const stream = machine.spawn(cluster.ns('rs1'), `exec ${process.execPath} -e "${streamServer}"`);
    await stream.waitFor(/stream ready/, 30_000);
  });
  after(() => {
    machine.close();
  });

  const conf = (director: DirectorName, sync: string): string =>
    `${cluster.conf(director, (text) => text.replace('router_id', `${sync}\n  router_id`))}${streamService}`;

  async function daemons(director: DirectorName): Promise<string> {
    return (await machine.run(cluster.ns(director), 'ipvsadm -L --daemon -n')).stdout.trim();
  }

  const connections = async (director: DirectorName): Promise<readonly string[]> =>
    (await machine.run(cluster.ns(director), 'ipvsadm -Lnc')).stdout.split('\n').filter((line) => line.includes(vip));

  async function runsAs(director: DirectorName, roles: RegExp): Promise<string> {
    let seen = '';
    await until(`the daemons of ${director} are ${String(roles)}`, 20_000, async () =>
      roles.test((seen = await daemons(director))),
    );
    return seen;
  }

  const onlyMaster = /^master[^\n]*$/;
  const onlyBackup = /^backup[^\n]*$/;
  const both = /^master[^\n]*\nbackup[^\n]*$/;

  async function reload(director: DirectorName, sync: string): Promise<void> {
    await cluster.writeConf(director, conf(director, sync));
    await cluster.kill(director, 'keepalived', 'HUP');
  }

  /** Every state that the daemons can be in, as `ipvsadm -L --daemon` shows them. */
  async function states(daemon: DaemonName): Promise<Readonly<Record<string, string>>> {
    const seen: Record<string, string> = {};
    await cluster.start('d1', daemon, conf('d1', 'lvs_sync_daemon eth1 VI_EXTERNAL'));
    seen['master'] = await runsAs('d1', onlyMaster);
    await cluster.cut('d1', 'eth0');
    seen['fault'] = await runsAs('d1', onlyBackup);
    await cluster.restore('d1', 'eth0');
    seen['restored'] = await runsAs('d1', onlyMaster);
    await reload('d1', 'lvs_sync_daemon eth0 inst VI_EXTERNAL id 7 port 9999 ttl 3 maxlen 1200 group 224.0.0.90');
    seen['all options'] = await runsAs('d1', /^master[^\n]*syncid=7[^\n]*$/);
    await reload('d1', 'lvs_sync_daemon eth1 id 9');
    seen['no instance'] = await runsAs('d1', both);
    await cluster.stop('d1');
    seen['stopped'] = await daemons('d1');
    await cluster.start(
      'd2',
      daemon,
      conf('d2', 'lvs_sync_daemon eth1 VI_EXTERNAL').replaceAll('advert_int 1', 'advert_int 20'),
    );
    seen['first'] = await runsAs('d2', onlyBackup);
    await cluster.stop('d2');
    seen['stopped as a backup'] = await daemons('d2');
    return seen;
  }

  test('the same daemons as the reference in every state', async () => {
    const reference = await states('keepalived');
    const ours = await states('watchkeeper');
    assert.deepEqual(ours, reference);
  });

  describe('a pair of Watchkeeper', () => {
    let client: LabProcess;

    before(async () => {
      for (const director of ['d1', 'd2'] as const)
        await cluster.start(director, 'watchkeeper', conf(director, 'lvs_sync_daemon eth1 VI_EXTERNAL'));
      await runsAs('d1', onlyMaster);
      await runsAs('d2', onlyBackup);
      client = machine.spawn(cluster.ns('client'), `exec ${process.execPath} -e "${streamClient}"`);
      await client.waitFor(/^n 5$/, 20_000);
    });

    test('a connection and a persistence template are in the table of the other director', async () => {
      const of = (kind: RegExp) => (lines: readonly string[]) => lines.filter((line) => kind.test(line)).length;
      const established = of(
        new RegExp(`TCP .*ESTABLISHED 192\\.168\\.0\\.50:\\d+ +${vip}:${String(streamPort)} +192\\.168\\.170\\.25`),
      );
      const template = of(new RegExp(`192\\.168\\.0\\.50:0 +${vip}:${String(streamPort)} +192\\.168\\.170\\.25`));
      const there = await connections('d1');
      assert.deepEqual([established(there), template(there)], [1, 1], there.join('\n'));
      const ms = await until('director 2 has both', 10_000, async () => {
        const lines = await connections('d2');
        return established(lines) === 1 && template(lines) === 1;
      });
      console.log(`the other director knew within ${String(Math.round(ms))} ms`);
    });

    test('a part that is killed leaves the daemons alone, and its successor takes them up', async () => {
      const log = cluster.daemon('d1');
      const before = await daemons('d1');
      for (const part of ['checkers', 'vrrp'] as const) {
        const seen = log.lines.length;
        const pid = await cluster.pid('d1', part);
        await cluster.kill('d1', part, '9');
        await until(`${part} is there again`, 20_000, async () => ![0, pid].includes(await cluster.pid('d1', part)));
        await cluster.kill('d1', 'keepalived', 'HUP');
        await log.waitFor(/Reload finished/, 10_000, seen);
        assert.equal(await daemons('d1'), before);
        const said = log.lines.slice(seen).filter(({ text }) => text.includes('sync daemon'));
        assert.deepEqual(said, [], 'nothing was started or stopped');
      }
    });

    test('a transfer goes on over the death of the master, without a reset', async () => {
      const seen = client.lines.length;
      await cluster.powerOff('d1');
      await runsAs('d2', onlyMaster);
      const last = Number(client.lines.at(-1)?.text.slice(2));
      await client.waitFor(new RegExp(`^n ${String(last + 60)}$`), 60_000, seen);
      const texts = client.lines.map(({ text }) => text);
      assert.deepEqual(
        texts,
        texts.map((_, i) => `n ${String(i)}`),
        'every number came once, in order, and nothing ended',
      );
    });

    test('nothing is left at the end', async () => {
      await cluster.powerOn('d1');
      await cluster.stop('d2');
      assert.equal(await daemons('d2'), '');
    });
  });

  describe('the next run of the daemon', () => {
    const vip80 = (lines: readonly string[]): readonly string[] => lines.filter((line) => line.includes(':80'));
    const table = async (): Promise<string> => (await cluster.table('d1')).join('\n');
    const own = (sync = ''): string =>
      conf('d1', `lvs_sync_daemon eth1 VI_EXTERNAL\n  ${sync}`).replaceAll('delay_loop 6\n', 'delay_loop 1\n');

    test('takes over or removes what a daemon left that was killed with all its parts', async () => {
      const run = async (command: string): Promise<string> => (await machine.run(cluster.ns('d1'), command)).stdout;
      const timeouts = await run('ipvsadm -L --timeout');
      await cluster.start('d1', 'watchkeeper', own('lvs_timeouts tcp 1234'));
      await runsAs('d1', /^(?:master|backup)[^\n]*$/);
      await until('the table is full', 20_000, async () => vip80(await cluster.table('d1')).length === 3);
      await run('ipvsadm -A -t 10.1.1.1:25 -s rr');
      await cluster.killDirector('d1');

      const sync = /lvs_sync_daemon .*\n/;
      const web = own()
        .replace(sync, '')
        .replace(/virtual_server \S+ (?:443|9000) [^]*/, '');
      await cluster.start('d1', 'watchkeeper', web);
      const others = '-A -t 10.1.1.1:25 -s rr';
      await until('the table has what the file has, and what is others', 20_000, async () => {
        const now = await cluster.table('d1');
        return now.length === 4 && now.includes(others) && vip80(now).length === 3;
      });
      await runsAs('d1', /^$/);
      assert.equal(await run('ipvsadm -L --timeout'), timeouts);
      await cluster.stop('d1');
      assert.equal(await table(), others);
      await run('ipvsadm -C');
    });
  });
});
