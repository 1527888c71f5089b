import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VrrpInstance } from '../../src/config/index.ts';
import { internetChecksum } from '../../src/core/index.ts';
import {
  encodeAdvert,
  ipv4Datagram,
  unsolicitedNa,
  type Advert,
  type InterfaceFacts,
  type VrrpEffect,
} from '../../src/vrrp/index.ts';
import { address, engineConfig, instance, ip } from './configuration.ts';
import { Director } from './director.ts';

/**
 * The requirements of RFC 9568 one by one, with those of RFC 3768 (version 2) and RFC 5798 where they differ. A name that ends in
 * "(as keepalived)" is of a requirement that is not met, on purpose: LIFECYCLE.md lists these.
 */

const vip = ip('192.0.2.100');
const own = ip('192.0.2.10');
const peer = ip('192.0.2.20');
const all4 = ip('224.0.0.18');
const facts: InterfaceFacts = { ifname: 'eth0', ifindex: 2, up: true, addresses: [own, ip('fe80::10')] };
const version3 = { version: 3 } as const;
const ipv6 = {
  version: 3,
  family: 'ipv6',
  virtualIpaddress: [address('fe80::100/64'), address('2001:db8::100/64')],
} as const;

function started(change: Partial<VrrpInstance> = {}): Director {
  const made = new Director(engineConfig([instance('VI_1', { ...version3, ...change })]), [facts]);
  made.start(0);
  return made;
}

function master(change: Partial<VrrpInstance> = {}): Director {
  const made = started(change);
  made.run(9999);
  assert.equal(made.stateOf('VI_1'), 'MASTER');
  return made;
}

interface Heard extends Partial<Advert> {
  readonly source?: string;
  readonly ttl?: number;
  readonly ifname?: string;
  readonly change?: (message: Uint8Array) => Uint8Array;
}

function hear(
  to: Director,
  nowMs: number,
  { source = peer, ttl = 255, ifname = 'eth0', change, ...advert }: Heard = {},
): readonly VrrpEffect[] {
  const route = { source: ip(source), destination: source.includes(':') ? ip('ff02::12') : all4 };
  const addresses = source.includes(':') ? [ip('fe80::100'), ip('2001:db8::100')] : [vip];
  const message = encodeAdvert(
    { version: 3, virtualRouterId: 51, priority: 200, advertIntMs: 1000, addresses, ...advert },
    route,
  );
  to.run(nowMs);
  return to.step({ type: 'packet', ifname, ...route, ttl, payload: change?.(message) ?? message }, nowMs);
}

type Sent = Extract<VrrpEffect, { type: 'send-advert' }>;

function sent(effects: readonly VrrpEffect[]): readonly Sent[] {
  return effects.filter((effect) => effect.type === 'send-advert');
}

function priorities(effects: readonly VrrpEffect[]): readonly (number | undefined)[] {
  return sent(effects).map(({ pdu }) => pdu[2]);
}

function firstAdvert(made: Director): Sent {
  const [advert] = sent(made.trace.map(({ effect }) => effect));
  assert.ok(advert !== undefined);
  return advert;
}

/** When it became MASTER, hearing nothing more. */
function masterAtMs(made: Director): number | undefined {
  made.run(120_000);
  return made.trace.find(({ effect }) => effect.type === 'notify' && effect.state === 'MASTER')?.atMs;
}

/** Whether an advert was believed: a BACKUP that hears it at 3 s waits from then on. */
function believed(heard: Heard, change: Partial<VrrpInstance> = {}): boolean {
  const quiet = masterAtMs(started(change));
  const made = started(change);
  hear(made, 3000, heard);
  return masterAtMs(made) !== quiet;
}

/** The same message with other bytes and a sum that is right again (without pseudo-header, as RFC 9568 has it for IPv4). */
function withBytes(patch: Readonly<Record<number, number>>, length?: number): (message: Uint8Array) => Uint8Array {
  return (message) => {
    const copy = Uint8Array.from(message).slice(0, length ?? message.length);
    for (const [at, byte] of Object.entries(patch)) copy[Number(at)] = byte;
    copy[6] = 0;
    copy[7] = 0;
    const sum = internetChecksum(copy);
    copy[6] = sum >> 8;
    copy[7] = sum & 0xff;
    return copy;
  };
}

describe('5.1 the IP header', () => {
  test('5.1.1.1, 5.1.1.2: from the primary address of the interface to 224.0.0.18', () => {
    const { source, destination } = firstAdvert(master());
    assert.deepEqual([source, destination], [own, '224.0.0.18']);
  });
  test('5.1.1.3, 5.1.1.4: TTL 255, protocol 112', () => {
    const { ttl, pdu } = firstAdvert(master());
    const datagram = ipv4Datagram({ source: own, destination: all4, ttl, id: 1 }, pdu);
    assert.deepEqual([datagram[8], datagram[9]], [255, 112]);
  });
  test('5.1.1.3: an advert with another TTL is discarded', () => {
    assert.equal(believed({ ttl: 254 }), false);
  });
  test('5.1.2.1, 5.1.2.2, 5.1.2.3: IPv6 from the link-local address to ff02::12 with hop limit 255', () => {
    const { source, destination, ttl } = firstAdvert(master(ipv6));
    assert.deepEqual([source, destination, ttl], ['fe80::10', 'ff02::12', 255]);
  });
  test('5.1.2.3: an advert over IPv6 with another hop limit is discarded', () => {
    assert.equal(believed({ source: 'fe80::20', ttl: 64 }, ipv6), false);
    assert.equal(believed({ source: 'fe80::20' }, ipv6), true);
  });
});

describe('5.2 the fields', () => {
  test('5.2.1 to 5.2.5, 5.2.7: version and type, VRID, priority, count, interval in centiseconds', () => {
    const { pdu } = firstAdvert(master({ virtualRouterId: 7, priority: 150, advertIntMs: 2570 }));
    assert.deepEqual([...pdu.subarray(0, 6)], [0x31, 7, 150, 1, 1, 1]);
  });
  test('5.2.2: an advert of unknown type is discarded', () => {
    assert.equal(believed({ change: withBytes({ 0: 0x32 }) }), false);
  });
  test('5.2.4: the owner sends 255, all others 1 to 254 whatever they track', () => {
    assert.deepEqual(
      [255, 254, 1].map((priority) => firstAdvert(master({ priority })).pdu[2]),
      [255, 254, 1],
    );
  });
  test('5.2.5: an advert without an address is believed (as keepalived)', () => {
    assert.equal(believed({ addresses: [] }), true);
  });
  test('5.2.6: reserved bits are sent as zero and ignored when received', () => {
    assert.equal((firstAdvert(master()).pdu[4] ?? 0xff) >> 4, 0);
    assert.equal(believed({ change: withBytes({ 4: 0xf0 }) }), true);
  });
  test('5.2.7, erratum 8301: an interval of 0 is discarded', () => {
    assert.equal(believed({ advertIntMs: 0 }), false);
  });
  test('5.2.8: the sum over IPv4 without pseudo-header is accepted, and sent with v3_checksum_as_v2', () => {
    assert.equal(believed({ change: withBytes({}) }), true);
    assert.equal(internetChecksum(firstAdvert(master({ v3ChecksumAsV2: true })).pdu), 0);
  });
  test('5.2.8: the sum over IPv4 has a pseudo-header, as RFC 5798 was read (as keepalived)', () => {
    assert.notEqual(internetChecksum(firstAdvert(master()).pdu), 0);
  });
  test('5.2.9: the addresses in the order of the configuration, over IPv6 the link-local one first', () => {
    const { pdu } = firstAdvert(master(ipv6));
    assert.equal(pdu[3], 2);
    assert.deepEqual([...pdu.subarray(8, 10)], [0xfe, 0x80]);
  });
});

describe('6.1 timers', () => {
  test('the skew is (256 - priority) × interval / 256, the wait three intervals and the skew', () => {
    assert.equal(masterAtMs(started({ priority: 56, advertIntMs: 2000 })), 6000 + (200 * 2000) / 256);
  });
  test('3768 6.1: in version 2 the skew is (256 - priority) / 256 of a second', () => {
    assert.equal(masterAtMs(started({ version: 2, priority: 56, advertIntMs: 2000 })), 6000 + (200 * 1000) / 256);
  });
});

describe('6.4.1 Initialize', () => {
  test('the owner sends an advert, announces each address, and is MASTER', () => {
    const made = started({
      priority: 255,
      garpMasterRepeat: 1,
      virtualIpaddress: [address('192.0.2.100'), address('192.0.2.101')],
    });
    const done = made.trace
      .map(({ effect }) => effect)
      .filter(({ type }) => type === 'send-advert' || type === 'announce');
    assert.deepEqual(
      done.map(({ type }) => type),
      ['send-advert', 'announce', 'announce'],
    );
    made.run(1000);
    assert.equal(made.trace.filter(({ effect }) => effect.type === 'send-advert').length, 2, 'the advert timer runs');
  });
  test('all others are BACKUP and wait a whole master down interval of their own', () => {
    assert.equal(masterAtMs(started({ priority: 128 })), 3500);
  });
});

describe('6.4.2 Backup', () => {
  test('has none of the addresses, so that it answers for none', () => {
    assert.equal(started().holds('eth0', vip), false);
  });
  test('sends nothing, and nothing at shutdown', () => {
    const made = started();
    assert.deepEqual(sent(made.step({ type: 'stop', keepAddresses: false }, 1000)), []);
    assert.deepEqual(sent(made.trace.map(({ effect }) => effect)), []);
  });
  test('when the master is silent: an advert, then the addresses announced, then one advert an interval', () => {
    const made = master({ priority: 128, garpMasterRepeat: 1 });
    const done = made.trace.filter(({ effect: { type } }) =>
      ['send-advert', 'announce', 'add-addresses'].includes(type),
    );
    assert.deepEqual(
      done.slice(0, 4).map(({ atMs, effect: { type } }) => [atMs, type]),
      [
        [3500, 'send-advert'],
        [3500, 'add-addresses'],
        [3500, 'announce'],
        [4500, 'send-advert'],
      ],
    );
  });
  test('priority 0: waits the skew only', () => {
    const made = started({ priority: 128 });
    hear(made, 1000, { priority: 0 });
    assert.equal(masterAtMs(made), 1500);
  });
  test("priority at least its own: waits anew, with the master's interval in both parts of the wait", () => {
    const made = started({ priority: 128 });
    hear(made, 1000, { priority: 128, advertIntMs: 4000 });
    assert.equal(masterAtMs(made), 1000 + 3 * 4000 + 2000);
  });
  test('lower priority: discarded, unless Preempt_Mode is false', () => {
    assert.equal(believed({ priority: 99 }), false);
    assert.equal(believed({ priority: 99 }, { nopreempt: true }), true);
  });
});

describe('6.4.3 Active (MASTER)', () => {
  test('has the addresses, so that it answers for them', () => {
    assert.equal(master().holds('eth0', vip), true);
  });
  test('at shutdown sends priority 0 and gives the addresses up', () => {
    const made = master();
    assert.deepEqual(priorities(made.step({ type: 'stop', keepAddresses: false }, 10_000)), [0]);
    assert.equal(made.holds('eth0', vip), false);
  });
  test('priority 0: an advert at once, and the next one an interval later', () => {
    const made = master();
    assert.deepEqual(priorities(hear(made, 10_100, { priority: 0 })), [100]);
    assert.equal(made.deadline, 11_100);
  });
  test('higher priority: BACKUP at once, without an advert, for a master down interval of the new master', () => {
    const made = master({ priority: 128 });
    assert.deepEqual(sent(hear(made, 10_000, { priority: 129, advertIntMs: 2000 })), []);
    assert.equal(made.stateOf('VI_1'), 'BACKUP');
    assert.equal(made.deadline, 10_000 + 6000 + 1000);
  });
  const equal: readonly (readonly [string, string, 'BACKUP' | 'MASTER'])[] = [
    ['a higher address', '192.0.2.11', 'BACKUP'],
    ['a lower address', '192.0.2.9', 'MASTER'],
    ['an address that is higher as a number, not as a text', '192.0.10.1', 'BACKUP'],
  ];
  for (const [name, source, state] of equal) {
    test(`equal priority, ${name}: ${state}`, () => {
      const made = master();
      hear(made, 10_000, { priority: 100, source });
      assert.equal(made.stateOf('VI_1'), state);
    });
  }
  test('equal priority over IPv6: the addresses are compared as numbers', () => {
    const made = master(ipv6);
    hear(made, 10_000, { priority: 100, source: 'fe80::f' });
    assert.equal(made.stateOf('VI_1'), 'MASTER');
    hear(made, 10_000, { priority: 100, source: 'fe80::11' });
    assert.equal(made.stateOf('VI_1'), 'BACKUP');
  });
  test('lower priority: discarded, and an advert at once, so that bridges learn again', () => {
    const made = master();
    assert.deepEqual(priorities(hear(made, 10_000, { priority: 99 })), [100]);
    assert.equal(made.stateOf('VI_1'), 'MASTER');
  });
  test('5798 6.4.3: with vrrp_lower_prio_no_advert it is discarded in silence', () => {
    assert.deepEqual(sent(hear(master({ lowerPrioNoAdvert: true }), 10_000, { priority: 99 })), []);
  });
});

describe('7.1 an advert that must be discarded', () => {
  const rows: readonly (readonly [string, Heard])[] = [
    ['of another version', { version: 2 }],
    ['too short for its header', { change: (message) => message.slice(0, 7) }],
    ['too short for its addresses', { change: withBytes({ 3: 2 }) }],
    ['with a wrong sum', { change: (message) => message.map((byte, i) => (i === 7 ? byte ^ 1 : byte)) }],
    ['with a VRID that is not configured', { virtualRouterId: 52 }],
    ['with a VRID that is not configured on that interface', { ifname: 'eth1' }],
    ['of the other family, which is another virtual router', { source: 'fe80::20' }],
  ];
  for (const [name, heard] of rows) {
    test(name, () => {
      assert.equal(believed(heard), false);
    });
  }
  test('but one like it counts', () => {
    assert.equal(believed({}), true);
  });
  test('other addresses are told, and do not discard it', () => {
    assert.equal(believed({ addresses: [ip('192.0.2.101')] }), true);
  });
  test('another interval does not discard it; in version 2 it does (3768 7.1)', () => {
    assert.equal(believed({ advertIntMs: 2000 }), true);
    assert.equal(believed({ version: 2, advertIntMs: 2000 }, { version: 2 }), false);
    assert.equal(believed({ version: 2 }, { version: 2 }), true);
  });
  test('5798 7.1: the owner hears nobody, with owner_ignore_adverts', () => {
    const made = master({ priority: 255, ownerIgnoreAdverts: true });
    hear(made, 10_000, { priority: 255 });
    assert.equal(made.stateOf('VI_1'), 'MASTER');
  });
  test('9568 7.1, erratum 8298: the owner that meets another owner yields to the higher address (as keepalived)', () => {
    const made = master({ priority: 255 });
    hear(made, 10_000, { priority: 255 });
    assert.equal(made.stateOf('VI_1'), 'BACKUP');
  });
  test('3768 7.1: in version 2 adverts with another kind of authentication are discarded', () => {
    assert.equal(believed({ version: 2, authPass: '1111' }, { version: 2 }), false);
  });
});

describe('7.2 to 8.2 what is sent', () => {
  test('7.2: the message is complete: length, addresses, and in version 2 the authentication data (3768 5.3.10)', () => {
    assert.equal(firstAdvert(master()).pdu.length, 8 + 4);
    assert.equal(firstAdvert(master({ version: 2 })).pdu.length, 8 + 4 + 8);
    assert.equal(firstAdvert(master(ipv6)).pdu.length, 8 + 32);
  });
  test('8.2.2: a neighbour advertisement is unsolicited, overrides, and names the link-layer address', () => {
    const na = unsolicitedNa(Uint8Array.of(2, 0, 0, 0, 0, 1), ip('2001:db8::100'), false);
    assert.deepEqual([na[0], (na[4] ?? 0) & 0x60, na[24], na[25]], [136, 0x20, 2, 1]);
  });
  test('8.1.2: gratuitous ARP comes after the address is there', () => {
    const types = master().trace.map(({ effect }) => effect.type);
    assert.ok(types.indexOf('announce') > types.indexOf('add-addresses'));
  });
});
