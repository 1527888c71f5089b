import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VrrpStats } from '../../src/vrrp/index.ts';
import { changed, captures, datagramOf, packetOf, waitingFor, type CaptureName, type Packet } from './captures.ts';
import type { Director } from './director.ts';
import { ip } from './configuration.ts';

/**
 * Adverts of keepalived as they were captured, whole and damaged in one way each: what is counted, what is said, and that nothing
 * else happens.
 */

const names = Object.keys(captures) as CaptureName[];
const sealed: readonly CaptureName[] = ['v2-ah', 'v2-ah-unicast'];
const unicast: readonly CaptureName[] = ['v2-pass-unicast', 'v3-unicast'];
const open = names.filter((name) => !sealed.includes(name));
const multicast = open.filter((name) => !unicast.includes(name));
const version2 = open.filter((name) => name.startsWith('v2'));
const version3 = open.filter((name) => name.startsWith('v3'));

type Counter = keyof VrrpStats;

/** What was counted, without what a director counts of itself. */
function counted(made: Director): Readonly<Partial<Record<Counter, number>>> {
  const stats = Object.entries(made.state.instances[0]?.stats ?? {});
  const own = ['advert_sent', 'become_master', 'release_master', 'pri_zero_sent'];
  return Object.fromEntries(stats.filter(([name, n]) => n !== 0 && !own.includes(name)));
}

function master(name: CaptureName): Director {
  const made = waitingFor(name);
  made.run(9999);
  assert.equal(made.stateOf('V'), 'MASTER');
  return made;
}

interface Damage {
  readonly name: string;
  readonly of: readonly CaptureName[];
  readonly change: (packet: Packet) => Packet;
  readonly counter?: Counter;
  /** The words of its line in the log; absent: it is not for the instance, and nothing is said. */
  readonly says?: RegExp;
}

const set = (at: number, byte: number) => (packet: Packet) => changed(packet, { [at]: byte });
const flipped = (at: number) => (packet: Packet) => changed(packet, { [at]: (packet.payload[at] ?? 0) ^ 1 }, 'old');
const cut = (length: number) => (packet: Packet) => ({ ...packet, payload: packet.payload.subarray(0, length) });
const more = (packet: Packet): Packet => changed(packet, { 3: (packet.payload[3] ?? 0) + 1 });

const none = (packet: Packet): Packet => {
  const { payload } = packet;
  const rest = payload[0] === 0x21 ? payload.slice(-8) : [];
  return changed({ ...packet, payload: Uint8Array.of(...payload.slice(0, 8), ...rest) }, { 3: 0 });
};

const damages: readonly Damage[] = [
  { name: 'no addresses', of: open, change: none, counter: 'addr_list_err', says: /advert without addresses ignored/ },
  { name: 'version 1', of: open, change: set(0, 0x11), counter: 'version_err', says: /VRRP version 1 ignored/ },
  { name: 'version 7', of: open, change: set(0, 0x71), counter: 'version_err', says: /VRRP version 7 ignored/ },
  { name: 'type 0', of: version2, change: set(0, 0x20), counter: 'invalid_type_rcvd', says: /of type 0/ },
  { name: 'type 2', of: version3, change: set(0, 0x32), counter: 'invalid_type_rcvd', says: /of type 2/ },
  { name: 'another VRID', of: open, change: set(1, 99) },
  { name: 'a VRID without its sum', of: open, change: flipped(1) },
  { name: 'a priority without its sum', of: open, change: flipped(2), counter: 'checksum_err', says: /wrong checksum/ },
  {
    name: 'a reserved bit or kind of authentication without its sum',
    of: open,
    change: flipped(4),
    counter: 'checksum_err',
    says: /wrong checksum/,
  },
  {
    name: 'an interval without its sum',
    of: open,
    change: flipped(5),
    counter: 'checksum_err',
    says: /wrong checksum/,
  },
  { name: 'a sum that is off by one', of: open, change: flipped(7), counter: 'checksum_err', says: /wrong checksum/ },
  {
    name: 'a sum of 0',
    of: open,
    change: (packet) => changed(packet, { 6: 0, 7: 0 }, 'old'),
    counter: 'checksum_err',
    says: /wrong checksum/,
  },
  { name: 'an address without its sum', of: open, change: flipped(8), counter: 'checksum_err', says: /wrong checksum/ },
  { name: 'a count that is too high', of: open, change: more, counter: 'packet_len_err', says: /too short for its/ },
  { name: 'a count of 255', of: open, change: set(3, 255), counter: 'packet_len_err', says: /too short for its/ },
  {
    name: 'authentication 3',
    of: version2,
    change: set(4, 3),
    counter: 'invalid_authtype',
    says: /unknown authentication type 3/,
  },
  {
    name: 'authentication AH without its header',
    of: version2,
    change: set(4, 2),
    counter: 'authtype_mismatch',
    says: /authentication ah ignored/,
  },
  {
    name: 'no authentication',
    of: ['v2-pass', 'v2-pass-unicast'],
    change: set(4, 0),
    counter: 'authtype_mismatch',
    says: /this instance has pass/,
  },
  {
    name: 'a password',
    of: ['v2-no-auth'],
    change: set(4, 1),
    counter: 'authtype_mismatch',
    says: /this instance has none/,
  },
  {
    name: 'another password',
    of: ['v2-pass', 'v2-pass-unicast'],
    change: set(12, 0x32),
    counter: 'auth_failure',
    says: /wrong auth_pass/,
  },
  {
    name: 'a password that goes on',
    of: ['v2-pass', 'v2-pass-unicast'],
    change: set(16, 0x31),
    counter: 'auth_failure',
    says: /wrong auth_pass/,
  },
  {
    name: 'an interval of 2 s',
    of: version2,
    change: set(5, 2),
    counter: 'advert_interval_err',
    says: /interval 2 s ignored/,
  },
  {
    name: 'an interval of 0',
    of: version2,
    change: set(5, 0),
    counter: 'advert_interval_err',
    says: /interval 0 s ignored/,
  },
  {
    name: 'an interval of 0',
    of: version3,
    change: set(5, 0),
    counter: 'advert_interval_err',
    says: /interval 0 ignored/,
  },
  {
    name: 'TTL 254',
    of: multicast,
    change: (packet) => ({ ...packet, ttl: 254 }),
    counter: 'ip_ttl_err',
    says: /TTL 254, not 255/,
  },
  {
    name: 'TTL 0',
    of: multicast,
    change: (packet) => ({ ...packet, ttl: 0 }),
    counter: 'ip_ttl_err',
    says: /TTL 0, not 255/,
  },
  {
    name: 'to the host and not to the group',
    of: ['v2-pass', 'v2-no-auth'],
    change: (packet) => ({ ...packet, destination: ip('10.66.0.2') }),
    says: /unicast advert ignored/,
  },
  {
    name: 'to the group and not to the host',
    of: unicast,
    change: (packet) => changed({ ...packet, destination: ip('224.0.0.18') }, {}),
    says: /multicast advert ignored/,
  },
  {
    name: 'from an address that is no peer',
    of: unicast,
    change: (packet) => changed({ ...packet, source: ip('10.9.0.3') }, {}),
    says: /no unicast_peer ignored/,
  },
  { name: 'on another interface', of: names, change: (packet) => ({ ...packet, ifname: 'eth1' }) },
  {
    name: 'of the other family',
    of: version3,
    change: (packet) => ({ ...packet, source: ip(packet.source.includes(':') ? '10.66.0.1' : 'fe80::1') }),
  },
  {
    name: 'no authentication header',
    of: sealed,
    change: ({ header, ...packet }) => ({ ...packet, payload: packet.payload.subarray(header === undefined ? 0 : 24) }),
    counter: 'authtype_mismatch',
    says: /without authentication header/,
  },
  { name: 'another next header', of: sealed, change: flipped(0), counter: 'auth_failure', says: /without an advert/ },
  { name: 'another length field', of: sealed, change: flipped(1), counter: 'auth_failure', says: /changed under way/ },
  { name: 'a reserved bit', of: sealed, change: flipped(3), counter: 'auth_failure', says: /changed under way/ },
  { name: 'another index', of: sealed, change: flipped(7), counter: 'auth_failure', says: /security parameters index/ },
  {
    name: 'another sequence number',
    of: sealed,
    change: flipped(8),
    counter: 'auth_failure',
    says: /changed under way/,
  },
  { name: 'another check value', of: sealed, change: flipped(23), counter: 'auth_failure', says: /changed under way/ },
  { name: 'another priority', of: sealed, change: flipped(26), counter: 'auth_failure', says: /changed under way/ },
  {
    name: 'a byte more',
    of: sealed,
    change: (packet) => ({ ...packet, payload: Uint8Array.of(...packet.payload, 0) }),
    counter: 'auth_failure',
    says: /changed under way/,
  },
];

/** A BACKUP and a MASTER hear it three times. */
function refuses(
  name: CaptureName,
  change: (packet: Packet) => Packet,
  counter: Counter | undefined,
  says: RegExp | undefined,
): void {
  const bad = change(packetOf(datagramOf(name)));
  const backup = waitingFor(name);
  const due = backup.deadline;
  for (const nowMs of [100, 200, 300])
    assert.deepEqual(
      backup.step(bad, nowMs).filter(({ type }) => type !== 'log'),
      [],
    );
  assert.deepEqual(counted(backup), counter === undefined ? {} : { [counter]: 3 });
  assert.equal(backup.deadline, due);
  const lines = backup.logs(1);
  assert.equal(lines.length, says === undefined ? 0 : 1, lines.join('\n'));
  if (says !== undefined) assert.match(lines[0] ?? '', says);
  const before = master(name);
  const effects = before.step(bad, 9999);
  assert.deepEqual(
    effects.filter(({ type }) => type !== 'log'),
    [],
  );
  assert.equal(before.stateOf('V'), 'MASTER');
}

for (const name of names) {
  describe(`a captured advert: ${name}`, () => {
    test('whole: believed, without a word', () => {
      const made = waitingFor(name);
      const due = made.deadline ?? 0;
      made.step(packetOf(datagramOf(name)), 100);
      assert.deepEqual(counted(made), { advert_rcvd: 1 });
      assert.ok((made.deadline ?? 0) > due);
      assert.deepEqual(made.logs(1), []);
    });

    test('cut at each length: refused', () => {
      const header = sealed.includes(name) ? 24 : 0;
      const { length } = packetOf(datagramOf(name)).payload;
      for (let end = 0; end < length; end++) {
        if (end < header + 8) refuses(name, cut(end), undefined, undefined);
        else if (header > 0) refuses(name, cut(end), 'auth_failure', /changed under way/);
        else refuses(name, cut(end), 'packet_len_err', new RegExp(`advert of ${String(end)} bytes, too short`));
      }
    });

    for (const { name: damage, of, change, counter, says } of damages) {
      if (!of.includes(name)) continue;
      test(`${damage}: refused${counter === undefined ? '' : `, ${counter}`}`, () => {
        refuses(name, change, counter, says);
      });
    }
  });
}

describe('a captured advert that comes again or is forged where nothing protects it', () => {
  for (const name of sealed) {
    test(`${name}: recorded and sent again, it is refused`, () => {
      const made = waitingFor(name);
      const packet = packetOf(datagramOf(name));
      made.step(packet, 100);
      const due = made.deadline;
      for (const nowMs of [200, 300]) made.step(packet, nowMs);
      assert.deepEqual(counted(made), { advert_rcvd: 1, auth_failure: 2 });
      assert.equal(made.deadline, due);
      assert.equal(made.logs().filter((text) => text.includes('used sequence number 1')).length, 1);
    });
  }

  test('v2-ah: the second is believed after the first, the first not after the second', () => {
    const made = waitingFor('v2-ah');
    const [first, second] = [packetOf(datagramOf('v2-ah')), packetOf(datagramOf('v2-ah-next'))];
    for (const packet of [first, second, first]) made.step(packet, 100);
    assert.deepEqual(counted(made), { advert_rcvd: 2, auth_failure: 1 });
  });

  for (const name of ['v2-ah-unicast'] as const) {
    test(`${name}: from an address that is no peer it is refused`, () => {
      const packet = packetOf(datagramOf(name));
      const made = waitingFor(name);
      made.step({ ...packet, source: ip('10.9.0.3') }, 100);
      assert.equal(made.state.instances[0]?.stats.advert_rcvd, 0);
    });
  }

  for (const name of open) {
    test(`${name}: priority 0 and 255 are believed from whoever knows how adverts look`, () => {
      for (const [priority, counts] of [
        [0, { advert_rcvd: 1, pri_zero_rcvd: 1 }],
        [255, { advert_rcvd: 1 }],
      ] as const) {
        const forged = changed(packetOf(datagramOf(name)), { 2: priority });
        const backup = waitingFor(name);
        backup.step(forged, 100);
        const { checksum_without_pseudo_header: form, ...rest } = counted(backup);
        assert.deepEqual(rest, counts);
        assert.equal(form, version3.includes(name) && name !== 'v3-ipv6' ? 1 : undefined);
        const before = master(name);
        before.step(forged, 9999);
        assert.equal(before.stateOf('V'), priority === 255 ? 'BACKUP' : 'MASTER');
      }
    });

    test(`${name}: with padding behind it, it is believed`, () => {
      const packet = packetOf(datagramOf(name));
      const made = waitingFor(name);
      made.step({ ...packet, payload: Uint8Array.of(...packet.payload, 0, 0, 0, 0, 0, 0) }, 100);
      assert.deepEqual(counted(made), { advert_rcvd: 1 });
    });
  }
});
