import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { formatLeft, parseLeft, type CheckersLeft, type VrrpLeft } from '../../src/daemon/left-state.ts';
import { noStats } from '../../src/vrrp/index.ts';

const vrrp: VrrpLeft = {
  states: { VI_1: 'MASTER', VI_2: 'BACKUP' },
  ahSequences: { VI_1: 512 },
  scripts: { check: true },
  stats: { VI_1: { ...noStats, advert_sent: 7 } },
  leftAtMs: 1234.5,
  sysctlsBefore: { vmacs: { 'eth0.1/arp_ignore': '0' }, promoted: { eth0: '0' }, igmp: {} },
  firewall: 'keepalived',
  ipvlans: ['vrrp.5'],
};
const checkers: CheckersLeft = {
  checkers: [
    ['a', true],
    ['b', false],
  ],
  leftAtMs: 0,
  timeoutsBefore: { tcpSecs: 900, tcpFinSecs: 120, udpSecs: 300 },
  services: ['TCP 10.0.0.1 80'],
  sync: ['master'],
};

const file = (left: unknown, change: object = {}): string =>
  JSON.stringify({ format: 1, part: 'vrrp', boot: 'b', left, ...change });

describe('the state that parts leave', () => {
  test('is read as it was written', () => {
    assert.deepEqual(parseLeft('vrrp', 'b', formatLeft('vrrp', 'b', vrrp)), { ok: true, value: vrrp });
    assert.deepEqual(parseLeft('checkers', 'b', formatLeft('checkers', 'b', checkers)), { ok: true, value: checkers });
  });

  const refused: readonly [string, string, RegExp][] = [
    ['half a file', formatLeft('vrrp', 'b', vrrp).slice(0, 40), /no JSON/],
    ['of the other part', formatLeft('checkers', 'b', checkers), /no state of the vrrp part/],
    ['of another boot', formatLeft('vrrp', 'other', vrrp), /older than the last boot/],
    ['of another version', file({}, { format: 2 }), /another version/],
    ['a list', '[]', /no state/],
    ['nothing in it', file(null), /holds nothing/],
    ['a state that there is not', file({ states: { VI_1: 'KING' } }), /'states'/],
    ['a sequence number below 0', file({ ahSequences: { VI_1: -1 } }), /'ahSequences'/],
    ['counters that lack one', file({ stats: { VI_1: { advert_sent: 1 } } }), /'stats'/],
    ['a time that is none', file({ leftAtMs: '12' }), /'leftAtMs'/],
    ['settings of somebody else', file({ sysctlsBefore: { kernel: { x: '1' } } }), /'sysctlsBefore'/],
    ['a setting that is no number', file({ sysctlsBefore: { igmp: { x: '1; reboot' } } }), /'sysctlsBefore'/],
    ['a name that is too long', file({ states: { ['x'.repeat(5000)]: 'MASTER' } }), /'states'/],
    ['an entry that nobody knows', file({ constructor: {} }), /'constructor'/],
  ];
  for (const [name, text, reason] of refused) {
    test(`is refused: ${name}`, () => {
      const parsed = parseLeft('vrrp', 'b', text);
      assert.ok(!parsed.ok);
      assert.match(parsed.error, reason);
    });
  }

  test('whatever the file holds, reading ends in a state or a reason', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(vrrp)), (value, name) => {
        parseLeft('vrrp', 'b', JSON.stringify(value));
        const parsed = parseLeft('vrrp', 'b', file({ [name]: value }));
        assert.ok(parsed.ok || parsed.error.includes(name));
      }),
    );
  });
});
