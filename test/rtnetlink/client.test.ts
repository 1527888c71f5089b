import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseIp } from '../../src/core/index.ts';
import { NetlinkClient, parseAttributes, parseMessages, type NetlinkMessage } from '../../src/netlink/index.ts';
import { parseRouteEvent, RouteClient, type AddressRequest, type RouteEvent } from '../../src/rtnetlink/index.ts';
import { readCapture, renumbered } from '../netlink/capture.ts';
import { acknowledged, doneMessage, fakeAlarm, fakeKernel, type Answer } from '../netlink/fake-kernel.ts';

function ip(text: string) {
  const address = parseIp(text);
  assert.ok(address.ok);
  return address.value;
}

function open(answer: (request: NetlinkMessage) => Answer) {
  const kernel = fakeKernel(answer);
  return { kernel, client: new RouteClient(new NetlinkClient(kernel.transport, fakeAlarm().alarm)) };
}

/** The last request of a capture: iproute2 asks for the interface's index before. */
function lastExchange(name: string) {
  return readCapture(`rtnetlink/${name}`).at(-1) ?? assert.fail(`${name} is empty`);
}

const vip: AddressRequest = { ifindex: 3, address: ip('192.168.0.174'), prefixLength: 24 };

const asIproute2: readonly (readonly [capture: string, verb: 'add' | 'remove', request: AddressRequest])[] = [
  ['add-label', 'add', { ...vip, label: 'd0:1', broadcast: ip('192.168.0.255') }],
  [
    'add-v6-nodad',
    'add',
    { ifindex: 3, address: ip('2001:db8::174'), prefixLength: 128, flags: 0x02, preferredLftSecs: 0 },
  ],
  ['add-peer', 'add', { ifindex: 3, address: ip('10.0.0.1'), prefixLength: 32, peer: ip('10.0.0.2'), scope: 253 }],
  ['del', 'remove', vip],
];

/** The fixed header and the attributes in the order of their types. */
function described(payload: Uint8Array): readonly string[] {
  const bytes = Buffer.from(payload);
  const attributes: string[] = [];
  for (let offset = 8; offset + 4 <= bytes.length;) {
    const length = bytes.readUInt16LE(offset);
    attributes.push(bytes.subarray(offset + 2, offset + length).toString('hex'));
    offset += (length + 3) & ~3;
  }
  return [bytes.subarray(0, 8).toString('hex'), ...attributes.sort()];
}

describe('what is sent is what iproute2 sends', () => {
  for (const [capture, verb, request] of asIproute2) {
    test(capture, async () => {
      const theirs = parseMessages(lastExchange(capture).request).messages[0];
      const { client, kernel } = open((sent) => acknowledged(sent));
      const results = await (verb === 'add' ? client.addAddresses([request]) : client.removeAddresses([request]));
      assert.deepEqual(results, [{ ok: true, value: null }]);
      const ours = kernel.datagrams[0]?.[0];
      assert.ok(ours !== undefined && theirs !== undefined);
      assert.deepEqual([ours.type, ours.flags], [theirs.type, theirs.flags]);
      // The 32-bit flags (type 8) repeat what the header of 8 bits says already.
      const repeated = described(ours.payload).filter((attribute) => !attribute.startsWith('0800'));
      assert.deepEqual(repeated, described(theirs.payload));
    });
  }

  test('link-up', async () => {
    const theirs = parseMessages(lastExchange('link-up').request).messages[0];
    const { client, kernel } = open((sent) => acknowledged(sent));
    assert.deepEqual(await client.changeLink(3, { up: true }), { ok: true, value: null });
    assert.deepEqual(kernel.datagrams[0]?.[0]?.payload, theirs?.payload);
  });
});

describe('links that are made on top of another are asked for as iproute2 does', () => {
  /** Attributes by type; the flag that marks nested ones is not compared, iproute2 leaves it out. */
  const attributes = (payload: Uint8Array): readonly string[] =>
    [...parseAttributes(payload.subarray(16))].map(([type, value]) => {
      const inner = type === 18 ? [...parseAttributes(value)] : [];
      const texts = inner.map(([kind, bytes]) => `${String(kind)}=${Buffer.from(bytes).toString('hex')}`);
      return `${String(type)}: ${inner.length > 0 ? texts.join(' ') : Buffer.from(value).toString('hex')}`;
    });
  const rows = [
    [
      'macvlan mode private',
      { kind: 'macvlan', ifname: 'vrrp.5', parentIfindex: 3, mac: Uint8Array.of(0, 0, 0x5e, 0, 1, 5) },
      ['3: 767272702e3500', '5: 03000000', '1: 00005e000105', '18: 1=6d6163766c616e00 2=0800010001000000'],
    ],
    [
      'ipvlan mode l2 private, of a group',
      { kind: 'ipvlan', ifname: 'i', parentIfindex: 3, mode: 'private', group: 7 },
      ['3: 6900', '5: 03000000', '27: 07000000', '18: 1=6970766c616e00 2=06000100000000000600020001000000'],
    ],
  ] as const;
  for (const [name, link, expected] of rows)
    test(name, async () => {
      const { client, kernel } = open((sent) => acknowledged(sent));
      assert.deepEqual(await client.addLink(link), { ok: true, value: null });
      const sent = kernel.datagrams[0]?.[0];
      assert.ok(sent !== undefined);
      assert.deepEqual([sent.type, sent.flags], [16, 0x605]);
      assert.deepEqual(attributes(sent.payload), expected);
    });

  test('addrgenmode none', async () => {
    const { client, kernel } = open((sent) => acknowledged(sent));
    await client.changeLink(6, { noLinkLocal: true });
    const payload = Buffer.from(kernel.datagrams[0]?.[0]?.payload ?? []).toString('hex');
    // AF_SPEC with AF_INET6 with IN6_ADDR_GEN_MODE_NONE; flags stay.
    assert.equal(payload, `0000000006000000${'00'.repeat(8)}10001a800c000a800500080001000000`);
  });

  for (const [name, masterIfindex, value] of [
    ['port of a VRF', 7, '07000000'],
    ['port of nothing', 0, '00000000'],
  ] as const)
    test(name, async () => {
      const { client, kernel } = open((sent) => acknowledged(sent));
      await client.changeLink(6, { masterIfindex });
      const payload = Buffer.from(kernel.datagrams[0]?.[0]?.payload ?? []).toString('hex');
      // IFLA_MASTER; flags stay.
      assert.equal(payload, `0000000006000000${'00'.repeat(8)}08000a00${value}`);
    });

  test('one that is gone already need not be removed', async () => {
    const { client } = open((sent) => acknowledged(sent, 19));
    assert.deepEqual(await client.removeLink(6), { ok: true, value: null });
  });
});

describe('changes', () => {
  const run = async (errno: number, verb: 'add' | 'remove') => {
    const { client } = open((sent) => acknowledged(sent, errno));
    const [result] = await (verb === 'add' ? client.addAddresses([vip]) : client.removeAddresses([vip]));
    assert.ok(result !== undefined);
    return result.ok ? 'ok' : result.error.text;
  };
  test('that are made already are right', async () => {
    assert.equal(await run(17, 'add'), 'ok');
    assert.equal(await run(99, 'remove'), 'ok');
  });

  test('of an interface that is gone name the address', async () => {
    assert.equal(await run(19, 'add'), 'add address 192.168.0.174/24: ENODEV');
  });

  test('that the kernel refused iproute2 in its own words', async () => {
    for (const [capture, expected] of [
      ['add-exists', 'ok'],
      ['del-missing', 'remove address 192.168.0.174/24: EADDRNOTAVAIL (ipv4: Address not found)'],
    ] as const) {
      const answer = lastExchange(capture).answers[0] ?? assert.fail('no answer');
      const { client } = open((sent) => [renumbered(answer, sent.sequence)]);
      const results = await client.addAddresses([vip]);
      assert.deepEqual(
        results.map((result) => (result.ok ? 'ok' : result.error.text.replace(/^add/, 'remove'))),
        [expected],
      );
    }
  });

  test('a hundred addresses go in one datagram', async () => {
    const { client, kernel } = open((sent) => acknowledged(sent));
    const requests = Array.from({ length: 100 }, (_, n) => ({ ...vip, address: ip(`10.0.0.${String(n)}`) }));
    assert.equal((await client.addAddresses(requests)).length, 100);
    assert.equal(kernel.datagrams.length, 1);
  });
});

/** The answers that iproute2 got for its dump of links (`16`) or addresses (`20`). */
function recordedDump(type: number): readonly Uint8Array[] {
  return readCapture('rtnetlink/show-addresses')
    .flatMap((exchange) => exchange.answers)
    .filter((answer) => parseMessages(answer).messages[0]?.type === type);
}

describe('what there is', () => {
  const recorded = (type: number) =>
    open((sent) => [...recordedDump(type).map((answer) => renumbered(answer, sent.sequence)), doneMessage(sent)])
      .client;

  test('links', async () => {
    const links = await recorded(16).links();
    assert.ok(links.ok);
    assert.deepEqual(
      links.value.map(({ ifname, ifindex, up, lowerUp, loopback, mtu, kind }) => {
        return { ifname, ifindex, up, lowerUp, loopback, mtu, kind };
      }),
      [
        { ifname: 'lo', ifindex: 1, up: false, lowerUp: false, loopback: true, mtu: 65536, kind: undefined },
        { ifname: 'd1', ifindex: 2, up: false, lowerUp: false, loopback: false, mtu: 1500, kind: 'veth' },
        { ifname: 'd0', ifindex: 3, up: true, lowerUp: false, loopback: false, mtu: 1500, kind: 'veth' },
      ],
    );
    assert.equal(links.value[2]?.mac.length, 6);
  });

  test('addresses, with a peer the own one', async () => {
    const addresses = await recorded(20).addresses();
    assert.ok(addresses.ok);
    assert.deepEqual(
      addresses.value.map(({ address, prefixLength, scope, ifindex }) => {
        return `${address}/${String(prefixLength)} scope ${String(scope)} on ${String(ifindex)}`;
      }),
      ['10.0.0.1/32 scope 253 on 3', '192.168.0.174/24 scope 0 on 3', '2001:db8::174/128 scope 0 on 3'],
    );
  });
});

describe('events', () => {
  const messages = [16, 20].flatMap((type) => recordedDump(type).flatMap((bytes) => parseMessages(bytes).messages));

  test('are what the dump shows, and what went away', () => {
    const events = messages.flatMap((message) => parseRouteEvent(message) ?? []);
    assert.deepEqual(
      events.map((event) => event.type),
      ['link', 'link', 'link', 'address', 'address', 'address'],
    );
    const gone = messages.flatMap((message) => parseRouteEvent({ ...message, type: message.type + 1 }) ?? []);
    assert.deepEqual(
      gone.map((event) => event.type),
      ['link-gone', 'link-gone', 'link-gone', 'address-gone', 'address-gone', 'address-gone'],
    );
  });

  test('reach the listener only when the kernel sent them to the group', () => {
    const { client, kernel } = open(() => []);
    const told: RouteEvent[] = [];
    const count = (): number => told.length;
    client.onEvent((event) => told.push(event));
    const [bytes] = recordedDump(20);
    assert.ok(bytes !== undefined);
    kernel.deliver(bytes, 4711, true);
    kernel.deliver(bytes, 0, false);
    assert.equal(count(), 0);
    kernel.deliver(bytes, 0, true);
    assert.equal(count(), 3);
  });

  test('of kinds that nobody listens to, or cut short anywhere, are no events or shorter ones, and no crash', () => {
    for (const message of messages) {
      assert.equal(parseRouteEvent({ ...message, type: 24 }), undefined);
      for (let length = 0; length < message.payload.length; length++) {
        const event = parseRouteEvent({ ...message, payload: message.payload.subarray(0, length) });
        if (length < 8) assert.equal(event, undefined);
      }
    }
  });

  test('any bytes are read without a throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(16, 17, 20, 21), fc.uint8Array({ maxLength: 120 }), (type, payload) => {
        parseRouteEvent({ type, flags: 0, sequence: 0, portId: 0, payload });
      }),
    );
  });
});
