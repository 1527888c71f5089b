import assert from 'node:assert/strict';
import { isIPv4, isIPv6 } from 'node:net';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compareIp, ipFamily, ipFromBytes, ipToBytes, isLinkLocal, parseIp } from '../../src/core/index.ts';

function canonical(text: string): string | undefined {
  const parsed = parseIp(text);
  return parsed.ok ? parsed.value : undefined;
}

describe('IP addresses', () => {
  const good: readonly (readonly [string, string])[] = [
    ['192.168.0.174', '192.168.0.174'],
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['fe80:0:0:0:0:0:0:0', 'fe80::'],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
  ];
  for (const [text, expected] of good) {
    test(`'${text}' is ${expected}`, () => {
      assert.equal(canonical(text), expected);
    });
  }
  for (const text of [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '256.1.1.1',
    '1.2.3.4 ',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    'fe80::1%eth0',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7::8',
  ]) {
    test(`'${text}' is refused with its text`, () => {
      const parsed = parseIp(text);
      assert.deepEqual(parsed, { ok: false, error: `'${text}' is not an IP address` });
    });
  }

  test('bytes and text agree both ways', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
    );
    fc.assert(
      fc.property(bytes, (value) => {
        const address = ipFromBytes(value);
        assert.deepEqual(ipToBytes(address), Uint8Array.from(value));
        assert.equal(canonical(address), address);
        assert.equal(ipFamily(address), value.length === 4 ? 'ipv4' : 'ipv6');
      }),
    );
  });

  test('accepts what the platform accepts', () => {
    const almost = fc
      .array(fc.constantFrom('0', '1', 'f', '255', ':', '::', '.', 'ffff', '10'), { maxLength: 12 })
      .map((p) => p.join(''));
    fc.assert(
      fc.property(fc.oneof(almost, fc.ipV4(), fc.ipV6()), (text) => {
        assert.equal(parseIp(text).ok, isIPv4(text) || isIPv6(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('orders as unsigned numbers', () => {
    const a = ipFromBytes(Uint8Array.of(10, 0, 0, 9));
    const b = ipFromBytes(Uint8Array.of(10, 0, 0, 200));
    assert.ok(compareIp(a, b) < 0);
    assert.ok(compareIp(b, a) > 0);
    assert.equal(compareIp(a, a), 0);
  });

  for (const [text, expected] of [
    ['fe80::1', true],
    ['febf:ffff::', true],
    ['fec0::', false],
    ['fe7f::1', false],
    ['fe8::1', false],
    ['::fe80', false],
    ['169.254.0.1', false],
  ] as const) {
    test(`${text} is ${expected ? '' : 'not '}link-local`, () => {
      const parsed = parseIp(text);
      assert.equal(parsed.ok && isLinkLocal(parsed.value), expected);
    });
  }
});
