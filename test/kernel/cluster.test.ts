import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { Cluster, dip, until, vip, type DaemonName } from '../lab/cluster.ts';
import { Machine } from '../lab/machine.ts';

/** The two-director cluster on a real kernel: what a client, a peer and an operator see of it. */

const trouble = whyNoLab('with IPVS');
if (trouble !== undefined) console.log(`skipped: the cluster on a real kernel: ${trouble}`);

/** The waits of the configuration, shortened: what is decided stays the same. */
const quick = (conf: string): string =>
  conf.replaceAll('delay_loop 6', 'delay_loop 1').replaceAll('delay_before_retry 10', 'delay_before_retry 1');

const fullTable = [
  `-A -t ${vip}:443 -s rr -p 3600`,
  `-A -t ${vip}:80 -s rr`,
  ...[443, 80].flatMap((port) =>
    ['25', '35'].map((host) => `-a -t ${vip}:${String(port)} -r 192.168.170.${host}:${String(port)} -m -w 1`),
  ),
];

describe('the two-director cluster', { skip: trouble ?? false, timeout: 1_800_000 }, () => {
  let machine: Machine;
  let cluster: Cluster;

  before(async () => {
    machine = await Machine.withIpvs();
    cluster = await Cluster.build(machine);
  });
  after(() => {
    machine.close();
  });

  async function startPair(first: DaemonName, second: DaemonName): Promise<void> {
    await cluster.start('d1', first, cluster.conf('d1', quick));
    await cluster.start('d2', second, cluster.conf('d2', quick));
    await becomesMaster('d1');
    await until('both tables are full', 20_000, async () => {
      const tables = [await cluster.table('d1'), await cluster.table('d2')];
      return tables.every((table) => table.length === fullTable.length);
    });
  }

  async function stopBoth(): Promise<void> {
    for (const director of ['d2', 'd1'] as const) {
      const { code } = await cluster.stop(director);
      assert.equal(code, 0, `${director} ends with status 0`);
      assert.deepEqual(await cluster.addresses(director), [], `${director} leaves no address`);
      assert.deepEqual(await cluster.table(director), [], `${director} leaves no table`);
    }
  }

  async function becomesMaster(director: 'd1' | 'd2'): Promise<void> {
    await until(`${director} has both addresses`, 20_000, async () => (await cluster.master()) === director);
  }

  /** A fault of director 1: both addresses move to director 2 once, and back once. */
  async function movesOnceAndBack(fault: () => Promise<void>, repair: () => Promise<void>): Promise<void> {
    const start = cluster.moveCount();
    await fault();
    await becomesMaster('d2');
    await repair();
    await becomesMaster('d1');
    const gains = cluster.moves(start).filter(({ gained }) => gained);
    for (const address of [vip, dip]) {
      const path = gains.filter((move) => move.address === address).map(({ director }) => director);
      assert.deepEqual(path, ['d2', 'd1'], `${address} moved`);
    }
  }

  test('the reference, as a check of the lab itself', async () => {
    await startPair('keepalived', 'keepalived');
    assert.deepEqual(await cluster.table('d1'), fullTable);
    await movesOnceAndBack(
      () => cluster.cut('d1', 'eth0'),
      () => cluster.restore('d1', 'eth0'),
    );
    await stopBoth();
  });

  describe('a pair of Watchkeeper', () => {
    before(() => startPair('watchkeeper', 'watchkeeper'));

    test('holds the same table as the reference, on both directors', async () => {
      assert.deepEqual(await cluster.table('d1'), fullTable);
      assert.deepEqual(await cluster.table('d2'), fullTable);
    });

    test('warns of what is obsolete with file, line, column and what to do', () => {
      const lines = cluster.daemon('d1').lines.map(({ text }) => text);
      assert.ok(lines.some((line) => /keepalived\.conf:50:3: warning: 'nat_mask' .* obsolete/.test(line)));
      assert.ok(lines.some((line) => /keepalived\.conf:69:5: warning: 'nb_get_retry' .*\(use 'retry'\)/.test(line)));
    });

    test('spreads requests evenly over both servers', async () => {
      const client = cluster.startClient(50);
      await until('40 answers', 20_000, () => cluster.answers.filter(({ ok }) => ok).length >= 40);
      client.signal('SIGKILL');
      await client.exited;
      // What the client does not wait for has had its turn too: the kernel counts all of them, every 2 s.
      let counts: readonly number[] = [];
      await until('the kernel has counted them', 10_000, async () => {
        counts = [...(await cluster.connections('d1', `${vip}:80`)).values()];
        return counts.reduce((sum, count) => sum + count, 0) >= 40;
      });
      assert.equal(counts.length, 2);
      assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, counts.join());
    });

    test('takes a server that dies out of the table, and back when it returns', async () => {
      const entries = async (): Promise<readonly string[]> =>
        (await cluster.table('d1')).filter((line) => line.includes('192.168.170.25:'));
      await cluster.stopWeb('rs1');
      await until('rs1 is out', 20_000, async () => (await entries()).length === 0);
      await cluster.startWeb('rs1');
      await until('rs1 is in', 20_000, async () => (await entries()).length === 2);
    });

    test('takes out a server whose page is not the one of the digest, over HTTP and TLS', async () => {
      const entries = async (): Promise<readonly string[]> =>
        (await cluster.table('d1')).filter((line) => line.includes('192.168.170.35:'));
      await cluster.changePage('rs2', 'another');
      await until('rs2 is out', 30_000, async () => (await entries()).length === 0);
      await cluster.changePage('rs2', 'rs2');
      await until('rs2 is in', 30_000, async () => (await entries()).length === 2);
      const lines = cluster.daemon('d1').lines.map(({ text }) => text);
      assert.ok(
        lines.some((line) =>
          line.includes('HTTP_CHECK on service [192.168.170.35]:tcp:80 failed after 3 retries: MD5 digest'),
        ),
      );
      assert.ok(
        lines.some((line) =>
          line.includes('SSL_CHECK on service [192.168.170.35]:tcp:443 failed after 3 retries: MD5 digest'),
        ),
      );
    });

    for (const nic of ['eth0', 'eth1']) {
      test(`moves both addresses once and back once when the cable of ${nic} is pulled`, () =>
        movesOnceAndBack(
          () => cluster.cut('d1', nic),
          () => cluster.restore('d1', nic),
        ));
    }

    test('survives a power cut of the master', () =>
      movesOnceAndBack(
        () => cluster.powerOff('d1'),
        async () => {
          await cluster.powerOn('d1');
          await cluster.start('d1', 'watchkeeper', cluster.conf('d1', quick));
        },
      ));

    test('goes on without a move when its vrrp process is killed', async () => {
      const start = cluster.moveCount();
      const log = cluster.daemon('d1');
      const seen = log.lines.length;
      await cluster.kill('d1', 'vrrp', '9');
      await log.waitFor(/Taking up MASTER STATE/, 15_000, seen);
      // Had the adverts stopped for too long, director 2 would have said so by the time that it hears of its own next event.
      await cluster.kill('d2', 'keepalived', 'HUP');
      await cluster.daemon('d2').waitFor(/Reload finished/, 10_000);
      assert.equal(await cluster.master(), 'd1');
      assert.deepEqual(cluster.moves(start), []);
    });

    test('keeps the table and what it knows of the servers when its checkers process is killed', async () => {
      await cluster.stopWeb('rs1');
      const withoutRs1 = fullTable.filter((line) => !line.includes('192.168.170.25'));
      const shrunk = async (): Promise<boolean> => (await cluster.table('d1')).join() === withoutRs1.join();
      await until('rs1 is out', 20_000, shrunk);
      const log = cluster.daemon('d1');
      const seen = log.lines.length;
      await cluster.kill('d1', 'checkers', '9');
      await log.waitFor(/Starting Healthcheck child process/, 15_000, seen);
      for (let i = 0; i < 10; i++) assert.ok(await shrunk(), 'the dead server is not put back by the new process');
      await cluster.startWeb('rs1');
      await until('rs1 is in', 20_000, async () => (await cluster.table('d1')).join() === fullTable.join());
    });

    test('hands everything over when its supervisor is killed', async () => {
      await cluster.kill('d1', 'keepalived', '9');
      await becomesMaster('d2');
      await until('the table of director 1 is gone', 10_000, async () => (await cluster.table('d1')).length === 0);
      await cluster.start('d1', 'watchkeeper', cluster.conf('d1', quick));
      await becomesMaster('d1');
      await until('the table is full', 20_000, async () => (await cluster.table('d1')).length === fullTable.length);
    });

    test('reloads without moving anything, and applies what changed', async () => {
      const start = cluster.moveCount();
      await cluster.writeConf('d1', cluster.conf('d1', quick).replace('weight 1', 'weight 7'));
      await cluster.kill('d1', 'keepalived', 'HUP');
      await until('the weight changed', 10_000, async () =>
        (await cluster.table('d1')).some((line) => line.endsWith('192.168.170.25:80 -m -w 7')),
      );
      await cluster.writeConf('d1', cluster.conf('d1', quick));
      await cluster.kill('d1', 'keepalived', 'HUP');
      await until('the weight is back', 10_000, async () => (await cluster.table('d1')).join() === fullTable.join());
      assert.deepEqual(cluster.moves(start), []);
    });

    test('refuses a reload with a broken file, says why and goes on', async () => {
      const log = cluster.daemon('d1');
      const seen = log.lines.length;
      await cluster.writeConf('d1', cluster.conf('d1', quick).replace('virtual_router_id 41', 'virtual_router_id'));
      await cluster.kill('d1', 'keepalived', 'HUP');
      await log.waitFor(
        /keepalived\.conf:\d+:3: error: 'virtual_router_id' in vrrp_instance VI_EXTERNAL lacks its argument/,
        10_000,
        seen,
      );
      await log.waitFor(/The new configuration is not used/, 10_000, seen);
      assert.equal(await cluster.master(), 'd1');
      assert.deepEqual(await cluster.table('d1'), fullTable);
      await cluster.writeConf('d1', cluster.conf('d1', quick));
    });

    test('leaves nothing behind at SIGTERM', stopBoth);
  });

  for (const [first, second] of [
    ['watchkeeper', 'keepalived'],
    ['keepalived', 'watchkeeper'],
  ] as const) {
    test(`${first} as director 1 and ${second} as director 2 form one cluster`, async () => {
      await startPair(first, second);
      assert.deepEqual(await cluster.table('d1'), await cluster.table('d2'));
      await movesOnceAndBack(
        () => cluster.cut('d1', 'eth1'),
        () => cluster.restore('d1', 'eth1'),
      );
      await movesOnceAndBack(
        async () => {
          await cluster.stop('d1');
        },
        async () => {
          await cluster.start('d1', first, cluster.conf('d1', quick));
        },
      );
      await stopBoth();
    });
  }
});
