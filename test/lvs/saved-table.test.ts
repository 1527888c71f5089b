import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { formatPlan, parseSavedTable, plan } from '../../src/lvs/index.ts';

/** What ipvsadm 1.31 printed of a table with every kind of service and server. */
const printed = `-A -t 10.0.0.1:80 -s rr -p 3600 -M 255.255.255.0
-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 3
-A -u 10.0.0.1:53 -s sh -o -b sh-fallback,sh-port
-A -u 10.0.0.1:5060 -s rr -p 100 --pe sip
-A --sctp-service 10.0.0.1:99 -s rr
-a --sctp-service 10.0.0.1:99 -r 10.0.0.3:99 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum
-a --sctp-service 10.0.0.1:99 -r 10.0.0.4:99 -i -w 1 --tun-type gre --tun-nocsum
-a --sctp-service 10.0.0.1:99 -r 10.0.0.5:99 -i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum
-a --sctp-service 10.0.0.1:99 -r 10.0.0.6:99 -g -w 1
-A -u 10.0.0.1:5061 -s rr -p 100 -M 255.0.255.0
-A -t [2001:db8::1]:80 -s wrr -p 300 -M 64
-a -t [2001:db8::1]:80 -r [2001:db8::5]:80 -m -w 1
-A -f 10 -6 -s mh -b mh-port
-a -f 10 -6 -r 10.0.0.9:0 -i -w 1 --tun-type ipip
-A -f 11 -s wlc -b flag-3
`;

describe('a table as ipvsadm -Sn prints it', () => {
  test('everything in it is read', () => {
    const saved = parseSavedTable(printed);
    assert.ok(saved.ok);
    assert.equal(saved.value.thresholds, false);
    assert.deepEqual(formatPlan(plan(saved.value.table, [], new Set()), []), [
      '+ [10.0.0.1]:tcp:80 rr persistent 3600 s /24',
      '+ [10.0.0.1]:tcp:80 -> [10.0.0.2]:80 masq weight 3',
      '+ [10.0.0.1]:udp:53 sh flags 28',
      '+ [10.0.0.1]:udp:5060 rr persistent 100 s /32 sip',
      '+ [10.0.0.1]:sctp:99 rr',
      '+ [10.0.0.1]:sctp:99 -> [10.0.0.3]:99 tunnel gue 6080 1 weight 1',
      '+ [10.0.0.1]:sctp:99 -> [10.0.0.4]:99 tunnel gre 0 0 weight 1',
      '+ [10.0.0.1]:sctp:99 -> [10.0.0.5]:99 tunnel gue 6080 2 weight 1',
      '+ [10.0.0.1]:sctp:99 -> [10.0.0.6]:99 direct-route weight 1',
      '+ [10.0.0.1]:udp:5061 rr persistent 100 s /255.0.255.0',
      '+ [2001:db8::1]:tcp:80 wrr persistent 300 s /64',
      '+ [2001:db8::1]:tcp:80 -> [2001:db8::5]:80 masq weight 1',
      '+ FWM 10 IPv6 mh flags 16',
      '+ FWM 10 IPv6 -> [10.0.0.9]:0 tunnel ipip 0 0 weight 1',
      '+ FWM 11 wlc flags 32',
    ]);
  });

  test('thresholds, which ipvsadm -R takes', () => {
    const saved = parseSavedTable('-A -f 1 -s rr\n-a -f 1 -r 10.0.0.2:0 -g -w 1 -x 100 -y 50\n');
    assert.ok(saved.ok);
    assert.equal(saved.value.thresholds, true);
    const [server] = saved.value.table[0]?.destinations ?? [];
    assert.deepEqual([server?.upperThreshold, server?.lowerThreshold], [100, 50]);
  });

  const wrong: readonly (readonly [name: string, text: string, message: string])[] = [
    ['-L instead of -S', 'TCP  10.0.0.1:80 rr', "line 1: 'TCP' is neither -A nor -a, as ipvsadm -Sn prints"],
    ['names', '-A -t www:http -s rr', "line 1: -t 'www:http' is not ADDRESS:PORT: print the table with ipvsadm -Sn"],
    ['no service', '-A -s rr', 'line 1: it names no service: -t, -u, --sctp-service or -f'],
    ['a server first', '-a -f 1 -r 10.0.0.1:0 -g -w 1', 'line 1: no line -A before it adds its service'],
    ['no server', '-A -f 1 -s rr\n-a -f 1 -g -w 1', 'line 2: a line -a needs -r ADDRESS:PORT'],
    ['twice', '-A -f 1 -s rr\n\n-A -f 1 -s rr', 'line 3: the service is there twice'],
    ['a cut line', '-A -f 1 -s', 'line 1: -s has no value, or is not an option that ipvsadm -Sn prints'],
    ['no number', '-A -f 1 -p soon', "line 1: -p 'soon' is not a number"],
    ['a mask', '-A -t 10.0.0.1:80 -M 33', "line 1: -M '33' is not a netmask"],
    ['a flag', '-A -f 1 -b quick', "line 1: -b 'quick' is not a flag of a scheduler"],
    ['an option', '-A -f 1 --size 9', 'line 1: --size is not known'],
  ];
  for (const [name, text, message] of wrong) {
    test(`${name}: told with its line`, () => {
      const saved = parseSavedTable(text);
      assert.equal(saved.ok ? 'read' : saved.error, message);
    });
  }

  test('any cut or mixed-up text is read or refused, never more', () => {
    const words = fc.constantFrom(...printed.split(/[ \n]/), '\n', '\n-A', '\n-a', '[', ':', '99999999999');
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (some) => {
        const saved = parseSavedTable(some.join(' '));
        assert.equal(typeof saved.ok, 'boolean');
      }),
    );
  });
});
