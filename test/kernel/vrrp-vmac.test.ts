import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { until } from '../lab/cluster.ts';
import { instance, NetworkTwin } from '../lab/network-twin.ts';

/** use_vmac and no_accept beside the reference: interfaces, addresses, kernel settings, nftables and packets. */

/** Both daemons would fail alike where the kernel has no macvlan or nftables. */
function whyNoVmac(): string | undefined {
  const add =
    'ip link add t0 type veth peer name t1 && ip link add t2 link t0 type macvlan mode private && nft add table ip t';
  const tried = spawnSync('unshare', ['--net', 'sh', '-c', `PATH=$PATH:/usr/sbin:/sbin; ${add}`], { encoding: 'utf8' });
  return tried.status === 0 ? undefined : `no macvlan or no nftables: ${tried.stderr.trim()}`;
}

const trouble = whyNoLab('namespaces') ?? whyNoVmac();
if (trouble !== undefined) console.log(`skipped: VMACs beside the reference: ${trouble}`);

const conf = (c: string): string =>
  [
    instance(
      'A',
      'eth0',
      5,
      'use_vmac\n no_accept\n virtual_ipaddress {\n 10.9.0.100/24\n 10.8.0.100/24 dev eth1 use_vmac\n }',
    ),
    instance('A6', 'eth0', 5, 'use_vmac\n no_accept\n virtual_ipaddress {\n fe80::1:1/64\n fd00::103/64\n }'),
    instance('B', 'eth0', 6, 'use_vmac foo\n vmac_xmit_base\n virtual_ipaddress {\n 10.9.0.101/24\n }'),
    instance(
      'C',
      'eth1',
      7,
      `${c}\n use_vmac_addr\n virtual_ipaddress {\n 10.8.0.101/24\n }\n virtual_ipaddress_excluded {\n fd00::7/64\n }`,
    ),
    instance('D', 'eth1', 8, 'no_accept\n dont_track_primary\n virtual_ipaddress {\n fe80::1:8/64\n }'),
  ].join('');

/** Which interfaces get the rp_filter of `all` differs: here all of them, under the reference some. */
const more = [
  'ip -d -o link show | grep "^[0-9]*: [evfb]" | sed "s/^[0-9]*: /link /; s/numtxq.*//; s/minmtu.*maxmtu [0-9]*//; s/bcqueuelen.*addrgen/addrgen/"',
  'cd /proc/sys/net; for name in accept_local arp_ignore arp_filter promote_secondaries rp_filter; do grep -H . ipv4/conf/*/$name; done | grep -v "/conf/\\(far\\|eth\\)[01]/rp_filter"',
  'grep -H . ipv6/conf/*/disable_ipv6',
  'nft list ruleset',
].join('; ');
const afterwards = more.replace('accept_local arp_ignore arp_filter', 'accept_local');

describe('VMACs beside the reference', { skip: trouble ?? false, timeout: 270_000 }, () => {
  let twin: NetworkTwin;
  before(async () => {
    twin = await NetworkTwin.open();
    await twin.run('sysctl -qw net.ipv4.conf.all.rp_filter=2');
  });
  after(() => {
    twin.close();
  });

  const alike = async (holds: readonly string[], lacks: readonly string[] = [], what = more): Promise<void> => {
    const { keepalived, watchkeeper } = await twin.settledState(what);
    assert.deepEqual(watchkeeper, keepalived);
    const lines = watchkeeper.join('\n');
    for (const text of holds) assert.ok(lines.includes(text), `${text} is not in\n${lines}`);
    for (const text of lacks) assert.ok(!lines.includes(text), `${text} is in\n${lines}`);
  };

  /** Adverts that leave each side: hardware address, source and virtual router. */
  const adverts = async (side: 'keepalived' | 'watchkeeper'): Promise<readonly string[]> => {
    const dump = 'timeout 3 tcpdump -lnte -i far0 -c 40 "ip proto 112 or ip6 proto 112" 2>/dev/null; true';
    const { stdout } = await twin.machine.run(side, dump);
    return [...new Set(stdout.split('\n').filter((line) => line.includes('VRRP')))].sort();
  };

  test('MASTER: interfaces, addresses, settings, rules', async () => {
    await twin.start(conf('use_vmac bar 02:11:22:33:44'));
    await twin.both(/Entering MASTER STATE/, 5);
    await alike([
      'vrrp.5@eth0',
      '00:00:5e:00:01:05',
      'vrrp6.5    inet6 fe80::ff:fe00:10/64 scope link nodad deprecated',
      'vrrp1.5    inet 10.8.0.100/24',
      'foo    inet 10.9.0.101/24',
      '02:11:22:33:44:07',
      'bar    inet6 fd00::7/64',
      'ipv4/conf/eth0/arp_filter:1',
      'ipv4/conf/all/rp_filter:0',
      'ip protocol igmp meta oifkind "macvlan" dup to ip daddr device oif map @vmac_map drop',
      'elements = { fe80::1:8 . "eth1" }',
    ]);
  });

  test('adverts come from the hardware address of the virtual router, with vmac_xmit_base from that of the interface', async () => {
    const [theirs, ours] = [await adverts('keepalived'), await adverts('watchkeeper')];
    assert.deepEqual(ours, theirs);
    assert.deepEqual(
      ours.map((line) => [line.split(' ')[0], /vrid \d+/.exec(line)?.[0]].join(' ')),
      ['00:00:5e:00:01:05 vrid 5', '00:00:5e:00:02:05 vrid 5', '02:00:00:00:00:10 vrid 6'],
    );
  });

  test('an interface that somebody removes is made again', async () => {
    await twin.run('ip link del vrrp.5');
    await twin.both(/\(A\) Entering MASTER STATE/, 2);
    await alike(['vrrp.5    inet 10.9.0.100/24']);
  });

  test('FAULT while the interface below is down, and all of it again', async () => {
    await twin.run('ip link set eth0 down');
    await twin.both(/\(A\) Entering FAULT STATE/, 2);
    await alike([], ['10.9.0.100', '10.9.0.101']);
    await twin.run('ip link set eth0 up');
    await twin.both(/\(A6\) Entering MASTER STATE/, 2);
    await twin.both(/\(A\) Entering MASTER STATE/, 3);
    await alike(['vrrp6.5    inet6 fd00::103/64', 'foo    inet 10.9.0.101/24']);
  });

  test('the death of the process: its successor takes up the interfaces as they are', async () => {
    const look = 'ip -o addr show; nft list ruleset; grep -H . /proc/sys/net/ipv4/conf/*/arp_*';
    const before = (await twin.machine.run('watchkeeper', look)).stdout;
    await twin.machine.run('watchkeeper', 'kill -9 $(pgrep -P $(cat /run/watchkeeper.pid))');
    const dead = twin.ourLog().length;
    await until(
      'five masters',
      20_000,
      () =>
        twin
          .ourLog()
          .slice(dead)
          .filter((line) => line.includes('Taking up MASTER')).length === 5,
    );
    assert.equal((await twin.machine.run('watchkeeper', look)).stdout, before);
  });

  test('a reload that gives an interface another name: still MASTER, with the addresses', async () => {
    const lines = twin.ourLog().length;
    await twin.reload(conf('use_vmac other 02:11:22:33:44'));
    const look = 'ip -o addr show; ip link show type macvlan';
    // The reference has the interface, and says that it is MASTER, but the addresses are gone.
    await until('the address', 10_000, async () =>
      (await twin.machine.run('watchkeeper', look)).stdout.includes('10.8.0.101/24 scope global other'),
    );
    const { stdout } = await twin.machine.run('watchkeeper', look);
    assert.ok(stdout.includes('other    inet6 fd00::7/64') && !stdout.includes('bar'), stdout);
    assert.deepEqual(
      twin
        .ourLog()
        .slice(lines)
        .filter((line) => line.includes('Entering')),
      [],
    );
  });

  test('reloads that take use_vmac away and give it again: still MASTER, with the addresses, and no interface too many', async () => {
    const lines = twin.ourLog().length;
    const plain = conf('')
      .replace(' dev eth1 use_vmac', ' dev eth1')
      .replaceAll(/use_vmac(?:_addr| foo)?\n|vmac_xmit_base\n/g, '');
    assert.doesNotMatch(plain, /vmac/);
    const addresses = async (): Promise<string> =>
      (await twin.machine.run('watchkeeper', 'ip -o addr show | sed "s/ *valid_lft.*//"; ip link show type macvlan'))
        .stdout;
    const vips = ['10.9.0.100', '10.8.0.100', '10.9.0.101', '10.8.0.101', 'fe80::1:1', 'fd00::103', 'fd00::7'];
    await twin.reload(plain);
    await until('all on the interfaces below', 10_000, async () => {
      const all = await addresses();
      return vips.every((vip) => all.includes(` ${vip}/`)) && !/macvlan|vrrp|foo|other/.test(all);
    });
    await twin.reload(conf('use_vmac bar 02:11:22:33:44'));
    await until('all on VMACs', 10_000, async () => {
      const all = await addresses();
      return (
        vips.every((vip) => new RegExp(`(?:vrrp\\S*|foo|bar) +inet6? ${vip}/`).test(all)) &&
        !/eth\d +inet6? (?:10\.\d\.0\.10|fe80::1:1|fd00::7)/.test(all)
      );
    });
    assert.deepEqual(
      twin
        .ourLog()
        .slice(lines)
        .filter((line) => line.includes('Entering')),
      [],
    );
  });

  test('stop: nothing is left, and settings are as they were', async () => {
    await twin.stop();
    await alike(['ipv4/conf/all/rp_filter:2'], ['vrrp', 'foo', 'table'], afterwards);
    // The reference leaves these at 1.
    const files = ['arp_ignore', 'arp_filter', 'rp_filter'].map((name) => `/proc/sys/net/ipv4/conf/eth[01]/${name}`);
    const { stdout } = await twin.machine.run('watchkeeper', `cat ${files.join(' ')}`);
    assert.equal(stdout, '0\n'.repeat(6));
  });
});
