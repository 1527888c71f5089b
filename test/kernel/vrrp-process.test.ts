import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { until } from '../lab/cluster.ts';
import { Machine, projectRoot, type LabProcess } from '../lab/machine.ts';

/** What the vrrp process changes around itself, and that all of it is put back although the process died in between. */

const trouble = whyNoLab('namespaces');
if (trouble !== undefined) console.log(`skipped: the vrrp process in its surroundings: ${trouble}`);

const linkbeat = `linkbeat_interfaces {
  eth0
}
`;
const conf = `global_defs {
  process_names
  disable_local_igmp
  vrrp_netlink_monitor_rcv_bufs 9000000
  vrrp_netlink_monitor_rcv_bufs_force
}
vrrp_instance A {
  interface eth0
  virtual_router_id 5
  version 3
  advert_int 0.1
  promote_secondaries
  virtual_ipaddress {
    10.9.0.100/24
  }
}
`;
const settings =
  'cat /proc/sys/net/ipv4/conf/eth0/promote_secondaries /proc/sys/net/ipv4/igmp_link_local_mcast_reports';

describe('the vrrp process in its surroundings', { skip: trouble ?? false, timeout: 120_000 }, () => {
  let machine: Machine;
  let daemon: LabProcess;
  const is = async (command: string): Promise<string> => (await machine.run('one', command)).stdout;

  before(async () => {
    machine = await Machine.namespaces();
    const network = [
      'ip netns add one; ip netns add other; ip -n one link set lo up',
      'ip link add eth0 netns one type veth peer name eth0 netns other; for n in one other; do ip -n $n link set eth0 up; done',
      'ip -n one addr add 10.9.0.1/24 dev eth0; ip netns exec one sysctl -qw net.ipv4.conf.eth0.promote_secondaries=0',
    ];
    await machine.run(undefined, network.join('\n'));
    await machine.write('/run/conf', linkbeat + conf);
    const run = `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')} -n -l -a -P -f /run/conf -p /run/pid -r /run/vrrp.pid`;
    daemon = machine.spawn('one', `exec ${run}`);
    await daemon.waitFor(/\(A\) Entering MASTER/, 20_000);
  });
  after(() => {
    machine.close();
  });

  test('the names of the processes', async () => {
    assert.equal(
      await is('cat /proc/$(cat /run/pid)/comm /proc/$(cat /run/vrrp.pid)/comm'),
      'keepalived\nkeepalived_vrrp\n',
    );
  });

  test('the buffer of its monitor is larger than the limit of the kernel, as it is told', async () => {
    // The kernel counts twice what it is asked for.
    assert.match(await is('ss -amn -f netlink'), /rb18000000/);
  });

  test('linkbeat: what the driver says of the link counts, and not what the kernel thinks of the interface', async () => {
    const entered = (state: string) => (): boolean =>
      daemon.lines.findLast(({ text }) => text.includes('Entering'))?.text.includes(state) === true;
    const faults = (): number => daemon.lines.filter(({ text }) => text.includes('Entering FAULT')).length;
    // The interface does not run any more (no IFF_RUNNING), as while a supplicant is at work; its cable is in.
    await is('ip link set eth0 mode dormant; ip link set eth0 state dormant; ip addr add 10.9.0.7/24 dev eth0');
    await daemon.waitFor(/IP 10\.9\.0\.7 added/, 20_000);
    assert.match(await is('ip link show eth0'), /state DORMANT/);
    assert.equal(faults(), 0);
    await machine.run('other', 'ip link set eth0 down');
    await until('the fault', 20_000, () => faults() === 1);
    await machine.run('other', 'ip link set eth0 up');
    await until('MASTER again', 20_000, entered('MASTER'));
    await machine.write('/run/conf', conf);
    await is('kill -HUP $(cat /run/pid)');
    await until('the fault without linkbeat', 20_000, () => faults() === 2);
    await is('ip link set eth0 mode default; ip link set eth0 state up');
    await until('MASTER at last', 20_000, entered('MASTER'));
  });

  test('kernel settings are changed, and put back at the stop although the process died', async () => {
    assert.equal(await is(settings), '1\n0\n');
    await machine.run('one', 'kill -9 $(cat /run/vrrp.pid)');
    await until(
      'the successor',
      20_000,
      () => daemon.lines.filter(({ text }) => text.includes('Taking up MASTER')).length === 1,
    );
    assert.equal(await is(settings), '1\n0\n');
    daemon.signal('SIGTERM');
    await daemon.exited;
    assert.equal(await is(settings), '0\n1\n');
  });
});

/** The address of a master and what belongs to it, with a keepalived as backup that would take all of it. */
const pair = (priority: number): string => `vrrp_instance A {
  interface eth0
  virtual_router_id 5
  state ${priority > 100 ? 'MASTER' : 'BACKUP'}
  priority ${String(priority)}
  advert_int 3
  use_vmac vrrp.5
  promote_secondaries
  virtual_ipaddress {
    10.9.0.100/24
  }
  virtual_routes {
    10.77.0.0/24 via 10.9.0.7 dev eth0
  }
  virtual_rules {
    from 10.77.0.0/24 table 77
  }
}
`;

describe('the next run of the daemon', { skip: trouble ?? false, timeout: 240_000 }, () => {
  let machine: Machine;
  let peer: LabProcess;
  let monitor: LabProcess;
  let daemon: LabProcess;
  const is = async (command: string): Promise<string> => (await machine.run('one', command)).stdout;
  const inPlace = (): Promise<string> =>
    is(
      'ip -o -4 addr show to 10.9.0.100; ip route show 10.77.0.0/24; ip rule show from 10.77.0.0/24; ip -br link show vrrp.5 2>/dev/null || true',
    );
  const partLives = 'grep -s "^State:[[:space:]][^ZX]" /proc/$(cat /run/vrrp.pid)/status || true';
  const start = async (taking: RegExp): Promise<void> => {
    const run = `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')} -n -l -P -f /run/conf -p /run/pid -r /run/vrrp.pid`;
    daemon = machine.spawn('one', `exec ${run} --on-supervisor-death keep`);
    await daemon.waitFor(taking, 20_000);
  };
  const end = async (signal: string): Promise<number | null> => {
    await machine.run('one', `kill -${signal} $(cat /run/pid)`);
    const { code } = await daemon.exited;
    await until('its part has ended', 10_000, async () => (await is(partLives)) === '');
    return code;
  };
  /** Nothing in the kernel was touched, and the peer saw no reason to take over. */
  const nothingMoved = (since: number): void => {
    const changes = monitor.lines.slice(since).filter(({ text }) => /Deleted|DOWN|10\.9\.0\.100|10\.77\.0/.test(text));
    assert.deepEqual(
      changes.map(({ text }) => text),
      [],
    );
    assert.ok(!peer.lines.some(({ text }) => text.includes('MASTER STATE')), 'the peer stays BACKUP');
  };

  before(async () => {
    machine = await Machine.namespaces();
    const network = [
      'ip netns add one; ip netns add other; ip -n one link set lo up; ip -n other link set lo up',
      'ip link add eth0 netns one type veth peer name eth0 netns other; for n in one other; do ip -n $n link set eth0 up; done',
      'ip -n one addr add 10.9.0.1/24 dev eth0; ip -n other addr add 10.9.0.2/24 dev eth0',
      'ip netns exec one sysctl -qw net.ipv4.conf.eth0.promote_secondaries=0 net.ipv4.conf.eth0.arp_ignore=0',
    ];
    await machine.run(undefined, network.join('\n'));
    await machine.write('/run/conf', pair(150));
    await machine.write('/run/peer.conf', pair(100));
    monitor = machine.spawn('one', 'exec ip -o monitor address route rule link');
    await start(/\(A\) Entering MASTER/);
    peer = machine.spawn('other', 'exec keepalived -n -l -P -f /run/peer.conf -p /run/p.pid -r /run/pv.pid');
    await peer.waitFor(/Entering BACKUP STATE/, 20_000);
    await until('all is in place', 20_000, async () => (await inPlace()).trim().split('\n').length === 4);
  });
  after(() => {
    machine.close();
  });

  test('goes on where the one before it was told to leave: nothing moves', async () => {
    const was = await inPlace();
    const since = monitor.lines.length;
    assert.equal(await end('37'), 0);
    assert.equal(await inPlace(), was);
    assert.equal(await is('stat -c %a /run/vrrp.state'), '600\n');
    await start(/\(A\) Taking up MASTER/);
    assert.equal(await inPlace(), was);
    nothingMoved(since);
  });

  test('goes on where the supervisor was killed and its parts were told to keep', async () => {
    const was = await inPlace();
    const since = monitor.lines.length;
    await end('9');
    assert.equal(await inPlace(), was);
    await start(/\(A\) Taking up MASTER/);
    assert.equal(await inPlace(), was);
    nothingMoved(since);
  });

  test('knows after the death of all processes what kernel settings were before, and what it left', async () => {
    const left = 'nft list tables; ip -br link show type macvlan';
    assert.match(await is(left), /table ip keepalived[^]*vrrp\.5/);
    // The part must not see the supervisor die.
    await machine.run('one', 'kill -STOP $(cat /run/vrrp.pid); kill -9 $(cat /run/pid) $(cat /run/vrrp.pid)');
    await daemon.exited;
    await machine.write('/run/conf', pair(150).replace('  use_vmac vrrp.5\n', ''));
    await start(/\(A\) Entering BACKUP STATE/);
    await until('tables and interfaces of the killed run are gone', 10_000, async () => (await is(left)) === '');
    assert.equal(await end('15'), 0);
    assert.equal(await is('cat /proc/sys/net/ipv4/conf/eth0/{promote_secondaries,arp_ignore}'), '0\n0\n');
    assert.equal((await inPlace()).trim(), '');
    assert.equal(await is('ls /run/*.state 2>/dev/null || true'), '');
    await peer.waitFor(/Entering MASTER STATE/, 30_000);
  });
});
