import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { VrrpInstance } from '../../src/config/index.ts';
import { hmac } from '../../src/platform/index.ts';
import {
  successorFacts,
  encodeAdvert,
  ipv4Datagram,
  seal,
  unseal,
  type InterfaceFacts,
  type VrrpEffect,
  type VrrpEvent,
} from '../../src/vrrp/index.ts';
import { address, engineConfig, instance, ip } from './configuration.ts';
import { Director } from './director.ts';
import { frame } from './wire.ts';

/** auth_type AH beside captures of keepalived 2.2.7. */

const ethernet = 14;
const own = ip('10.9.0.2');
const peer = ip('10.9.0.1');
const all = ip('224.0.0.18');
const authentication = { authType: 'AH', authPass: 'secret' } as const;
const sealed: Partial<VrrpInstance> = { authentication, virtualIpaddress: [address('10.9.0.100/24')] };

function director(source = own, change: Partial<VrrpInstance> = {}): Director {
  const eth0: InterfaceFacts = { ifname: 'eth0', ifindex: 2, up: true, addresses: [source] };
  return new Director(engineConfig([instance('V', { ...sealed, ...change })]), [eth0]);
}

function datagrams(effects: readonly VrrpEffect[]): readonly Uint8Array[] {
  return effects.flatMap((effect) =>
    effect.type === 'send-advert' ? [ipv4Datagram(effect, effect.pdu, effect.protocol)] : [],
  );
}

function packetOf(datagram: Uint8Array): Extract<VrrpEvent, { type: 'packet' }> {
  const text = (from: number): ReturnType<typeof ip> => ip(datagram.subarray(from, from + 4).join('.'));
  const header = datagram.subarray(0, 20);
  const payload = datagram.subarray(20);
  return {
    type: 'packet',
    ifname: 'eth0',
    source: text(12),
    destination: text(16),
    ttl: header[8] ?? 0,
    header,
    payload,
  };
}

interface Forgery {
  readonly password?: string;
  readonly sequence?: number;
  readonly priority?: number;
  readonly ttl?: number;
  readonly change?: (datagram: Uint8Array) => void;
}

function forged({ password = 'secret', sequence = 1, priority = 150, ttl = 255, change }: Forgery): Uint8Array {
  const route = { source: peer, destination: all };
  const common = { version: 2, virtualRouterId: 51, advertIntMs: 1000, authHeader: true } as const;
  const message = encodeAdvert({ ...common, priority, addresses: [ip('10.9.0.100')] }, route);
  const payload = seal(hmac, password, { ...route, ttl, id: 7, sequence }, message);
  const datagram = ipv4Datagram({ ...route, ttl, id: 7 }, payload, 51);
  change?.(datagram);
  return datagram;
}

function failures(made: Director): readonly number[] {
  const stats = made.state.instances[0]?.stats;
  return [stats?.advert_rcvd ?? -1, stats?.auth_failure ?? -1, stats?.authtype_mismatch ?? -1];
}

describe('what is sent is the reference byte for byte', () => {
  test('to the group, first and second advert', () => {
    const made = director(peer, { priority: 150 });
    made.start(0);
    const sent = datagrams(made.run(4900));
    assert.deepEqual(sent, [frame('v2-ah').subarray(ethernet), frame('v2-ah-next').subarray(ethernet)]);
  });

  test('to unicast peers: one sequence number for all, and the TTL is not covered', () => {
    const unicastPeer = ['10.9.0.2', '10.9.0.3'].map((text) => ({
      span: instance('V').span,
      address: ip(text),
      minTtl: 0,
      maxTtl: 255,
    }));
    const made = director(peer, {
      priority: 150,
      unicastPeer,
      unicastTtl: 64,
      authentication: { authType: 'AH', authPass: 'se' },
      virtualIpaddress: [address('10.9.0.100/24'), address('10.9.0.102/24')],
    });
    made.start(0);
    const [first, second] = datagrams(made.run(3900));
    assert.deepEqual(first, frame('v2-ah-unicast').subarray(ethernet));
    assert.deepEqual(second?.subarray(28, 32), Uint8Array.of(0, 0, 0, 1), 'the same number for the second peer');
  });
});

describe('what is heard', () => {
  test("the reference's adverts are believed", () => {
    const made = director();
    made.start(0);
    for (const name of ['v2-ah', 'v2-ah-next']) made.step(packetOf(frame(name).subarray(ethernet)), 100);
    assert.deepEqual(failures(made), [2, 0, 0]);
  });

  const rows: readonly [string, Forgery, readonly number[], RegExp][] = [
    ['the same number again', { sequence: 5 }, [1, 1, 0], /used sequence number 5 ignored, the last one is 5/],
    ['a lower number', { sequence: 4, priority: 0 }, [1, 1, 0], /used sequence number 4/],
    ['another password', { sequence: 6, password: 'other' }, [1, 1, 0], /another auth_pass/],
    ['a changed priority', { sequence: 6, change: (d) => (d[46] = 0) }, [1, 1, 0], /changed under way/],
    ['a changed number', { sequence: 6, change: (d) => (d[31] = 9) }, [1, 1, 0], /changed under way/],
    ['a changed destination', { sequence: 6, change: (d) => (d[19] = 19) }, [1, 1, 0], /changed under way/],
    [
      'a changed TTL: multicast is not routed',
      { sequence: 6, change: (d) => (d[8] = 254) },
      [1, 1, 0],
      /changed under/,
    ],
    ["another's index", { sequence: 6, change: (d) => (d[27] = 9) }, [1, 1, 0], /security parameters index/],
    ['something else in the header', { sequence: 6, change: (d) => (d[20] = 6) }, [1, 1, 0], /without an advert/],
    ['a TTL that a router could have left', { sequence: 6, ttl: 254 }, [1, 0, 0], /TTL 254/],
  ];
  for (const [name, forgery, counts, says] of rows) {
    test(`${name} is refused, once in the log, and the next good advert is taken`, () => {
      const made = director();
      made.start(0);
      made.step(packetOf(forged({ sequence: 5 })), 100);
      const bad = packetOf(forged(forgery));
      made.step(bad, 200);
      assert.deepEqual(failures(made), counts);
      for (let k = 0; k < 3; k++) made.step(bad, 300);
      assert.equal(made.logs().filter((text) => says.test(text)).length, 1, made.logs().join('\n'));
      made.step(packetOf(forged({ sequence: 7 })), 400);
      assert.equal(failures(made)[0], 2);
    });
  }

  test('a forged high number does not put the counter forward', () => {
    const made = director();
    made.start(0);
    made.step(packetOf(forged({ sequence: 0xfffffff0, password: 'guess' })), 100);
    made.step(packetOf(forged({ sequence: 1 })), 200);
    assert.deepEqual(failures(made), [1, 1, 0]);
  });

  test('adverts without authentication header are not believed, whatever they claim', () => {
    const made = director();
    made.start(0);
    for (const authHeader of [false, true]) {
      const route = { source: peer, destination: all };
      const addresses = [ip('10.9.0.100')];
      const advert = {
        version: 2,
        virtualRouterId: 51,
        priority: 150,
        advertIntMs: 1000,
        addresses,
        authHeader,
      } as const;
      made.step({ type: 'packet', ifname: 'eth0', ...route, ttl: 255, payload: encodeAdvert(advert, route) }, 100);
    }
    assert.deepEqual(failures(made), [0, 0, 2]);
  });

  test('an instance without AH does not believe those with it', () => {
    const made = director(own, { authentication: { authType: 'PASS', authPass: 'secret' } });
    made.start(0);
    made.step(packetOf(forged({})), 100);
    assert.deepEqual(failures(made), [0, 0, 1]);
  });

  test('any bytes are answered, never thrown at', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ maxLength: 60 }), (header, payload) => {
        assert.ok(!unseal(hmac, 'secret', header, payload).ok);
        const made = director();
        made.start(0);
        made.step({ type: 'packet', ifname: 'eth0', source: peer, destination: all, ttl: 255, header, payload }, 1);
        assert.equal(failures(made)[0], 0);
      }),
    );
  });
});

describe('sequence numbers', () => {
  test('a new master goes on after what it heard, with room for what was sent meanwhile', () => {
    const made = director();
    made.start(0);
    made.step(packetOf(forged({ sequence: 1000 })), 100);
    const [first] = datagrams(made.run(10_000));
    assert.deepEqual(first?.subarray(28, 32), Uint8Array.of(0, 0, 3, 0xe8 + 17));
  });

  test('a master whose link was cut hears its successor from the first advert on', () => {
    const before = director(peer, { nopreempt: true });
    before.start(0);
    const made = director();
    made.start(0);
    for (const datagram of datagrams(before.run(10_000))) made.step(packetOf(datagram), 9000);
    // Nobody hears what it sends until it sees that its link is down.
    assert.equal(datagrams(before.run(13_000)).length, 3);
    before.setUp('eth0', false, 13_000);
    const [first] = datagrams(made.run(13_500));
    before.setUp('eth0', true, 14_000);
    before.step(packetOf(first ?? new Uint8Array(0)), 14_500);
    assert.deepEqual(failures(before), [1, 0, 0]);
  });

  test('the last one is not followed by the first', () => {
    const made = director();
    made.start(0);
    made.step(packetOf(forged({ sequence: 0xffffffff })), 100);
    for (const datagram of datagrams(made.run(10_000)).slice(0, 2))
      assert.deepEqual(datagram.subarray(28, 32), Uint8Array.of(0xff, 0xff, 0xff, 0xff));
  });

  test("a master's successor is ahead of it, a backup's not ahead of its master", () => {
    const before = director();
    before.start(0);
    before.step(packetOf(forged({ sequence: 700 })), 100);
    const told = successorFacts(before.state).ahSequences;
    assert.deepEqual(told, { V: 512 });
    for (const [state, first] of [
      ['MASTER', 769],
      ['BACKUP', 529],
    ] as const) {
      const after = director();
      const interfaces = [...after.interfaces.values()];
      after.step({ type: 'start', interfaces, resume: { V: state }, ahSequences: told }, 0);
      after.run(10_000);
      const sent = datagrams(after.trace.map(({ effect }) => effect));
      assert.deepEqual([...(sent[0] ?? new Uint8Array(0)).subarray(28, 32)], [0, 0, first >> 8, first & 0xff], state);
    }
  });
});
