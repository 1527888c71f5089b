import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { NetworkTwin } from '../lab/network-twin.ts';

/** Static and virtual addresses, routes and rules: what the kernel holds is what it holds under the reference. */

const trouble = whyNoLab('namespaces');
if (trouble !== undefined) console.log(`skipped: routes and rules beside the reference: ${trouble}`);

const conf = (staticRoutes: string, virtualRoutes: string): string => `track_group g {
  group {
    A
  }
}
static_ipaddress {
  10.7.0.1/24 dev eth0 label eth0:s
  10.7.1.1 dev eth0 no_track
  10.7.3.1/24 dev eth1 track_group g
  fd07::1/128 dev eth1
}
static_routes {
  192.168.100.0/24 via 10.9.0.2 dev eth0
  192.168.101.0/24 via 10.9.0.2 dev eth0 no_track
  192.168.103.0/24 via 10.8.0.9
  blackhole 192.168.104.0/24
  192.168.105.0/24 via 99.1.2.3 dev eth0
  192.168.106.0/24 nexthop via 10.9.0.2 dev eth0 weight 3 nexthop via 10.8.0.2 dev eth1
  192.168.120.0/24 dev eth1 table 6909 tos 0x04 scope link priority 12 mtu 1000 hoplimit 100 advmss 101 reordering 104 window 105 cwnd 106 ssthresh lock 107 initcwnd 109 initrwnd 110 features ecn quickack 1 fastopen_no_cookie 1 realms 3/4
  192.168.126.0/24 via 10.99.0.1 dev eth0 onlink
  192.168.129.0/24 table 6910 nexthop via 10.99.0.1 dev eth0 onlink realms 5 nexthop via 10.98.0.1 dev eth1 onlink weight 2
  192.168.130.0/24 via 10.9.0.2 dev eth0 encap ip id 100 dst 1.2.3.4 src 2.3.4.5 ttl 7 tos 4
  192.168.133.0/24 via 10.9.0.2 dev eth0 metric 7 append
  192.168.133.0/24 via 10.9.0.3 dev eth0 metric 7 append
  fd10::/64 via fd00::2 dev eth0 pref high metric 33 expires 100
  fd11::/64 dev eth0 from fd00::/64 mtu 1300
  fd12::/64 nexthop via fd00::2 dev eth0 nexthop via fd00::3 dev eth0 weight 2
  unreachable fd13::/64
${staticRoutes}
}
static_rules {
  from 10.7.0.0/24 table 77
  to 10.7.1.0/24 table 78 priority 555
  iif eth0 table 79 no_track
  from 10.7.0.0/24 to 10.6.0.0/24 table 77 priority 100 iif eth0 oif eth1 tos 4 fwmark 24/12
  from 10.7.0.0/24 blackhole priority 102
  from fd10::/64 table 6908 uidrange 10000-19999 priority 105
  table 51 suppress_prefixlength 0 suppress_ifgroup 3 priority 108
  not from 10.7.0.0/24 table 52 priority 109
  tunnel-id 55 table 300 priority 110
}
vrrp_instance A {
  interface eth0
  state MASTER
  virtual_router_id 5
  priority 100
  advert_int 0.2
  version 3
  virtual_ipaddress {
    10.9.0.100/24
  }
  virtual_ipaddress_excluded {
    fd00::101/64
    fd00::102
    fd00::103/64 -nodad
    fd00::104/128 preferred_lft forever
  }
  virtual_routes {
    src 10.9.0.100 to 192.168.110.0/24 via 10.9.0.2 dev eth0
    192.168.112.0/24 dev eth0 table 200 metric 5
    192.168.114.0/24 via 10.9.0.2 dev eth0 no_track
    192.168.115.0/24 via 10.9.0.2 dev eth0
${virtualRoutes}
  }
  virtual_rules {
    from 10.7.5.0/24 table 90
    to 10.7.6.0/24 table 91 priority 600
    to 10.7.6.0/24 iif eth0 table 91 priority 601
  }
}
`;

describe('routes and rules beside the reference', { skip: trouble ?? false, timeout: 270_000 }, () => {
  let twin: NetworkTwin;
  before(async () => {
    twin = await NetworkTwin.open();
  });
  after(() => {
    twin.close();
  });

  const alike = async (holds: readonly string[], lacks: readonly string[] = []): Promise<void> => {
    const { keepalived, watchkeeper } = await twin.settledState();
    assert.deepEqual(watchkeeper, keepalived);
    const lines = watchkeeper.join('\n');
    for (const text of holds) assert.ok(lines.includes(text), `${text} is not in\n${lines}`);
    for (const text of lacks) assert.ok(!lines.includes(text), `${text} is in\n${lines}`);
  };

  test('MASTER: all that the kernel takes is there, and what it refuses is one line', async () => {
    await twin.start(conf('', ''));
    await twin.both(/Entering MASTER STATE/);
    await alike(['192.168.110.0/24', '10.7.0.1/24', 'fd00::102/128', 'lookup 6908', '192.168.129.0/24']);
    assert.deepEqual(twin.ourLog().filter((line) => line.includes('192.168.105.0/24')).length, 1);
  });

  test('a route that is not tracked stays away when somebody removes it, a tracked one of an instance comes back', async () => {
    await twin.run('ip route del 192.168.115.0/24');
    await twin.both(/Entering MASTER STATE/, 2);
    await alike(['192.168.115.0/24', '192.168.114.0/24']);
    await twin.run('ip route del 192.168.114.0/24');
    await twin.run('ip rule del priority 600');
    await twin.both(/Entering MASTER STATE/, 3);
    await alike(['192.168.114.0/24', '600:']);
  });

  test('static ones come back when somebody removes them', async () => {
    await twin.run('ip route del 192.168.100.0/24; ip rule del priority 555; ip addr del 10.7.0.1/24 dev eth0');
    await alike(['192.168.100.0/24', '555:', '10.7.0.1/24']);
  });

  test('while an interface of a route, or of a static address that is tracked, is down nothing is held; then it all comes back', async () => {
    await twin.run('ip link set eth1 down');
    await twin.both(/Entering FAULT STATE/);
    await alike([], ['10.9.0.100/24', '192.168.110.0/24', '601:']);
    await twin.run('ip link set eth1 up');
    await twin.both(/Entering MASTER STATE/, 4);
    await alike(['192.168.110.0/24', '10.7.3.1/24', '601:']);
  });

  test('stop: all is taken back', async () => {
    await twin.stop();
    await alike(['10.9.0.1/24'], ['10.7.0.1', '10.9.0.100', '192.168.1', 'fd10', 'keepalived']);
  });
});
