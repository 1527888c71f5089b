import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { VrrpInstance } from '../../src/config/index.ts';
import { internetChecksum, ipToBytes, type IpAddress } from '../../src/core/index.ts';
import {
  encodeAdvert,
  ipv4Datagram,
  unsolicitedNa,
  type Advert,
  type InterfaceFacts,
  type VrrpEffect,
} from '../../src/vrrp/index.ts';
import { address, engineConfig, instance, ip, span, track } from './configuration.ts';
import { loadText, told } from '../config/load-text.ts';
import { Director } from './director.ts';
import { chapter, differs, elsewhere, met, notOurs, requirementsDocument } from './requirements.ts';
import { authenticationHeaderRequirements, bfdRequirements } from './rfc-ah-bfd.ts';

/** The requirements of RFC 9568 one by one, with those of RFC 3768 (version 2) and RFC 5798 where they differ: docs/rfc.md. */

chapter('VRRP: RFC 9568 (version 3), and RFC 3768 (version 2) and RFC 5798 where they differ');

const vmacTest = 'test/kernel/vrrp-vmac.test.ts';
const announcementsTest = 'test/kernel/vrrp-announcements.test.ts';

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
  readonly destination?: IpAddress;
  readonly change?: (message: Uint8Array) => Uint8Array;
}

function hear(
  to: Director,
  nowMs: number,
  { source = peer, ttl = 255, ifname = 'eth0', destination, change, ...advert }: Heard = {},
): readonly VrrpEffect[] {
  const route = { source: ip(source), destination: destination ?? (source.includes(':') ? ip('ff02::12') : all4) };
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

/** How often the log has the words when an advert comes three times. */
function saidOf(heard: Heard, words: string, change: Partial<VrrpInstance> = {}): number {
  const made = started(change);
  for (const nowMs of [1000, 2000, 3000]) hear(made, nowMs, heard);
  return made.logs().filter((text) => text.includes(words)).length;
}

/** An instance as a configuration has it with these lines, and what is said of them. */
function configured(...lines: readonly string[]): { readonly instance?: VrrpInstance; readonly told: string } {
  const id = lines.some((line) => line.startsWith('virtual_router_id')) ? [] : ['virtual_router_id 51'];
  const all = ['interface eth0', 'version 3', ...id, ...lines, 'virtual_ipaddress {\n 192.0.2.100\n }'];
  const loaded = loadText(`vrrp_instance A {\n ${all.join('\n ')}\n}\n`);
  const [first] = loaded.config.vrrp.instances;
  return { ...(first === undefined ? {} : { instance: first }), told: told(loaded).join('\n') };
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
  met('5.1.1.1, 5.1.1.2', 'from the primary address of the interface to 224.0.0.18', () => {
    const { source, destination } = firstAdvert(master());
    assert.deepEqual([source, destination], [own, '224.0.0.18']);
  });
  notOurs(
    '5.1.1.2, 5.1.2.2',
    'routers do not forward what is sent to these groups',
    "the kernel's: they are link-local",
  );
  met('5.1.1.3, 5.1.1.4', 'TTL 255, protocol 112', () => {
    const { ttl, pdu } = firstAdvert(master());
    const datagram = ipv4Datagram({ source: own, destination: all4, ttl, id: 1 }, pdu);
    assert.deepEqual([datagram[8], datagram[9]], [255, 112]);
  });
  met('5.1.1.3', 'an advert with another TTL is discarded', () => {
    assert.equal(believed({ ttl: 254 }), false);
  });
  differs(
    '5.1.1.3, 5.1.2.3',
    'the same whatever the destination',
    "with unicast peers unicast_ttl, and what comes is judged by each peer's min_ttl and max_ttl",
    () => {
      const unicastPeer = [{ span, address: peer, minTtl: 60, maxTtl: 64 }];
      const change = { unicastPeer, unicastTtl: 64, checkUnicastSrc: true };
      assert.equal(firstAdvert(master(change)).ttl, 64);
      assert.deepEqual(
        [59, 60, 64, 65].map((ttl) => believed({ ttl, destination: own }, change)),
        [false, true, true, false],
      );
    },
  );
  met(
    '5.1.2.1 to 5.1.2.4',
    'IPv6 from the link-local address to ff02::12 with hop limit 255 and next header 112',
    () => {
      const { source, destination, ttl, protocol } = firstAdvert(master(ipv6));
      assert.deepEqual([source, destination, ttl, protocol], ['fe80::10', 'ff02::12', 255, 112]);
    },
  );
  met('5.1.2.3', 'an advert over IPv6 with another hop limit is discarded', () => {
    assert.equal(believed({ source: 'fe80::20', ttl: 64 }, ipv6), false);
    assert.equal(believed({ source: 'fe80::20' }, ipv6), true);
  });
});

describe('5.2 the fields', () => {
  met('5.2.1 to 5.2.5, 5.2.7', 'version and type, VRID, priority, count, interval in centiseconds', () => {
    const { pdu } = firstAdvert(master({ virtualRouterId: 7, priority: 150, advertIntMs: 2570 }));
    assert.deepEqual([...pdu.subarray(0, 6)], [0x31, 7, 150, 1, 1, 1]);
  });
  met('5.2.2', 'an advert of unknown type is discarded', () => {
    assert.equal(believed({ change: withBytes({ 0: 0x32 }) }), false);
  });
  met('5.2.4', 'the owner sends 255, all others 1 to 254 whatever they track', () => {
    assert.deepEqual(
      [255, 254, 1].map(
        (priority) => firstAdvert(master({ priority, trackInterface: [track('eth9', { weight: -9 })] })).pdu[2],
      ),
      [255, 245, 1],
    );
    assert.equal(
      firstAdvert(master({ priority: 250, trackInterface: [track('eth9', { weight: -9, reverse: true })] })).pdu[2],
      254,
    );
  });
  met('5.2.5, 7.1, erratum 8299', 'an advert without an address is discarded', () => {
    assert.equal(believed({ addresses: [] }), false);
    assert.equal(saidOf({ addresses: [] }, 'advert without addresses ignored'), 1);
  });
  differs('5.2.5', 'without exception', 'not where the instance has none itself (no_virtual_ipaddress)', () => {
    assert.equal(believed({ addresses: [] }, { virtualIpaddress: [], noVirtualIpaddress: true }), true);
  });
  met('5.2.6', 'reserved bits are sent as zero and ignored when received', () => {
    assert.equal((firstAdvert(master()).pdu[4] ?? 0xff) >> 4, 0);
    assert.equal(believed({ change: withBytes({ 4: 0xf0 }) }), true);
  });
  met('6.1, 7.1, erratum 8301', 'an interval of 0 is discarded', () => {
    assert.equal(believed({ advertIntMs: 0 }), false);
  });
  met('5.2.8', 'the sum over IPv6 is over a pseudo-header too', () => {
    const { pdu } = firstAdvert(master(ipv6));
    assert.notEqual(internetChecksum(pdu), 0);
    const pseudo = Uint8Array.from([
      ...ipToBytes(ip('fe80::10')),
      ...ipToBytes(ip('ff02::12')),
      0,
      0,
      0,
      pdu.length,
      0,
      0,
      0,
      112,
    ]);
    assert.equal(internetChecksum(Uint8Array.from([...pseudo, ...pdu])), 0);
  });
  met('5.2.8', 'the sum over IPv4 without pseudo-header is accepted, and sent with v3_checksum_as_v2', () => {
    assert.equal(believed({ change: withBytes({}) }), true);
    assert.equal(internetChecksum(firstAdvert(master({ v3ChecksumAsV2: true })).pdu), 0);
  });
  differs(
    '5.2.8',
    'the sum over IPv4 is over the message alone',
    'it has a pseudo-header, as RFC 5798 was read; v3_checksum_as_v2 leaves it out, both are accepted',
    () => {
      assert.notEqual(internetChecksum(firstAdvert(master()).pdu), 0);
    },
  );
  met('3768 5.3.8', 'the sum in version 2 is over the message alone', () => {
    assert.equal(internetChecksum(firstAdvert(master({ version: 2 })).pdu), 0);
  });
  met('5.2.9', 'addresses of one family only', () => {
    const mixed = master({ virtualIpaddress: [address('192.0.2.100'), address('2001:db8::100')] });
    assert.deepEqual([firstAdvert(mixed).pdu[3], firstAdvert(mixed).pdu.length], [1, 12]);
  });
  elsewhere(
    '5.2.9',
    'over IPv6 the first address is link-local',
    'where the configuration has it first: the linter tells where not',
    'docs/rules/strict-first-address.md',
    'link-local',
  );
  differs(
    '7.1, erratum 8300',
    'an advert over IPv6 whose first address is not link-local is discarded',
    'it is believed, and told where its addresses are others than ours',
    () => {
      const heard = { source: 'fe80::20', addresses: [ip('2001:db8::100'), ip('fe80::100')] };
      assert.equal(believed(heard, ipv6), true);
      assert.equal(believed({ ...heard, addresses: [ip('2001:db8::7')] }, ipv6), true);
    },
  );
  met('5.2.9', 'the addresses in the order of the configuration', () => {
    const { pdu } = firstAdvert(master(ipv6));
    assert.equal(pdu[3], 2);
    assert.deepEqual([...pdu.subarray(8, 10)], [0xfe, 0x80]);
  });
});

describe('3768 5.3 authentication in version 2', () => {
  const version2 = { version: 2 } as const;
  met('3768 5.3.6', 'an advert with an unknown kind of authentication is discarded', () => {
    assert.equal(believed({ ...version2, change: withBytes({ 4: 9 }) }, version2), false);
    assert.equal(believed({ ...version2, change: withBytes({}) }, version2), true);
  });
  met('3768 5.3.6.1, 5.3.10', 'without authentication its data are sent as zeros and ignored when received', () => {
    assert.deepEqual([...firstAdvert(master(version2)).pdu.subarray(12)], [0, 0, 0, 0, 0, 0, 0, 0]);
    assert.equal(believed({ ...version2, change: withBytes({ 12: 1, 19: 255 }) }, version2), true);
  });
});

describe('6.1 parameters and timers', () => {
  met('6.1', 'the VRID is 1 to 255', () => {
    for (const [vrid, right] of [
      [0, false],
      [1, true],
      [255, true],
      [256, false],
    ] as const)
      assert.equal(configured(`virtual_router_id ${String(vrid)}`).told.includes('virtual_router_id'), !right);
  });
  met('6.1', 'the priority is 1 to 254, 255 for the owner, and 100 where none is said', () => {
    assert.equal(configured().instance?.priority, 100);
    for (const [priority, right] of [
      [0, false],
      [1, true],
      [255, true],
      [256, false],
    ] as const)
      assert.equal(configured(`priority ${String(priority)}`).told.includes('priority'), !right);
  });
  met('6.1, erratum 8301', 'the interval is 1 to 4095 hundredths of a second, and 1 s where none is said', () => {
    assert.equal(configured().instance?.advertIntMs, 1000);
    for (const [seconds, right] of [
      ['0', false],
      ['0.01', true],
      ['40.95', true],
      ['40.96', false],
    ] as const)
      assert.equal(configured(`advert_int ${seconds}`).told.includes('advert_int'), !right, seconds);
  });
  met('6.1', 'the skew is (256 - priority) × interval / 256, the wait three intervals and the skew', () => {
    assert.equal(masterAtMs(started({ priority: 56, advertIntMs: 2000 })), 6000 + (200 * 2000) / 256);
  });
  differs('6.1', 'three adverts are missed', 'down_timer_adverts are', () => {
    assert.equal(masterAtMs(started({ priority: 128, downTimerAdverts: 5 })), 5500);
  });
  met('6.1', 'the owner always preempts, also where Preempt_Mode is false', () => {
    assert.equal(configured('priority 255', 'nopreempt').instance?.nopreempt, false);
    assert.equal(configured('priority 254', 'nopreempt').instance?.nopreempt, true);
  });
  differs('6.1', 'Accept_Mode is false unless it is configured', 'true, unless no_accept or strict mode', () => {
    const read = (line: string) => configured(line).instance?.accept;
    assert.deepEqual(['', 'no_accept', 'strict_mode'].map(read), [true, false, false]);
  });
  elsewhere(
    '6.1',
    'with Accept_Mode false neighbour solicitations and advertisements pass all the same',
    'yes',
    'src/nftables-netlink/vrrp-table.ts',
    'neighbor-discovery',
  );
  met('3768 6.1', 'in version 2 the skew is (256 - priority) / 256 of a second', () => {
    assert.equal(masterAtMs(started({ version: 2, priority: 56, advertIntMs: 2000 })), 6000 + (200 * 1000) / 256);
  });
});

describe('6.4.1 Initialize', () => {
  met('6.4.1', 'the owner sends an advert, announces each address, and is MASTER', () => {
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
  met('6.4.1, 6.4.2', 'a neighbour advertisement is unsolicited, overrides, and names the link-layer address', () => {
    const na = unsolicitedNa(Uint8Array.of(2, 0, 0, 0, 0, 1), ip('2001:db8::100'), true);
    assert.deepEqual([na[0], na[4], ...na.subarray(24)], [136, 0xa0, 2, 1, 2, 0, 0, 0, 0, 1]);
  });
  elsewhere(
    '6.4.1, 6.4.2',
    'it says that a router sends it',
    '**no**: only where the interface forwards, as keepalived has it',
    announcementsTest,
    'NA of none',
  );
  elsewhere(
    '6.4.1, 6.4.2',
    'it names the hardware address of the virtual router, and so does gratuitous ARP',
    'with `use_vmac`; else that of the interface, as keepalived has it',
    announcementsTest,
    'from the virtual router',
  );
  differs('6.4.1', 'the owner does so after a fault too', 'it is BACKUP first, for a master down interval', () => {
    const made = master({ priority: 255 });
    made.setUp('eth0', false, 10_000);
    made.setUp('eth0', true, 11_000);
    assert.deepEqual(made.notifications(10_000), ['INSTANCE VI_1 FAULT 255', 'INSTANCE VI_1 BACKUP 255']);
    made.run(14_000 + 1000 / 256);
    assert.equal(made.stateOf('VI_1'), 'MASTER');
  });
  met('6.4.1', 'all others are BACKUP and wait a whole master down interval of their own', () => {
    assert.equal(masterAtMs(started({ priority: 128 })), 3500);
  });
});

describe('6.4.2 Backup', () => {
  met(
    '6.4.2',
    'has none of the addresses, so that it answers for none and accepts nothing that is sent to them',
    () => {
      assert.equal(started().holds('eth0', vip), false);
    },
  );
  notOurs(
    '6.4.2',
    'no router advertisements for the virtual router',
    'those of whoever sends them (radvd): notify scripts switch it',
  );
  notOurs(
    '6.4.2',
    'packets to the hardware address of the virtual router are discarded',
    'with `use_vmac` the interface is there, up and without addresses, as keepalived has it; the bridge sends it nothing',
  );
  met('6.4.2', 'sends nothing, and nothing at shutdown', () => {
    const made = started();
    assert.deepEqual(sent(made.step({ type: 'stop', keepAddresses: false }, 1000)), []);
    assert.deepEqual(sent(made.trace.map(({ effect }) => effect)), []);
  });
  met(
    '6.4.2',
    'when the master is silent: an advert, then the addresses announced, then one advert an interval',
    () => {
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
    },
  );
  met('6.4.2', 'priority 0: waits the skew only', () => {
    const made = started({ priority: 128 });
    hear(made, 1000, { priority: 0 });
    assert.equal(masterAtMs(made), 1500);
  });
  met('6.4.2', 'priority 0: the skew is of the interval that the master had, whatever the farewell says', () => {
    const first = started({ priority: 128 });
    hear(first, 1000, { priority: 0, advertIntMs: 4000 });
    assert.equal(masterAtMs(first), 1000 + 500);
    const later = started({ priority: 128 });
    hear(later, 1000, { advertIntMs: 4000 });
    hear(later, 2000, { priority: 0, advertIntMs: 1000 });
    assert.equal(masterAtMs(later), 2000 + 2000);
  });
  met('6.4.2', "priority at least its own: waits anew, with the master's interval in both parts of the wait", () => {
    const made = started({ priority: 128 });
    hear(made, 1000, { priority: 128, advertIntMs: 4000 });
    assert.equal(masterAtMs(made), 1000 + 3 * 4000 + 2000);
  });
  met('6.4.2', 'lower priority: discarded, unless Preempt_Mode is false', () => {
    assert.equal(believed({ priority: 99 }), false);
    assert.equal(believed({ priority: 99 }, { nopreempt: true }), true);
    const made = started({ priority: 128 });
    hear(made, 1000, { priority: 99, advertIntMs: 4000 });
    hear(made, 2000, { priority: 0 });
    assert.equal(masterAtMs(made), 2000 + 500, 'its interval is not taken over');
  });
});

describe('6.4.3 Active (MASTER)', () => {
  met('6.4.3', 'has the addresses, so that it answers for them', () => {
    assert.equal(master().holds('eth0', vip), true);
  });
  met('6.4.3', 'accepts packets to the addresses only as their owner or with Accept_Mode', () => {
    const blocks = (change: Partial<VrrpInstance>): readonly string[] =>
      master(change).trace.flatMap(({ effect: { type } }) =>
        ['block-addresses', 'add-addresses'].includes(type) ? [type] : [],
      );
    assert.deepEqual(blocks({}), ['add-addresses']);
    assert.deepEqual(blocks({ accept: false }), ['block-addresses', 'add-addresses']);
    assert.deepEqual(blocks({ accept: false, priority: 255 }), ['add-addresses']);
  });
  notOurs(
    '6.4.3',
    'answers ARP and neighbour solicitations for the addresses, hears their solicited-node groups, forwards',
    "the kernel's, for addresses that an interface has",
  );
  notOurs('6.4.3', 'sends router advertisements', 'those of whoever sends them (radvd): notify scripts switch it');
  met('6.4.3', 'at shutdown sends priority 0 and gives the addresses up', () => {
    const made = master();
    assert.deepEqual(priorities(made.step({ type: 'stop', keepAddresses: false }, 10_000)), [0]);
    assert.equal(made.holds('eth0', vip), false);
  });
  met('6.4.3', 'priority 0: an advert at once, and the next one an interval later', () => {
    const made = master();
    assert.deepEqual(priorities(hear(made, 10_100, { priority: 0 })), [100]);
    assert.equal(made.deadline, 11_100);
  });
  met(
    '6.4.3',
    'higher priority: BACKUP at once, without an advert, for a master down interval of the new master',
    () => {
      const made = master({ priority: 128 });
      assert.deepEqual(sent(hear(made, 10_000, { priority: 129, advertIntMs: 2000 })), []);
      assert.equal(made.stateOf('VI_1'), 'BACKUP');
      assert.equal(made.deadline, 10_000 + 6000 + 1000);
    },
  );
  const equal: readonly (readonly [string, string, 'BACKUP' | 'MASTER'])[] = [
    ['a higher address', '192.0.2.11', 'BACKUP'],
    ['a lower address', '192.0.2.9', 'MASTER'],
    ['an address that is higher as a number, not as a text', '192.0.10.1', 'BACKUP'],
  ];
  for (const [name, source, state] of equal) {
    met('6.4.3', `equal priority, ${name}: ${state}`, () => {
      const made = master();
      hear(made, 10_000, { priority: 100, source });
      assert.equal(made.stateOf('VI_1'), state);
    });
  }
  met('6.4.3', 'equal priority over IPv6: the addresses are compared as numbers', () => {
    const made = master(ipv6);
    hear(made, 10_000, { priority: 100, source: 'fe80::f' });
    assert.equal(made.stateOf('VI_1'), 'MASTER');
    hear(made, 10_000, { priority: 100, source: 'fe80::11' });
    assert.equal(made.stateOf('VI_1'), 'BACKUP');
  });
  met('6.4.3', 'lower priority: discarded, and an advert at once, so that bridges learn again', () => {
    const made = master();
    assert.deepEqual(priorities(hear(made, 10_000, { priority: 99 })), [100]);
    assert.equal(made.stateOf('VI_1'), 'MASTER');
  });
  met('5798 6.4.3', 'with vrrp_lower_prio_no_advert it is discarded in silence', () => {
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
    met('7.1', `discarded: an advert ${name}`, () => {
      assert.equal(believed(heard), false);
    });
  }
  met('7.1', 'what is discarded is counted, and logged once', () => {
    const made = started();
    for (const nowMs of [1000, 2000, 3000]) hear(made, nowMs, { ttl: 1 });
    assert.equal(made.state.instances[0]?.stats.ip_ttl_err, 3);
    assert.equal(saidOf({ ttl: 1 }, 'TTL 1'), 1);
  });
  met('7.1', 'but one like it counts', () => {
    assert.equal(believed({}), true);
  });
  const others = { addresses: [ip('192.0.2.101')] };
  met('7.1', 'other addresses are told once, and do not discard it', () => {
    assert.equal(believed(others), true);
    assert.equal(saidOf(others, 'the virtual addresses in the advert'), 1);
  });
  differs(
    '3768 7.1',
    'in version 2 who looks at the addresses discards an advert with others, unless it is of the owner',
    'it is believed, and told, as in version 3',
    () => {
      assert.equal(believed({ ...others, version: 2 }, { version: 2 }), true);
      assert.equal(saidOf({ ...others, version: 2 }, 'the virtual addresses in the advert', { version: 2 }), 1);
    },
  );
  met('7.1', 'another interval is told once, and does not discard it; in version 2 it does (3768 7.1)', () => {
    assert.equal(believed({ advertIntMs: 2000 }), true);
    assert.equal(saidOf({ advertIntMs: 2000 }, 'the advert interval of'), 1);
    assert.equal(believed({ version: 2, advertIntMs: 2000 }, { version: 2 }), false);
    assert.equal(believed({ version: 2 }, { version: 2 }), true);
  });
  met('5798 7.1', 'the owner hears nobody, with owner_ignore_adverts', () => {
    const made = master({ priority: 255, ownerIgnoreAdverts: true });
    hear(made, 10_000, { priority: 255 });
    assert.equal(made.stateOf('VI_1'), 'MASTER');
  });
  met('7.1, 8.3.2, erratum 8298', 'an owner that hears another tells it once, and judges its adverts as any', () => {
    for (const [source, state] of [
      [peer, 'BACKUP'],
      [ip('192.0.2.9'), 'MASTER'],
    ] as const) {
      const made = master({ priority: 255 });
      for (const nowMs of [10_000, 10_500, 11_000]) hear(made, nowMs, { priority: 255, source });
      assert.equal(made.stateOf('VI_1'), state);
      assert.equal(made.logs(10_000).filter((text) => text.includes(`advert from ${source} with`)).length, 1);
    }
  });
  differs('5.2.4, 7.1', 'the owner sends 255', 'one that yielded to another owner goes on with 254', () => {
    const made = master({ priority: 255 });
    hear(made, 10_000, { priority: 255 });
    const done = made.run(20_000);
    assert.deepEqual([...new Set(priorities(done))], [254]);
  });
  met('3768 7.1', 'an advert that its authentication data say is not of a peer is discarded', () => {
    const authentication = { authType: 'PASS', authPass: 'right' } as const;
    const change = { version: 2, authentication } as const;
    assert.equal(believed({ version: 2, authPass: 'wrong' }, change), false);
    assert.equal(believed({ version: 2, authPass: 'right' }, change), true);
  });
  met('3768 7.1', 'in version 2 adverts with another kind of authentication are discarded', () => {
    assert.equal(believed({ version: 2, authPass: '1111' }, { version: 2 }), false);
  });
});

describe('7.2 to 8.4 what is sent', () => {
  met(
    '7.2',
    'the message is complete: length, addresses, and in version 2 the authentication data (3768 5.3.10)',
    () => {
      assert.equal(firstAdvert(master()).pdu.length, 8 + 4);
      assert.equal(firstAdvert(master({ version: 2 })).pdu.length, 8 + 4 + 8);
      assert.equal(firstAdvert(master(ipv6)).pdu.length, 8 + 32);
    },
  );
  elsewhere(
    '7.2, 7.3',
    'with use_vmac adverts come from 00:00:5e:00:01:VRID, over IPv6 from 00:00:5e:00:02:VRID',
    'yes',
    vmacTest,
    'adverts come from the hardware address of the virtual router',
  );
  notOurs('7.2, 7.3', 'without use_vmac too', "**no**: the interface's own, as keepalived has it");
  elsewhere(
    '7.4',
    'no interface identifier is made of the hardware address of the virtual router',
    'yes: its interface makes none',
    vmacTest,
    'addrgen',
  );
  notOurs('8.1.1, 8.2.1', 'redirects come from the address of the virtual router that was asked', "the kernel's");
  elsewhere(
    '8.1.2, 8.2.2',
    'ARP and neighbour solicitations are answered with the hardware address of the virtual router',
    'with `use_vmac`; else with that of the interface, as keepalived has it',
    vmacTest,
    'ipv4/conf/eth0/arp_filter:1',
  );
  met('8.1.2, 8.2.2', 'gratuitous ARP and neighbour advertisements come after the address is there', () => {
    for (const change of [{}, ipv6]) {
      const types = master(change).trace.map(({ effect }) => effect.type);
      assert.ok(types.indexOf('announce') > types.indexOf('add-addresses'));
    }
  });
  notOurs('8.1.3', 'so does proxy ARP', "the kernel's");
  notOurs(
    '8.2.2',
    'neighbour solicitations of the master name the hardware address of the virtual router',
    "the kernel's: they name that of the interface that they leave by",
  );
  notOurs('8.2.3', 'router advertisements name it', 'those of whoever sends them (radvd)');
  notOurs('8.2.4', 'unsolicited neighbour advertisements are taken in', "the kernel's (accept_untracked_na)");
  met(
    '8.3.1',
    'packets to an address that is not its own are not forwarded: the master has it, accepted or not',
    () => {
      assert.equal(master({ accept: false }).holds('eth0', vip), true);
    },
  );
  notOurs(
    '8.4',
    'one virtual router that speaks versions 2 and 3 (optional)',
    '**no**: an instance has one version, as keepalived has it',
  );
});

authenticationHeaderRequirements();
bfdRequirements();

test('docs/rfc.md', () => {
  const path = new URL('../../docs/rfc.md', import.meta.url);
  if (process.env['WATCHKEEPER_UPDATE'] === '1') writeFileSync(path, requirementsDocument());
  else assert.equal(readFileSync(path, 'utf8'), requirementsDocument());
});
