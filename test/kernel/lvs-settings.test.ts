import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { join } from 'node:path';
import { whyNoLab } from '../lab/available.ts';
import { Cluster, until, vip, type DaemonName } from '../lab/cluster.ts';
import { Machine, projectRoot, type LabProcess } from '../lab/machine.ts';

/** Settings of virtual servers whose effect only a kernel shows, side by side with the reference. */

const trouble = whyNoLab('with IPVS');
if (trouble !== undefined) console.log(`skipped: settings of virtual servers on a real kernel: ${trouble}`);

const [server, dead] = ['192.168.170.25', '192.168.170.99'];
const service = (address: string, extra = '', algorithm = 'rr'): string => `virtual_server ${address} {
  delay_loop 1
  lb_algo ${algorithm}
  lb_kind NAT
  protocol TCP
  ${extra}
${[server, dead]
  .map(
    (real) => `  real_server ${real} 80 {
    TCP_CHECK {
      connect_timeout 1
      retry 1
      delay_before_retry 1
    }
  }
`,
  )
  .join('')}}
`;
const foreign = ['-A -t 10.9.9.9:99 -s rr', '-a -t 10.9.9.9:99 -r 192.168.170.25:99 -m -w 1'];
const daemons: readonly DaemonName[] = ['keepalived', 'watchkeeper'];

describe('settings of virtual servers', { skip: trouble ?? false, timeout: 1_800_000 }, () => {
  let machine: Machine;
  let cluster: Cluster;

  before(async () => {
    machine = await Machine.withIpvs();
    cluster = await Cluster.build(machine);
  });
  after(() => {
    machine.close();
  });

  const ip = (command: string) => machine.run(cluster.ns('d1'), `ip address ${command}`);
  /** The servers of a service in the table: the last bytes of their addresses. */
  async function servers(address: string): Promise<string> {
    const lines = (await cluster.table('d1')).filter((line) => line.startsWith(`-a -t ${address}:80 `));
    return lines.map((line) => /\.(\d+):80 -m/.exec(line)?.[1]).join(' ');
  }
  const becomes = (address: string, expected: string) =>
    until(`${address} has servers '${expected}'`, 20_000, async () => (await servers(address)) === expected);

  for (const daemon of daemons) {
    test(`${daemon}: ha_suspend lets checks rest while the address is not here, and what was found stays`, async () => {
      const [plain, alpha] = [vip, '192.168.0.175'];
      const log = await cluster.start(
        'd1',
        daemon,
        service(`${plain} 80`, 'ha_suspend') + service(`${alpha} 80`, 'ha_suspend\n  alpha') + service('10.9.9.1 80'),
      );
      // A service that does not rest shows that checks had their time.
      await becomes('10.9.9.1', '25');
      assert.deepEqual([await servers(plain), await servers(alpha)], ['25 99', '']);
      await ip(`add ${plain}/32 dev eth0`);
      await ip(`add ${alpha}/32 dev eth1`);
      await becomes(plain, '25');
      await becomes(alpha, '25');
      await ip(`del ${plain}/32 dev eth0`);
      await ip(`del ${alpha}/32 dev eth1`);
      await log.waitFor(
        /Suspending healthchecker for service \[192\.168\.170\.25\]:tcp:80 for VS \[192\.168\.0\.175\]/,
        10_000,
      );
      await cluster.stopWeb('rs1');
      await becomes('10.9.9.1', '');
      assert.deepEqual([await servers(plain), await servers(alpha)], ['25', '25']);
      const seen = log.lines.length;
      await ip(`add ${plain}/32 dev eth0`);
      await log.waitFor(
        /Activating healthchecker for service \[192\.168\.170\.25\]:tcp:80 for VS \[192\.168\.0\.174\]/,
        10_000,
        seen,
      );
      await becomes(plain, '');
      assert.equal(await servers(alpha), '25');
      await cluster.startWeb('rs1');
      await becomes(plain, '25');
      await ip(`del ${plain}/32 dev eth0`);
      await cluster.stop('d1');
      assert.deepEqual(await cluster.table('d1'), []);
    });

    for (const [setting, left] of [
      ['lvs_flush_on_stop', []],
      ['lvs_flush_on_stop VS', foreign],
      ['', foreign],
    ] as const) {
      test(`${daemon}: '${setting}' leaves at stop ${left.length === 0 ? 'nothing' : "what is others'"}`, async () => {
        await machine.run(cluster.ns('d1'), ['-C', ...foreign].map((line) => `ipvsadm ${line}`).join(' && '));
        await cluster.start('d1', daemon, `global_defs {\n  ${setting}\n}\n${service(`${vip} 80`)}`);
        await becomes(vip, '25');
        await cluster.stop('d1');
        assert.deepEqual(await cluster.table('d1'), left);
        await machine.run(cluster.ns('d1'), 'ipvsadm -C');
      });
    }
  }

  test('a scheduler that the kernel lacks is named with its module, and stops nothing else', async () => {
    const log = await cluster.start('d1', 'watchkeeper', service(`${vip} 80`, '', 'twos') + service(`${vip} 81`));
    await log.waitFor(/new-service .*the kernel lacks scheduler twos: load it with `modprobe ip_vs_twos`/, 20_000);
    await log.waitFor(/trying again in 1 s/, 20_000);
    await log.waitFor(/net\.ipv4\.vs, left as it is: sync_threshold 3 50, /, 20_000);
    await until('the other service is there', 10_000, async () =>
      (await cluster.table('d1')).includes(`-A -t ${vip}:81 -s rr`),
    );
    await cluster.stop('d1');
    assert.deepEqual(await cluster.table('d1'), []);
  });

  describe('net_namespace_ipvs', () => {
    let started: LabProcess;

    async function run(daemon: DaemonName, settings: string): Promise<void> {
      await machine.write('/run/lab/netns.conf', `${settings}\n${service(`${vip} 80`)}`);
      const program =
        daemon === 'keepalived' ? daemon : `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}`;
      const pids = ['-p', '-c', '-r'].map((option) => `${option} /run/lab/netns${option}.pid`).join(' ');
      started = machine.spawn(cluster.ns('d1'), `exec ${program} -n -l ${pids} -f /run/lab/netns.conf`);
    }
    const table = async (namespace: string | undefined): Promise<string> =>
      (await machine.run(namespace, 'ipvsadm -Sn')).stdout.trim().split('\n').sort().join();
    const expected = [`-A -t ${vip}:80 -s rr`, `-a -t ${vip}:80 -r ${server}:80 -m -w 1`].join();

    before(async () => {
      await machine.run(undefined, 'ip netns add balancer && ip netns add services');
      // Without a single route the kernel takes no address for a server's.
      await machine.run('balancer', 'ip link set lo up');
    });

    for (const daemon of daemons) {
      test(`${daemon}: the table is in the other namespace, the checks are in this one`, async () => {
        await run(daemon, 'net_namespace_ipvs balancer');
        await until(
          'the table is there, without the server that does not answer',
          20_000,
          async () => (await table('balancer')) === expected,
        );
        assert.equal(await table(cluster.ns('d1')), '');
        started.signal('SIGTERM');
        await started.exited;
        assert.equal(await table('balancer'), '');
      });
    }

    for (const daemon of daemons) {
      test(`${daemon}: without a name it is the namespace of process 1, wherever the daemon was started`, async () => {
        await run(daemon, 'net_namespace services\nnet_namespace_ipvs');
        await until('the service is there', 20_000, async () => (await table(undefined)).startsWith('-A'));
        for (const other of ['services', cluster.ns('d1')]) assert.equal(await table(other), '');
        started.signal('SIGTERM');
        await started.exited;
        assert.equal(await table(undefined), '');
      });
    }

    test('a namespace that does not exist ends the daemon, and the log says which', async () => {
      await run('watchkeeper', 'net_namespace_ipvs nowhere');
      await started.waitFor(/net_namespace_ipvs: .*nowhere: it does not exist/, 20_000);
      assert.equal((await started.exited).code, 1);
    });
  });
});
