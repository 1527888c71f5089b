import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { AuthHmac, VrrpInstance } from '../../src/config/index.ts';
import { hmac } from '../../src/platform/index.ts';
import {
  encodeAdvert,
  newVrrpState,
  vrrpStep,
  type InterfaceFacts,
  type VrrpEffect,
  type VrrpState,
  type VrrpStats,
} from '../../src/vrrp/index.ts';
import { compareSignTime, nextSignTime, readTrailer, signTrailer, trailerLength } from '../../src/vrrp/hmac-trailer.ts';
import { address, engineConfig, instance, ip } from './configuration.ts';

/** auth_hmac. The signatures were computed apart, with the hmac module of Python, from the description of the wire form. */

const text = '0123456789abcdef0123456789abcdef';
const key = new TextEncoder().encode(text);
const peer = ip('192.0.2.20');
const group = ip('224.0.0.18');
const eth0: InterfaceFacts = { ifname: 'eth0', ifindex: 2, up: true, addresses: [ip('192.0.2.10')] };
const settings: AuthHmac = {
  keys: [{ id: 7, key: { from: 'text', text } }],
  activeKey: 7,
  timeWindowMs: 5000,
  antiReplay: 'time',
  mode: 'enforce',
};
/** 2001-09-09, when the virtual clock is at 0. */
const epochMs = 1_000_000_000_000;

describe('signatures', () => {
  for (const [name, source, message, signKey, time, expected] of [
    [
      'version 3 over IPv4',
      '192.0.2.20',
      '3133640100640000c0000264',
      { id: 7, bytes: key },
      { seconds: 1_000_000_000, fraction: 0x8000, counter: 0 },
      '010700003b9aca0080000000411d971af648a2d37cdb88a1ede5fd55',
    ],
    [
      'version 2',
      '192.0.2.20',
      '2133640100010000c00002640000000000000000',
      { id: 7, bytes: key },
      { seconds: 1_000_000_000, fraction: 0x8000, counter: 3 },
      '010700003b9aca008000000341d4b4af928c6c8709537077244ce2d3',
    ],
    [
      'over IPv6, with the largest numbers and the longest key',
      'fe80::14',
      '313364010064000020010db8000000000000000000000064',
      { id: 255, bytes: Uint8Array.from({ length: 64 }, (_, i) => i) },
      { seconds: 0xffffffff, fraction: 0xffff, counter: 0xffff },
      '01ff0000ffffffffffffffffdf46cf287e3444e66600024c75cf38e5',
    ],
  ] as const) {
    test(name, () => {
      const bytes = Buffer.from(message, 'hex');
      const trailer = signTrailer(hmac, signKey, time, ip(source), bytes);
      assert.equal(Buffer.from(trailer).toString('hex'), expected);
      const whole = Buffer.concat([bytes, trailer]);
      assert.deepEqual(readTrailer(whole, bytes.length), {
        keyId: signKey.id,
        ...time,
        mac: Uint8Array.from(trailer.subarray(12)),
      });
      // The checksum is not part of what is signed.
      bytes.writeUInt16BE(0xabcd, 6);
      assert.deepEqual(signTrailer(hmac, signKey, time, ip(source), bytes), trailer);
    });
  }

  test('whatever is behind a message is a trailer, nothing, or malformed, and never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(90), (bytes, at) => {
        const read = readTrailer(bytes, at);
        if (typeof read === 'object') assert.ok(bytes.length - at >= trailerLength && read.keyId > 0);
      }),
    );
  });

  test('times grow with each advert, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4_294_967_295_999 }), { minLength: 2 }), (clock) => {
        let last = nextSignTime(undefined, clock[0] ?? 0);
        for (const wallMs of clock) {
          const next = nextSignTime(last, wallMs);
          assert.ok(compareSignTime(next, last) > 0);
          last = next;
        }
      }),
    );
    const used = { seconds: 5, fraction: 0xffff, counter: 0xffff };
    assert.deepEqual(nextSignTime(used, 0), { seconds: 6, fraction: 0, counter: 0 });
  });
});

class Signed {
  state: VrrpState;
  /** How far the wall clock is from where it should be. */
  skewMs = 0;
  constructor(change: Partial<AuthHmac> = {}, more: Partial<VrrpInstance> = {}) {
    const config = instance('A', { version: 3, authHmac: { ...settings, ...change }, ...more });
    this.state = newVrrpState(engineConfig([config]), hmac);
    this.step({ type: 'start', interfaces: [eth0] }, 0);
  }

  step(event: Parameters<typeof vrrpStep>[1], nowMs: number): readonly VrrpEffect[] {
    const { state, effects } = vrrpStep(this.state, event, nowMs, epochMs + nowMs + this.skewMs);
    this.state = state;
    return effects;
  }

  hear(payload: Uint8Array, nowMs: number, source = peer): readonly VrrpEffect[] {
    return this.step({ type: 'packet', ifname: 'eth0', source, destination: group, ttl: 255, payload }, nowMs);
  }

  get stats(): VrrpStats {
    return this.state.instances[0]?.stats ?? assert.fail('no instance');
  }

  get name(): string | undefined {
    return this.state.instances[0]?.state;
  }
}

interface Made {
  readonly atMs: number;
  readonly counter?: number;
  readonly id?: number;
  readonly bytes?: Uint8Array;
  readonly source?: typeof peer;
  readonly priority?: number;
}

/** An advert as a peer signs it at a time of the virtual clock. */
function advert({ atMs, counter = 0, id = 7, bytes = key, source = peer, priority = 200 }: Made): Uint8Array {
  const addresses = [ip('192.0.2.100')];
  const wallMs = epochMs + atMs;
  const time = { seconds: Math.floor(wallMs / 1000), fraction: Math.floor(((wallMs % 1000) * 65536) / 1000), counter };
  return encodeAdvert(
    { version: 3, virtualRouterId: 51, priority, advertIntMs: 1000, addresses },
    { source, destination: group },
    false,
    (message) => signTrailer(hmac, { id, bytes }, time, source, message),
  );
}

const unsigned = encodeAdvert(
  { version: 3, virtualRouterId: 51, priority: 200, advertIntMs: 1000, addresses: [ip('192.0.2.100')] },
  { source: peer, destination: group },
);

function changed(payload: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(payload);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe('enforce', () => {
  const good = advert({ atMs: 100 });
  const end = good.length - trailerLength;
  for (const [name, payload, counter] of [
    ['signed with our key', good, undefined],
    ['unsigned', unsigned, 'auth_ext_missing'],
    ['unsigned, filled up as a short frame is', Buffer.concat([unsigned, Buffer.alloc(20)]), 'auth_ext_missing'],
    ['cut in the signature', good.subarray(0, good.length - 1), 'auth_ext_malformed'],
    ['only a byte of it', good.subarray(0, end + 1), 'auth_ext_malformed'],
    ['another type of extension', changed(good, end), 'auth_ext_malformed'],
    ['bits that must be 0', changed(good, end + 3), 'auth_ext_malformed'],
    ['an id that is not here', advert({ atMs: 100, id: 8 }), 'auth_ext_unknown_key'],
    ['another key of this id', advert({ atMs: 100, bytes: key.map((byte) => byte ^ 1) }), 'auth_ext_invalid_hmac'],
    ['a changed signature', changed(good, good.length - 1), 'auth_ext_invalid_hmac'],
    ['a changed time', changed(good, end + 7), 'auth_ext_invalid_hmac'],
    ["another director's", advert({ atMs: 100, source: ip('192.0.2.30') }), 'auth_ext_invalid_hmac'],
    ['signed 6 s ago', advert({ atMs: -5900 }), 'auth_ext_stale'],
    ['signed 6 s from now', advert({ atMs: 6100 }), 'auth_ext_stale'],
    ['signed 4 s ago', advert({ atMs: -3900 }), undefined],
  ] as const) {
    test(name, () => {
      const director = new Signed();
      // The pseudo-header of the sum has the source: what another director signed comes with its sum mended.
      const fits = name.startsWith('another director') ? resummed(payload) : payload;
      director.hear(fits, 100);
      assert.equal(director.stats.advert_rcvd, counter === undefined ? 1 : 0);
      if (counter !== undefined) assert.equal(director.stats[counter], 1);
    });
  }

  test('a changed priority with the sum mended', () => {
    const director = new Signed();
    director.hear(resummed(changed(good, 2)), 100);
    assert.equal(director.stats.auth_ext_invalid_hmac, 1);
  });

  test('an advert that comes again, or an earlier one, is not believed: the instance takes over in time', () => {
    const director = new Signed();
    const recorded = advert({ atMs: 0 });
    director.hear(recorded, 50);
    director.hear(good, 100);
    for (let nowMs = 200; nowMs < 3500; nowMs += 100) director.hear(nowMs % 200 === 0 ? good : recorded, nowMs);
    assert.deepEqual([director.stats.advert_rcvd, director.stats.auth_ext_replay], [2, 33]);
    director.step({ type: 'timer' }, director.state.instances[0]?.masterDownAtMs ?? 0);
    assert.equal(director.name, 'MASTER');
  });

  test('two within the same instant have counters; each sender its own time', () => {
    const director = new Signed();
    const other = ip('192.0.2.30');
    director.hear(good, 100);
    director.hear(advert({ atMs: 100, counter: 1 }), 100);
    director.hear(advert({ atMs: 90, source: other }), 100, other);
    assert.equal(director.stats.advert_rcvd, 3);
  });

  test('both old and new keys are taken while keys are changed', () => {
    const next = key.map((byte) => byte ^ 3);
    const hex = Buffer.from(next).toString('hex');
    const director = new Signed({ keys: [...settings.keys, { id: 8, key: { from: 'hex', hex } }] });
    director.hear(good, 100);
    director.hear(advert({ atMs: 200, id: 8, bytes: next }), 200);
    assert.equal(director.stats.advert_rcvd, 2);
  });

  test('nothing that is told has a key or a signature in it', () => {
    const director = new Signed();
    const told = [unsigned, advert({ atMs: 100, id: 8 }), changed(good, good.length - 1)].flatMap((payload) =>
      director.hear(payload, 100).filter(({ type }) => type === 'log'),
    );
    assert.equal(told.length, 3);
    const all = JSON.stringify(told);
    assert.ok(!all.includes(text) && !all.includes(Buffer.from(good.subarray(end + 12)).toString('hex')), all);
  });

  test('without a key that can sign it is in FAULT, and sends nothing', () => {
    const { keys, timeWindowMs, antiReplay, mode } = settings;
    const unsure = { keys, timeWindowMs, antiReplay, mode };
    for (const authHmac of [unsure, { ...unsure, activeKey: 9 }]) {
      const director = new Signed({}, { authHmac });
      assert.equal(director.name, 'FAULT');
    }
  });
});

function resummed(payload: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(payload);
  copy.fill(0, 6, 8);
  const pseudo = Buffer.from('c0000214e000001200700000', 'hex');
  const message = copy.subarray(0, copy.length - trailerLength);
  pseudo.writeUInt16BE(message.length, 10);
  let sum = 0;
  const words = Buffer.concat([pseudo, message]);
  for (let i = 0; i < words.length; i += 2) sum += words.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  copy.set([(~sum >> 8) & 0xff, ~sum & 0xff], 6);
  return copy;
}

describe('the other modes', () => {
  for (const mode of ['permissive', 'receive-only'] as const) {
    test(`${mode}: an advert that fails is told of, counted and believed`, () => {
      const director = new Signed({ mode });
      const effects = director.hear(unsigned, 100);
      assert.deepEqual([director.stats.advert_rcvd, director.stats.auth_ext_missing], [1, 1]);
      assert.ok(effects.some((effect) => effect.type === 'log' && effect.text.includes('taken all the same')));
    });
  }

  for (const [mode, bytes] of [
    ['enforce', 12 + trailerLength],
    ['permissive', 12 + trailerLength],
    ['receive-only', 12],
  ] as const) {
    test(`${mode}: adverts of ${String(bytes)} bytes`, () => {
      const director = new Signed({ mode });
      const sent = director
        .step({ type: 'timer' }, director.state.instances[0]?.masterDownAtMs ?? 0)
        .find((effect) => effect.type === 'send-advert');
      assert.equal(sent?.pdu.length, bytes);
    });
  }

  test('monotonic: clocks may differ by any time, and nothing comes twice', () => {
    const director = new Signed({ antiReplay: 'monotonic' });
    director.hear(advert({ atMs: -900_000_000 }), 100);
    director.hear(advert({ atMs: -899_999_000 }), 200);
    director.hear(advert({ atMs: -899_999_000 }), 300);
    assert.deepEqual([director.stats.advert_rcvd, director.stats.auth_ext_replay], [2, 1]);
  });
});

describe('clocks that jump', () => {
  test('two directors, both with a clock that was an hour ahead for a while: they hear each other again at once', () => {
    const one = new Signed();
    one.skewMs = 3_600_000;
    one.hear(advert({ atMs: 3_600_100 }), 100);
    one.hear(advert({ atMs: 3_601_100 }), 1100);
    assert.equal(one.stats.advert_rcvd, 2);
    one.skewMs = 0;
    one.hear(advert({ atMs: 2100 }), 2100);
    one.hear(advert({ atMs: 2100 }), 2150);
    assert.deepEqual([one.stats.advert_rcvd, one.stats.auth_ext_replay], [3, 1]);
  });

  for (const [antiReplay, backMs, ahead] of [
    ['time', 2000, true],
    ['time', 3_600_000, false],
    ['monotonic', 3_600_000, true],
  ] as const) {
    test(`${antiReplay}, our own clock set back by ${String(backMs / 1000)} s: the next time is ${ahead ? 'later' : 'that of the clock'}`, () => {
      const director = new Signed({ antiReplay });
      const secondsOf = (effects: readonly VrrpEffect[]): number => {
        const sent = effects.find((effect) => effect.type === 'send-advert');
        return Buffer.from(sent?.pdu ?? []).readUInt32BE(16);
      };
      const dueMs = director.state.instances[0]?.masterDownAtMs ?? 0;
      const before = secondsOf(director.step({ type: 'timer' }, dueMs));
      director.skewMs = -backMs;
      const after = secondsOf(director.step({ type: 'timer' }, dueMs + 1000));
      assert.equal(after >= before, ahead);
    });
  }
});

test('two directors: the backup believes the signed adverts of the master, over IPv6 as well', () => {
  for (const [family, vip, ours, theirs, to] of [
    ['ipv4', '192.0.2.100', '192.0.2.10', '192.0.2.20', '224.0.0.18'],
    ['ipv6', 'fe80::64', 'fe80::10', 'fe80::20', 'ff02::12'],
  ] as const) {
    const own = { family, virtualIpaddress: [address(vip)] };
    const make = (source: string, priority: number): Signed => {
      const made = new Signed({}, { ...own, priority });
      made.step({ type: 'interface', facts: { ...eth0, addresses: [ip(source)] } }, 1);
      return made;
    };
    const [master, backup] = [make(ours, 200), make(theirs, 100)];
    for (let nowMs = 100; nowMs < 20_000; nowMs += 50) {
      for (const effect of master.step({ type: 'timer' }, nowMs)) {
        if (effect.type !== 'send-advert') continue;
        const packet = { type: 'packet', ifname: 'eth0', ttl: 255, payload: effect.pdu } as const;
        backup.step({ ...packet, source: ip(ours), destination: ip(to) }, nowMs);
      }
      backup.step({ type: 'timer' }, nowMs);
    }
    assert.deepEqual([master.name, backup.name], ['MASTER', 'BACKUP'], family);
    assert.ok(backup.stats.advert_rcvd > 10);
  }
});
