import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { until } from '../lab/cluster.ts';
import { Frames, withoutIdentification } from '../lab/frames.ts';
import { projectRoot } from '../lab/machine.ts';
import { NetworkTwin } from '../lab/network-twin.ts';

/** Gratuitous ARP, unsolicited neighbour advertisements and adverts as both daemons put them on the wire, byte for byte. */

const trouble = whyNoLab('namespaces');
if (trouble !== undefined) console.log(`skipped: announcements beside the reference: ${trouble}`);

const conf = (refresh: string): string => {
  const instance = (name: string, ifname: string, id: number, more: string, ...vips: readonly string[]): string =>
    `vrrp_instance ${name} {
  interface ${ifname}
  virtual_router_id ${String(id)}
  priority 100
  garp_master_delay 1
  garp_master_repeat 3
  garp_lower_prio_delay 1
  garp_lower_prio_repeat 2
  ${refresh}
  ${more}
  virtual_ipaddress {
    ${vips.join('\n    ')}
  }
}
`;
  const fast = 'version 3\n  advert_int 0.2';
  return [
    instance('A', 'eth0', 5, `${fast}\n  virtual_ipaddress_excluded {\n  10.9.0.101/24\n  }`, '10.9.0.100/24'),
    instance('A6', 'eth0', 5, fast, 'fe80::1:1/64', 'fd00::103/64'),
    instance('V', 'eth1', 6, `use_vmac\n  ${fast}`, '10.8.0.100/24'),
    instance('V6', 'eth1', 6, `use_vmac\n  ${fast}`, 'fe80::2:1/64', 'fd08::103/64'),
    instance('V2', 'eth1', 7, 'use_vmac\n  version 2', '10.8.0.102/24'),
    instance('S', 'eth0', 42, `${fast}\n  mcast_src_ip 10.9.0.7\n  track_src_ip`, '10.9.0.42/24'),
    instance('L', 'eth0', 41, 'version 2\n  authentication {\n  auth_type PASS\n  auth_pass 1111\n  }', '10.9.0.41/24'),
  ].join('');
};
const sides = ['keepalived', 'watchkeeper'] as const;
type Side = (typeof sides)[number];
/** A gratuitous ARP of an address, and an NA of one, as they are in a frame. */
const announcesAddress = /^(?:f{12}.{12}0806|333300000001.{12}86dd)/;

describe('announcements beside the reference', { skip: trouble ?? false, timeout: 270_000 }, () => {
  let twin: NetworkTwin;
  const heard = new Map<Side, readonly Frames[]>();

  /** What a side announced, each frame with how often it came; on which interface is in its addresses. */
  const announced = (side: Side): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const frame of (heard.get(side) ?? []).flatMap((frames) => frames.all()))
      if (announcesAddress.test(frame)) counts.set(frame, (counts.get(frame) ?? 0) + 1);
    return new Map([...counts].sort());
  };
  const isOf = (frame: string, address: string): boolean => frame.includes(address, 24);

  before(async () => {
    twin = await NetworkTwin.open();
    // What a router says of itself: for a VMAC it is what the interface below is.
    await twin.run('sysctl -qw net.ipv6.conf.eth1.forwarding=1; ip addr add 10.9.0.7/24 dev eth0');
    for (const side of sides) {
      const filter = 'arp or (icmp6 and ip6[40] == 136) or ip proto 112 or ip6 proto 112';
      const on = (ifname: string): Promise<Frames> => Frames.on(twin.machine, side, ifname, filter);
      heard.set(side, [await on('far0'), await on('far1')]);
    }
    await twin.start(conf(''));
    await twin.both(/Entering MASTER STATE/, 7);
  });
  after(() => {
    twin.close();
  });

  const alikeWith = async (what: string, times: (frame: string) => number): Promise<void> => {
    await until(what, 15_000, () =>
      sides.every((side) => {
        const all = [...announced(side)];
        return all.length === 10 && all.every(([frame, count]) => count >= times(frame));
      }),
    );
    const [theirs, ours] = [announced('keepalived'), announced('watchkeeper')];
    assert.deepEqual([...ours.keys()], [...theirs.keys()]);
  };

  test('MASTER: each address in rounds, and again after garp_master_delay', async () => {
    await alikeWith('two times three rounds', () => 6);
    assert.deepEqual(announced('watchkeeper'), announced('keepalived'));
    const frames = [...announced('watchkeeper').keys()];
    const of = (address: string): string => frames.find((frame) => isOf(frame, address)) ?? assert.fail(address);
    assert.match(of('0a090064'), /^f{12}020000000010/, 'from the interface');
    assert.match(of('0a080064'), /^f{12}00005e000106.{16}0001.{0}00005e000106/, 'from the virtual router');
    assert.match(of('fd080000'), /^33330000000100005e000206.*8800.{4}a0000000.*020100005e000206$/, 'NA of a router');
    assert.match(of('fd000000'), /^333300000001020000000010.*8800.{4}20000000.*0201020000000010$/, 'NA of none');
  });

  test('adverts', () => {
    const adverts = (side: Side): readonly string[] => [
      ...new Set(
        (heard.get(side) ?? []).flatMap((frames) =>
          frames
            .all()
            .filter((frame) => !announcesAddress.test(frame) && !/^.{24}0806|^.{24}86dd.{12}3a/.test(frame))
            .map(withoutIdentification),
        ),
      ),
    ];
    const ours = [...adverts('watchkeeper')].sort();
    assert.deepEqual(ours, [...adverts('keepalived')].sort());
    assert.equal(ours.length, 7);
    assert.equal(ours.filter((frame) => frame.includes('0a090007e0000012')).length, 1, 'from mcast_src_ip');
  });

  test('an advert of lower priority: the instance announces now and again after garp_lower_prio_delay', async () => {
    const tsx = join(projectRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs');
    const script = join(projectRoot, 'test', 'lab', 'hostile-adverts.ts');
    const send = `cd ${projectRoot} && ${process.execPath} --import ${tsx} ${script} far0 10.9.0.2 10.9.0.41 --lower`;
    await twin.run(send);
    await alikeWith('two times two rounds more', (frame) => (isOf(frame, '0a090029') ? 10 : 6));
    assert.deepEqual(announced('watchkeeper'), announced('keepalived'));
  });

  test('garp_master_refresh: the same, again and again', async () => {
    await twin.reload(conf('garp_master_refresh 1\n  garp_master_refresh_repeat 2'));
    await alikeWith('four rounds more', () => 10);
  });

  test('track_src_ip: FAULT without mcast_src_ip, and back with it; the reference has no eye on it', async () => {
    const from = twin.lineCounts();
    const told = async (command: string, ...states: readonly string[]): Promise<void> => {
      await twin.run(`ip addr ${command} 10.9.0.7/24 dev eth0`);
      await until(states.join(), 15_000, () => twin.states(from).watchkeeper.join() === states.join());
    };
    await told('del', 'S FAULT');
    assert.ok(twin.ourLog().some((line) => line.includes('(S) Entering FAULT STATE: address 10.9.0.7 is on no')));
    await told('add', 'S FAULT', 'S BACKUP', 'S MASTER');
    assert.deepEqual(twin.states(from).keepalived, []);
  });
});
