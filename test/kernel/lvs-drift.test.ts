import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { Cluster, until, vip } from '../lab/cluster.ts';
import { ipvlanTests } from '../lab/ipvlan.ts';
import { Machine } from '../lab/machine.ts';

/** What becomes of the table of a real kernel that somebody else writes to as well. */

const trouble = whyNoLab('with IPVS');
if (trouble !== undefined) console.log(`skipped: a table that somebody else changes, on a real kernel: ${trouble}`);

/** The director itself is a server here, forwarded to in every way: the kernel may call it local. */
const conf = `virtual_server ${vip} 80 {
  delay_loop 60
  lb_algo wlc
  lb_kind NAT
  protocol TCP
  persistence_timeout 100
  persistence_granularity 255.255.255.0
  real_server 192.168.170.25 80 {
    weight 3
    uthreshold 100
    lthreshold 50
  }
  real_server 192.168.170.35 80 {
    weight 0
  }
  sorry_server 127.0.0.1 80
}
virtual_server ${vip} 81 {
  delay_loop 60
  lb_algo mh
  mh-port
  lb_kind DR
  protocol TCP
  real_server 127.0.0.1 81 {
  }
  real_server 192.168.170.179 81 {
  }
}
virtual_server fwmark 7 {
  delay_loop 60
  lb_algo sh
  lb_kind TUN
  real_server 192.168.0.204 0 {
  }
}
`;

describe('a table that somebody else changes', { skip: trouble ?? false, timeout: 900_000 }, () => {
  let machine: Machine;
  let cluster: Cluster;
  let full: readonly string[] = [];

  before(async () => {
    machine = await Machine.withIpvs();
    cluster = await Cluster.build(machine);
    await ipvsadm('-A -t 10.9.9.9:99 -s rr', '-a -t 10.9.9.9:99 -r 192.168.170.25:99 -m');
    await cluster.start('d1', 'watchkeeper', conf);
    await until('the table is full', 20_000, async () => (await cluster.table('d1')).length === 10);
    full = await cluster.table('d1');
  });
  after(() => {
    machine.close();
  });

  async function ipvsadm(...commands: readonly string[]): Promise<void> {
    await machine.run(cluster.ns('d1'), commands.map((command) => `ipvsadm ${command}`).join(' && '));
  }

  const said = (from: number): readonly string[] =>
    cluster
      .daemon('d1')
      .lines.slice(from)
      .map(({ text }) => text)
      .filter((text) => text.includes('Somebody else'));

  for (const [name, commands, line] of [
    [
      'a changed weight',
      [`-e -t ${vip}:80 -r 192.168.170.25:80 -m -w 9`],
      /undoing it: ~ \[192\.168\.0\.174\]:tcp:80 -> \[192\.168\.170\.25\]:80 masq weight 9 => masq weight 3 thresholds 50-100 \(1 since the start\)$/,
    ],
    [
      'a removed server and a scheduler',
      [`-d -t ${vip}:81 -r 192.168.170.179:81`, '-E -f 7 -s rr'],
      /\+ \[192\.168\.0\.174\]:tcp:81 -> \[192\.168\.170\.179\]:81 direct-route weight 1; ~ FWM 7 rr => sh \(3 since the start\)$/,
    ],
    ['a removed service', [`-D -t ${vip}:80`], /\+ \[192\.168\.0\.174\]:tcp:80 wlc persistent 100 s/],
    [
      "a server in a service of ours, while others' services are their own business",
      [`-a -t ${vip}:80 -r 192.168.170.66:80 -m`, '-e -t 10.9.9.9:99 -r 192.168.170.25:99 -m -w 5'],
      /undoing it: - \[192\.168\.0\.174\]:tcp:80 -> \[192\.168\.170\.66\]:80 \(/,
    ],
  ] as const) {
    test(`${name} is mended within seconds and told in one line`, async () => {
      const from = cluster.daemon('d1').lines.length;
      await ipvsadm(...commands);
      const theirs = (lines: readonly string[]) => lines.filter((text) => !text.includes('10.9.9.9'));
      await until('it is mended', 15_000, async () => theirs(await cluster.table('d1')).join() === theirs(full).join());
      await until('it is told', 5000, () => said(from).length > 0);
      const lines = said(from);
      assert.equal(lines.length, 1);
      assert.match(lines[0] ?? '', line);
    });
  }

  ipvlanTests(() => machine);

  test("what is others' stays as they left it", async () => {
    assert.ok((await cluster.table('d1')).includes('-a -t 10.9.9.9:99 -r 192.168.170.25:99 -m -w 5'));
    const { code } = await cluster.stop('d1');
    assert.equal(code, 0);
    assert.equal((await cluster.table('d1')).length, 2);
  });
});
