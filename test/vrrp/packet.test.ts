import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  encodeAdvert,
  gratuitousArp,
  ipv4Datagram,
  parseAdvert,
  unsolicitedNa,
  type Advert,
} from '../../src/vrrp/index.ts';
import { passwordMatches } from '../../src/vrrp/packet.ts';
import { ip } from './configuration.ts';
import { frame } from './wire.ts';

const ethernet = 14;
const ipv4Header = 20;
const ipv6Header = 40;
const route4 = { source: ip('10.66.0.1'), destination: ip('224.0.0.18') };
const route6 = { source: ip('fe80::f026:2cff:fe64:970d'), destination: ip('ff02::12') };

const captured: readonly {
  readonly name: string;
  readonly advert: Advert;
  readonly checksum: 'pseudo-header' | 'message';
  readonly family?: 'ipv6';
}[] = [
  {
    name: 'v2-pass',
    checksum: 'message',
    advert: {
      version: 2,
      virtualRouterId: 41,
      priority: 100,
      advertIntMs: 1000,
      addresses: [ip('10.66.0.100')],
      authPass: '1111',
    },
  },
  {
    name: 'v2-no-auth',
    checksum: 'message',
    advert: {
      version: 2,
      virtualRouterId: 14,
      priority: 150,
      advertIntMs: 1000,
      addresses: [ip('10.66.0.20'), ip('10.66.0.21'), ip('10.66.0.22')],
    },
  },
  {
    name: 'v3-ipv4',
    checksum: 'pseudo-header',
    advert: {
      version: 3,
      virtualRouterId: 12,
      priority: 150,
      advertIntMs: 500,
      addresses: [ip('10.66.0.12'), ip('10.66.0.13')],
    },
  },
  {
    name: 'v3-ipv4-one-address',
    checksum: 'pseudo-header',
    advert: { version: 3, virtualRouterId: 13, priority: 150, advertIntMs: 500, addresses: [ip('10.66.0.14')] },
  },
  {
    name: 'v3-ipv6',
    family: 'ipv6',
    checksum: 'pseudo-header',
    advert: {
      version: 3,
      virtualRouterId: 16,
      priority: 150,
      advertIntMs: 500,
      addresses: [ip('fe80::66:16'), ip('fd00:66::16')],
    },
  },
];

describe('adverts as keepalived sends them', () => {
  for (const { name, advert, checksum, family } of captured) {
    const header = ethernet + (family === 'ipv6' ? ipv6Header : ipv4Header);
    const route = family === 'ipv6' ? route6 : route4;
    const bytes = frame(name).subarray(header);

    test(`${name}: built to the same bytes`, () => {
      assert.deepEqual(encodeAdvert(advert, route), bytes);
    });

    test(`${name}: read back, also with padding behind it`, () => {
      const padded = new Uint8Array([...bytes, 0, 0, 0, 0, 0, 0]);
      for (const message of [bytes, padded]) {
        const parsed = parseAdvert(message, route);
        assert.ok(parsed.ok);
        const { authPass, ...rest } = advert;
        for (const [key, value] of Object.entries(rest)) {
          assert.deepEqual(parsed.value[key as keyof typeof parsed.value], value, key);
        }
        assert.equal(parsed.value.checksum, checksum);
        assert.equal(parsed.value.authType, authPass === undefined ? 'none' : 'pass');
      }
    });

    test(`${name}: every truncation is refused for its length`, () => {
      for (let length = 0; length < bytes.length; length++) {
        const parsed = parseAdvert(bytes.subarray(0, length), route);
        assert.equal(parsed.ok ? 'accepted' : parsed.error.reason, 'length', `${String(length)} bytes`);
      }
    });

    test(`${name}: every flipped bit is noticed`, () => {
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const damaged = Uint8Array.from(bytes);
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assert.equal(parseAdvert(damaged, route).ok, false, `bit ${String(bit)}`);
      }
    });
  }

  test('the IPv4 header around an advert: TOS 0xc0, no DF, TTL 255, protocol 112', () => {
    const whole = frame('v2-pass').subarray(ethernet);
    assert.deepEqual(ipv4Datagram({ ...route4, ttl: 255, id: 1 }, whole.subarray(ipv4Header)), whole);
  });

  test('gratuitous ARP', () => {
    const bytes = frame('gratuitous-arp');
    assert.deepEqual(gratuitousArp(bytes.slice(6, 12), ip('10.66.0.12')), bytes);
  });

  test('unsolicited neighbour advertisement, but for the checksum that the kernel fills in', () => {
    const bytes = frame('unsolicited-na');
    const message = bytes.slice(ethernet + ipv6Header);
    message.fill(0, 2, 4);
    assert.deepEqual(unsolicitedNa(bytes.slice(6, 12), ip('fd00:66::16'), false), message);
  });
});

describe('adverts that are refused', () => {
  const good: Advert = { version: 3, virtualRouterId: 1, priority: 1, advertIntMs: 10, addresses: [] };
  const header = (...bytes: number[]): Uint8Array => Uint8Array.of(...bytes);
  const rows: readonly [string, Uint8Array, string][] = [
    ['version 1', header(0x11, 1, 1, 0, 0, 1, 0, 0), 'version'],
    ['version 15', header(0xf1, 1, 1, 0, 0, 1, 0, 0), 'version'],
    ['type 2 (RFC 9568 section 5.2.2)', header(0x32, 1, 1, 0, 0, 1, 0, 0), 'type'],
    ['a wrong checksum', header(0x31, 1, 1, 0, 0, 1, 0xbe, 0xef), 'checksum'],
    ['interval 0 (RFC 5798 erratum 8301)', encodeAdvert({ ...good, advertIntMs: 0 }, route4), 'interval-zero'],
  ];
  for (const [name, message, reason] of rows) {
    test(name, () => {
      const parsed = parseAdvert(message, route4);
      assert.equal(parsed.ok ? 'accepted' : parsed.error.reason, reason);
    });
  }

  test('an IPv6 advert whose checksum lacks the pseudo-header', () => {
    const message = encodeAdvert(good, route6);
    message.set([0, 0], 6);
    const withoutPseudoHeader = encodeAdvert(good, route4, true);
    const parsed = parseAdvert(withoutPseudoHeader, route6);
    assert.equal(parsed.ok ? 'accepted' : parsed.error.reason, 'checksum');
  });
});

test('RFC 9568 section 5.2.8 for IPv4, v3_checksum_as_v2: the sum is over the message alone, and read as well', () => {
  const advert: Advert = {
    version: 3,
    virtualRouterId: 13,
    priority: 150,
    advertIntMs: 500,
    addresses: [ip('10.66.0.14')],
  };
  // 310d + 9601 + 0032 + 0a42 + 000e = d190
  const message = encodeAdvert(advert, route4, true);
  assert.deepEqual([message[6], message[7]], [0x2e, 0x6f]);
  const parsed = parseAdvert(message, route4);
  assert.equal(parsed.ok ? parsed.value.checksum : parsed.error.reason, 'message');
});

test('a password is its first 8 bytes, padded with zeros', () => {
  const data = Uint8Array.of(0x61, 0x62, 0x63, 0, 0, 0, 0, 0);
  assert.equal(passwordMatches(data, 'abc'), true);
  assert.equal(passwordMatches(data, 'abcd'), false);
  assert.equal(passwordMatches(data, ''), false);
  assert.equal(
    passwordMatches(
      Uint8Array.from('12345678', (c) => c.charCodeAt(0)),
      '123456789',
    ),
    true,
  );
});

test('what is built is read back, whatever it holds', () => {
  const addresses = fc.array(
    fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => ip(bytes.join('.'))),
    { maxLength: 255 },
  );
  const adverts = fc.record({
    version: fc.constantFrom(2 as const, 3 as const),
    virtualRouterId: fc.integer({ min: 1, max: 255 }),
    priority: fc.integer({ min: 0, max: 255 }),
    seconds: fc.integer({ min: 1, max: 40 }),
    addresses,
  });
  fc.assert(
    fc.property(adverts, fc.boolean(), ({ seconds, ...rest }, asV2) => {
      const advert = { ...rest, advertIntMs: seconds * 1000 };
      const parsed = parseAdvert(encodeAdvert(advert, route4, asV2), route4);
      assert.ok(parsed.ok);
      const { version, virtualRouterId, priority, advertIntMs, addresses: read } = parsed.value;
      assert.deepEqual({ version, virtualRouterId, priority, advertIntMs, addresses: read }, advert);
    }),
  );
});

test('any bytes are a result and never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (bytes, six) => {
      const shaped = Uint8Array.from(bytes);
      if (shaped.length > 0 && (shaped[0] ?? 0) % 3 !== 0) shaped[0] = (shaped[0] ?? 0) % 2 === 0 ? 0x21 : 0x31;
      assert.equal(typeof parseAdvert(shaped, six ? route6 : route4).ok, 'boolean');
    }),
  );
});
