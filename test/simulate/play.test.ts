import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { play } from '../../src/simulate/index.ts';
import { directors, holds, instance, script } from './setup.ts';

function pair(more = ''): ReturnType<typeof directors> {
  return directors(instance(150, more), instance(100, more));
}

describe('every kind of instance', () => {
  const unicast = (peer: string): string => `unicast_peer {\n${peer}\n}`;
  const version3 = 'version 3\nadvert_int 0.1';
  const ipv6 = 'virtual_ipaddress {\nfe80::100\n2001:db8::100\n}';
  const rows: readonly (readonly [string, ReturnType<typeof directors>, number])[] = [
    ['version 2', pair(), 4],
    ['version 3', pair(version3), 0.4],
    ['version 3 over IPv6', pair(`${version3}\n${ipv6}`), 0.4],
    ['PASS', pair('authentication {\nauth_type PASS\nauth_pass 1111\n}'), 4],
    ['v3_checksum_as_v2', pair(`${version3}\nv3_checksum_as_v2`), 0.4],
    ['unicast', directors(instance(150, unicast('198.51.100.2')), instance(100, unicast('198.51.100.1'))), 4],
    [
      'unicast with a source and other interfaces',
      directors(
        instance(150, `interface bond0\nunicast_src_ip 198.51.100.1\n${unicast('198.51.100.2')}`),
        instance(100, `interface ens3\nunicast_src_ip 198.51.100.2\n${unicast('198.51.100.1')}`),
      ),
      4,
    ],
    [
      'unicast over IPv6',
      directors(
        instance(150, `${version3}\n${ipv6}\nunicast_src_ip 2001:db8::1\n${unicast('2001:db8::2')}`),
        instance(100, `${version3}\n${ipv6}\nunicast_src_ip 2001:db8::2\n${unicast('2001:db8::1')}`),
      ),
      0.4,
    ],
    ['a group of its own', pair('mcast_dst_ip 224.0.0.19'), 4],
    ['an interface of another name', directors(instance(150), instance(100, 'interface ens3')), 4],
  ];
  for (const [name, setups, secs] of rows) {
    test(`${name}: one takes over and gives back`, () => {
      const within = `within ${String(secs)}s`;
      const outcome = holds(
        setups,
        `expect d1 master of VI_1 ${within}
at 10s: d1 kill
expect d2 master ${within}
at 20s: d1 start
expect d1 master ${within}
always expect no two masters longer than 20ms
end at 30s`,
      );
      assert.equal(outcome.routers.length, 1);
    });
  }

  const apart: readonly (readonly [string, string, string])[] = [
    [
      'passwords',
      'authentication {\nauth_type PASS\nauth_pass one\n}',
      'authentication {\nauth_type PASS\nauth_pass two\n}',
    ],
    ['versions', 'version 2', 'version 3'],
    ['intervals in version 2', 'advert_int 1', 'advert_int 2'],
    ['multicast groups', 'mcast_dst_ip 224.0.0.18', 'mcast_dst_ip 224.0.0.19'],
    ['ways to send', '', 'unicast_peer {\n198.51.100.1\n}'],
  ];
  for (const [name, first, second] of apart) {
    test(`other ${name}: both are MASTER`, () => {
      holds(
        directors(instance(150, first), instance(100, second)),
        'at 20s: d1 thaw\nexpect d1 master\nexpect d2 master\nend at 30s',
      );
    });
  }

  test('other ids are other virtual routers', () => {
    const { routers } = holds(
      directors(instance(150), instance(100, 'virtual_router_id 52')),
      'at 20s: d1 thaw\nexpect one master\nend at 30s',
    );
    assert.deepEqual(
      routers.map(({ name }) => name),
      ['VI_1@eth0/51', 'VI_1@eth0/52'],
    );
  });

  test('with equal priorities the higher address wins', () => {
    const setups = directors(instance(100), instance(100));
    holds(setups, 'd1 eth0 has 192.0.2.9\nd2 eth0 has 192.0.2.10\nat 10s: d1 thaw\nexpect d2 master\nend at 20s');
    holds(setups, 'd1 eth0 has 192.0.2.11\nd2 eth0 has 192.0.2.10\nat 10s: d1 thaw\nexpect d1 master\nend at 20s');
  });
});

describe('every kind of event', () => {
  const settled = 'expect d1 master within 4s\nexpect d2 backup\n';
  const tracking = (weight: string): string =>
    `vrrp_script chk {\nscript "/bin/true"\ninterval 1\ntimeout 2\n${weight}\n}\ntrack_file load {\nfile /run/load\n${weight}\n}\n`;
  const tracked = 'track_script {\nchk\n}\ntrack_file {\nload\n}';
  const rows: readonly (readonly [string, ReturnType<typeof directors>, string])[] = [
    [
      'SIGTERM releases at once',
      pair(),
      'at 10s: d1 stop\nexpect d2 master within 0.7s\nexpect d2 holds 192.0.2.100 within 0.7s',
    ],
    [
      'kill -9 leaves the address',
      pair(),
      'at 10s: d1 kill\nexpect d1 holds 192.0.2.100\nat 12s: d1 start\nexpect nobody holds 192.0.2.100\nat 12.1s: d1 thaw',
    ],
    [
      'without power nothing is left',
      pair(),
      'at 10s: d1 power off\nexpect d2 holds 192.0.2.100 within 4s\nat 20s: d1 power on\nexpect d1 master within 4s',
    ],
    [
      'a director that starts later',
      pair(),
      'expect d2 master within 4s\nat 10s: d1 start\nexpect d1 master within 4s',
    ],
    [
      'a frozen master is replaced and yields',
      pair(),
      'at 10s: d1 freeze for 10s\nexpect d2 master within 4s\nat 20s: d1 thaw\nexpect one master within 1.1s',
    ],
    [
      'a frozen master that thaws',
      pair(),
      'at 10s: d1 freeze\nexpect d2 master within 4s\nat 30s: d1 thaw\nexpect d1 master within 5s',
    ],
    [
      'a clock that jumps ahead moves nothing',
      pair(),
      'at 10s: d2 clock +1min\nexpect no change\nat 20s: d1 clock +1h\nexpect no change\nexpect d1 master',
    ],
    [
      'a clock that jumps back stands still, and its master speaks only when it is spoken to',
      pair(),
      'at 10s: d1 clock -10s\nexpect no gap\nexpect at most 6 changes\nat 25s: d1 thaw\nexpect no change\nexpect d1 master',
    ],
    ['somebody removes the address', pair(), 'at 10s: d1 loses 192.0.2.100\nexpect d1 holds 192.0.2.100 within 1s'],
    [
      'a cut cable',
      pair(),
      'at 10s: cut d1 d2\nexpect d2 master within 4s\nat 20s: heal\nexpect d1 master\nexpect d2 backup within 1.1s',
    ],
    ['cut one way', pair(), 'at 10s: cut d2 > d1 on eth0\nexpect no change\nat 20s: heal on eth0\nexpect no change'],
    [
      'everything is lost',
      pair(),
      'at 10s: loss 100% on eth0\nexpect d2 master within 4s\nat 20s: loss 0%\nexpect d2 backup within 1.1s',
    ],
    [
      'slow, doubled and overtaken packets alone move nothing',
      pair(),
      'at 10s: delay 10ms to 400ms\nat 10s: duplicate 50% on eth0\nat 10s: reorder 50%\nexpect no change\nend at 100s',
    ],
    [
      'a script that fails',
      directors(`${tracking('')}${instance(150, tracked)}`, instance(100)),
      'at 10s: d1 script chk fails\nexpect d1 fault within 1.1s\nat 20s: d1 script chk succeeds\nexpect d1 master within 5s',
    ],
    [
      'a script that hangs',
      directors(`${tracking('')}${instance(150, tracked)}`, instance(100)),
      'at 10s: d1 script chk hangs\nexpect d1 fault within 3.1s',
    ],
    [
      'a weight',
      directors(`${tracking('weight -60')}${instance(150, tracked)}`, instance(100)),
      'at 10s: d1 script chk fails\nexpect d2 master within 6s',
    ],
    [
      'a track_file',
      directors(`${tracking('weight -1')}${instance(150, tracked)}`, instance(100)),
      'at 10s: d1 file load 60\nexpect d2 master within 6s\nat 20s: d1 file load 0\nexpect d1 master within 6s',
    ],
  ];
  for (const [name, setups, text] of rows) {
    test(name, () => {
      holds(setups, text.includes('d1 start\nexpect d1') ? text : settled + text);
    });
  }

  test('a reload with another file', () => {
    const [first, second] = pair();
    const [changed] = directors(instance(50));
    assert.ok(first !== undefined && second !== undefined && changed !== undefined);
    const setups = [{ ...first, reloads: new Map([['new.conf', changed.config]]) }, second];
    holds(setups, `${settled}at 10s: d1 reload new.conf\nexpect d2 master within 6s\nexpect no gap`);
  });

  test('a link that the script names', () => {
    const setups = directors(instance(150), instance(100, 'virtual_router_id 52'), instance(100, 'interface ens3'));
    const text =
      'link a: d1 eth0, d3 ens3\nlink b: d2 eth0\nat 10s: d1 thaw\nexpect d2 master\nexpect d3 backup\nend at 20s';
    assert.deepEqual(
      holds(setups, text).routers.map(({ link }) => link),
      ['a', 'b'],
    );
  });
});

describe('an expectation that does not hold', () => {
  const rows: readonly (readonly [string, string, RegExp])[] = [
    [
      'too late',
      'at 10s: d1 kill\nexpect d2 master within 3s',
      /^VI_1 d2 BACKUP until 13\.\d+ s, right after 3\.\d+ s$/,
    ],
    ['never', 'at 10s: d1 thaw\nexpect d2 master within 3s', /^VI_1 d2 BACKUP until \d+ s$/],
    [
      'two masters',
      'at 10s: cut d1 d2\nexpect no two masters longer than 2s',
      /^VI_1 two masters for [\d.]+ s from 13\.\d+ s$/,
    ],
    ['a gap', 'at 10s: d1 kill\nexpect no gap longer than 2s', /^VI_1 nobody MASTER for 3\.\d+ s from 10 s$/],
    ['a change', 'at 10s: d1 kill\nexpect at most 1 change', /^VI_1 changed 2 times$/],
    ['an address that nobody has', 'at 10s: d1 thaw\nexpect d1 holds 192.0.2.1', /^nothing here has that address/],
  ];
  for (const [name, text, seen] of rows) {
    test(`${name}: what was seen is told`, () => {
      const outcome = play(pair(), script(text), 1);
      assert.ok(outcome.ok);
      assert.deepEqual(
        outcome.value.verdicts.map(({ held }) => held),
        [false],
      );
      assert.match(outcome.value.verdicts[0]?.seen ?? '', seen);
    });
  }
});

test('what is too much is given up', () => {
  const outcome = play(pair(), script('end at 24h'), 1, 10_000);
  assert.ok(!outcome.ok);
  assert.match(outcome.error[0]?.message ?? '', /more than 10000 things happened/);
});
