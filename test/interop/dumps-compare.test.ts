import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parseData, parseScripts, parseStats } from '../daemon/exporter.ts';
import { whyNoLab } from '../lab/available.ts';
import { until } from '../lab/cluster.ts';
import { Machine, projectRoot, type LabProcess } from '../lab/machine.ts';

/** The same configuration and the same signals for keepalived and for us: the files are the same, and programs read the same in them. */

const trouble = whyNoLab('namespaces');
if (trouble !== undefined) console.log(`skipped: dumps beside keepalived: ${trouble}`);

const conf = `instance ins1
global_defs {
  data_use_instance
  router_id r1
  vrrp_garp_master_delay 1
}
vrrp_script good {
  script "/bin/true 1 '2 3'"
  interval 1
  weight 2
}
vrrp_script bad {
  script "/bin/false"
  interval 1
  weight 4
}
track_file tf {
  file /run/tf
  weight 2
}
vrrp_sync_group G {
  group {
    A
    C
  }
  notify "/bin/true grp"
  smtp_alert
}
vrrp_instance A {
  state MASTER
  interface eth0
  virtual_router_id 51
  priority 150
  advert_int 0.25
  version 3
  dont_track_primary
  skip_check_adv_addr
  garp_master_refresh 60
  garp_lower_prio_delay 6
  virtual_ipaddress {
    10.9.0.1/24 dev eth0 label eth0:1
    10.9.0.2 brd 10.9.0.255
    10.9.0.7 peer 10.9.0.8
  }
  virtual_ipaddress_excluded {
    10.9.0.3 scope link
  }
  virtual_routes {
    192.168.100.0/24 via 10.9.0.99 dev eth0
    192.168.101.0/24 dev eth0 src 10.9.0.1 metric 5 mtu 1400 scope link
    0.0.0.0/0 via 10.9.0.99 dev eth0 table 9
  }
  virtual_rules {
    from 192.168.100.0/24 table 55 preference 10
    to 192.168.100.0/24 iif eth1 fwmark 4/7 lookup main no_track priority 11
  }
  notify "/bin/true a 'b c'" root
  notify_master "/bin/true m"
  notify_backup "/bin/true bk"
  notify_fault "/bin/true f"
  notify_stop "/bin/true s"
  notify_deleted "/bin/true d"
  notify_master_rx_lower_pri "/bin/true rx"
  smtp_alert
}
vrrp_instance B {
  interface eth0
  virtual_router_id 52
  priority 100
  nopreempt
  lower_prio_no_advert
  higher_prio_send_advert
  authentication {
    auth_type PASS
    auth_pass geheim
  }
  track_interface {
    eth0x weight 10
  }
  track_script {
    good
    bad
  }
  track_file {
    tf weight 3
  }
  virtual_ipaddress {
    10.9.1.1/24 dev eth1 scope link
  }
}
vrrp_instance C {
  interface eth0
  virtual_router_id 53
  priority 90
  version 3
  advert_int 0.25
  virtual_ipaddress {
    fe80::1
    2001:db8::1/64
  }
}
vrrp_instance D {
  interface gone
  virtual_router_id 54
  priority 90
  unicast_src_ip 10.9.0.10
  unicast_peer {
    10.9.0.11
    10.9.0.12 min_ttl 200
  }
  virtual_ipaddress {
    10.9.0.30/28
  }
}
`;

const network = (ns: string): string =>
  [
    `ip netns add ${ns}`,
    `ip -n ${ns} link set lo up`,
    ...['eth0', 'eth1', 'gone'].flatMap((nic) => [
      `ip -n ${ns} link add ${nic} type veth peer name ${nic}x`,
      ...(nic === 'gone' ? [] : [`ip -n ${ns} link set ${nic} up`, `ip -n ${ns} link set ${nic}x up`]),
    ]),
    // The address from which IPv6 adverts come is there at once.
    `ip netns exec ${ns} sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.eth0.accept_dad=0`,
    `ip -n ${ns} addr add 10.9.0.10/24 dev eth0`,
  ].join(' && ');

type Json = readonly { readonly data: Record<string, unknown>; readonly stats: Record<string, unknown> }[];

describe('dumps', { skip: trouble ?? false, timeout: 300_000 }, () => {
  const programs = {
    keepalived: 'keepalived',
    watchkeeper: `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}`,
  };
  type Who = keyof typeof programs;
  const both: readonly Who[] = ['keepalived', 'watchkeeper'];
  let machine: Machine;
  const daemons = new Map<Who, LabProcess>();

  const folder = (who: Who): string => `/run/${who}`;
  const signal = (who: Who, number: number): Promise<unknown> =>
    machine.run(undefined, `kill -${String(number)} $(cat ${folder(who)}/pid)`);
  const read = async (who: Who, name: string): Promise<string> =>
    (await machine.run(undefined, `cat ${folder(who)}/${name}`, { mayFail: true })).stdout;

  /** The file as it is after the signal. */
  async function fresh(who: Who, number: number, name: string): Promise<string> {
    await machine.run(undefined, `rm -f ${folder(who)}/${name}`);
    await signal(who, number);
    let text = '';
    await until(`${who} wrote ${name}`, 5000, async () => (text = await read(who, name)) !== '');
    // keepalived writes its file in pieces, and gives it its name when it is whole.
    return text;
  }
  const json = async (who: Who): Promise<Json> => JSON.parse(await fresh(who, 36, 'keepalived.json')) as Json;

  before(async () => {
    machine = await Machine.namespaces();
    await machine.run(undefined, 'echo 5 > /run/tf');
    for (const who of both) {
      await machine.run(undefined, `mkdir ${folder(who)} && ${network(who)}`);
      await machine.write(`${folder(who)}/conf`, conf);
      const files = `-p ${folder(who)}/pid -r ${folder(who)}/vrrp.pid`;
      const command = `TMPDIR=${folder(who)} exec ${programs[who]} -n -l -P -f ${folder(who)}/conf ${files}`;
      daemons.set(who, machine.spawn(who, command));
    }
    for (const who of both) {
      await until(
        `${who} runs`,
        20_000,
        async () => (await read(who, 'pid')) !== '' && (await read(who, 'vrrp.pid')) !== '',
      );
      await until(`${who} is MASTER`, 20_000, async () => {
        const all = await json(who);
        return all.slice(0, 3).every(({ data }) => data['state'] === 2) && all[1]?.data['effective_priority'] === 127;
      });
    }
  });
  after(() => {
    machine.close();
  });

  test('keepalived.json has the same fields in the same order with the same values, but for the password', async () => {
    const [theirs, ours] = [await json('keepalived'), await json('watchkeeper')];
    assert.equal(ours.length, 4);
    assert.deepEqual(
      ours.map(({ data, stats }) => [Object.keys(data), Object.keys(stats)]),
      theirs.map(({ data, stats }) => [Object.keys(data), Object.keys(stats)]),
    );
    const steady = (all: Json): readonly unknown[] =>
      all.map(({ data }) => ({ ...data, last_transition: typeof data['last_transition'], auth_data: undefined }));
    assert.deepEqual(steady(ours), steady(theirs));
    assert.equal(ours[1]?.data['auth_data'], '********');
    assert.ok(Math.abs(Number(ours[0]?.data['last_transition']) * 1000 - Date.now()) < 300_000);
  });

  test('keepalived.stats has the same lines', async () => {
    const shape = (text: string): string => text.replace(/Sent: \d+/g, 'Sent: n');
    const [theirs, ours] = [
      await fresh('keepalived', 12, 'keepalived.stats'),
      await fresh('watchkeeper', 12, 'keepalived.stats'),
    ];
    assert.equal(shape(ours), shape(theirs));
    const read = parseStats(ours);
    assert.deepEqual([...read.keys()], ['A', 'B', 'C', 'D']);
    assert.equal(read.get('A')?.['Became master'], 1);
    assert.ok((read.get('A')?.['Advertisements/Sent'] ?? 0) > 0);
  });

  test('exporters find the same instances and scripts in keepalived.data', async () => {
    const [theirs, ours] = [
      await fresh('keepalived', 10, 'keepalived.ins1.data'),
      await fresh('watchkeeper', 10, 'keepalived.ins1.data'),
    ];
    assert.deepEqual(parseData(ours), parseData(theirs));
    assert.deepEqual(parseScripts(ours), parseScripts(theirs));
    const sections = (text: string): readonly string[] => text.split('\n').filter((line) => line.startsWith('------<'));
    assert.deepEqual(sections(ours), sections(theirs));
    assert.ok(!ours.includes('geheim'));
    assert.deepEqual(sections(await read('watchkeeper', 'keepalived_parent.ins1.data')), [
      '------< Global definitions >------',
    ]);
  });

  test('the lines that people read are among those of keepalived', async () => {
    const [theirs, ours] = [
      await fresh('keepalived', 10, 'keepalived.ins1.data'),
      await fresh('watchkeeper', 10, 'keepalived.ins1.data'),
    ];
    const topology = (text: string): string => text.slice(text.indexOf('VRRP Topology'), text.indexOf('VRRP Sockpool'));
    const known = new Set(
      topology(theirs)
        .split('\n')
        .map((line) => steadyLine(line)),
    );
    const unknown = topology(ours)
      .split('\n')
      .map((line) => steadyLine(line))
      .filter((line) => !known.has(line));
    assert.deepEqual(unknown, []);
  });

  test('files are for their owner only, and take the place of what somebody put there', async () => {
    const { stdout } = await machine.run(
      undefined,
      `cd ${folder('watchkeeper')} && rm -f keepalived.stats && echo precious > /run/precious && ln -s /run/precious keepalived.stats`,
    );
    assert.equal(stdout, '');
    await signal('watchkeeper', 12);
    await until('a file is there', 5000, async () => {
      const { code } = await machine.run(undefined, `test ! -L ${folder('watchkeeper')}/keepalived.stats`, {
        mayFail: true,
      });
      return code === 0;
    });
    const modes = await machine.run(
      undefined,
      `cd ${folder('watchkeeper')} && stat -c '%a %n' keepalived*; cat /run/precious`,
    );
    assert.deepEqual(modes.stdout.trim().split('\n'), [
      '600 keepalived.ins1.data',
      '600 keepalived.json',
      '600 keepalived.stats',
      '600 keepalived_parent.ins1.data',
      'precious',
    ]);
  });

  test('counters are told and then begin again', async () => {
    for (const who of both) {
      const before = parseStats(await fresh(who, 63, 'keepalived.stats')).get('B');
      const after = parseStats(await fresh(who, 12, 'keepalived.stats')).get('B');
      assert.equal(before?.['Became master'], 1, who);
      assert.equal(after?.['Became master'], 0, who);
    }
  });

  test('counters and states outlive a reload', async () => {
    await machine.run(undefined, `sed -i 's/priority 90/priority 91/' ${folder('watchkeeper')}/conf`);
    await signal('watchkeeper', 1);
    await until('the reload is done', 10_000, async () => (await json('watchkeeper'))[2]?.data['base_priority'] === 91);
    const [a] = await json('watchkeeper');
    assert.deepEqual([a?.data['state'], Number(a?.stats['advert_sent']) > 0], [2, true]);
  });
});

/** Without what differs from run to run. */
function steadyLine(line: string): string {
  return line
    .replace(/ = \d+\.\d+ \(.*\)$/, ' = a time')
    .replace(/^ {3}(Flags:|Password =|Using src_ip = fe80:).*/, '   $1')
    .replace(/, ifindex \d+/, ', ifindex n');
}
