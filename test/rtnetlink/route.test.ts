import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseIp } from '../../src/core/index.ts';
import { NetlinkClient, parseMessages, type NetlinkMessage } from '../../src/netlink/index.ts';
import {
  parseRouteEvent,
  RouteClient,
  routeKey,
  ruleKey,
  type NewRoute,
  type RuleRequest,
} from '../../src/rtnetlink/index.ts';
import { readCapture } from '../netlink/capture.ts';
import { acknowledged, fakeAlarm, fakeKernel } from '../netlink/fake-kernel.ts';

function ip(text: string) {
  const address = parseIp(text);
  assert.ok(address.ok);
  return address.value;
}

function prefix(text: string) {
  const [address = '', length] = text.split('/');
  return { address: ip(address), prefixLength: Number(length) };
}

const v0 = 10;
const d0 = 12;
const route: NewRoute = {
  family: 'ipv4',
  type: 'unicast',
  to: prefix('192.168.100.0/24'),
  table: 254,
  protocol: 18,
  tos: 0,
  metrics: {},
  locked: [],
  ecn: false,
  onlink: false,
  ways: [],
  how: 'prepend',
};

/** Of the shell's line in the capture. */
const routes: readonly (readonly [capture: string, request: NewRoute])[] = [
  ['route-via', { ...route, via: ip('10.9.0.2'), oif: v0, preferredSource: ip('10.9.0.1') }],
  [
    'route-metrics',
    {
      ...route,
      how: 'add',
      to: prefix('192.168.120.0/24'),
      oif: v0,
      table: 6909,
      tos: 4,
      scope: 253,
      metric: 12,
      flow: (3 << 16) | 4,
      ecn: true,
      locked: ['ssthresh'],
      metrics: {
        mtu: 1000,
        hoplimit: 100,
        advmss: 101,
        rtt: 8 * 204,
        rttvar: 4 * 205,
        reordering: 104,
        window: 105,
        cwnd: 106,
        ssthresh: 107,
        rto_min: 208,
        initcwnd: 109,
        initrwnd: 110,
        quickack: 1,
        fastopen_no_cookie: 1,
      },
    },
  ],
  [
    'route-ways',
    {
      ...route,
      how: 'add',
      to: prefix('192.168.129.0/24'),
      table: 6910,
      ways: [
        { via: ip('10.99.0.1'), oif: v0, weight: 1, onlink: true, flow: 5 },
        { via: ip('10.98.0.1'), oif: d0, weight: 3, onlink: true },
      ],
    },
  ],
  [
    'route-onlink',
    { ...route, how: 'append', to: prefix('192.168.126.0/24'), via: ip('10.99.0.1'), oif: v0, onlink: true },
  ],
  ['route-via-inet6', { ...route, to: prefix('192.168.132.0/24'), via: ip('fe80::9'), oif: v0 }],
  [
    'route-encap',
    {
      ...route,
      to: prefix('192.168.130.0/24'),
      via: ip('10.9.0.2'),
      oif: v0,
      encap: { type: 'ip', id: 100n, dst: ip('1.2.3.4'), src: ip('2.3.4.5'), ttl: 7, tos: 4 },
    },
  ],
  [
    'route-v6',
    {
      ...route,
      family: 'ipv6',
      to: prefix('fd10::/64'),
      via: ip('fd00::2'),
      oif: v0,
      preference: 'high',
      metric: 33,
      expiresSecs: 100,
    },
  ],
  [
    'route-v6-from',
    { ...route, family: 'ipv6', to: prefix('fd11::/64'), from: prefix('fd00::/64'), oif: v0, metrics: { mtu: 1300 } },
  ],
  ['route-blackhole', { ...route, how: 'add', type: 'blackhole', to: prefix('192.168.104.0/24') }],
  ['route-local', { ...route, type: 'local', to: prefix('192.168.121.0/24'), oif: v0, table: 255 }],
];

const rule: RuleRequest = {
  family: 'ipv4',
  action: { type: 'table', table: 77 },
  preference: 100,
  not: false,
  tos: 0,
  protocol: 18,
};
const rules: readonly (readonly [capture: string, request: RuleRequest])[] = [
  [
    'rule-all',
    {
      ...rule,
      from: prefix('10.7.0.0/24'),
      to: prefix('10.6.0.0/24'),
      iif: 'v0',
      oif: 'd0',
      tos: 4,
      mark: { mark: 24, mask: 12 },
    },
  ],
  [
    'rule-not-table',
    {
      ...rule,
      not: true,
      from: prefix('10.7.0.0/24'),
      action: { type: 'table', table: 6910 },
      preference: 109,
      suppressPrefixLength: 0,
      suppressIfgroup: 3,
    },
  ],
  [
    'rule-ports',
    {
      ...rule,
      ipProtocol: 17,
      sourcePorts: { first: 10, last: 20 },
      destinationPorts: { first: 20, last: 30 },
      action: { type: 'table', table: 50 },
      preference: 107,
    },
  ],
  [
    'rule-uids',
    {
      ...rule,
      family: 'ipv6',
      from: prefix('fd10::/64'),
      uids: { first: 10_000, last: 19_999 },
      action: { type: 'table', table: 6908 },
      preference: 105,
    },
  ],
  ['rule-goto', { ...rule, from: prefix('10.7.0.0/24'), action: { type: 'goto', preference: 400 }, preference: 101 }],
  [
    'rule-l3mdev',
    { ...rule, family: 'ipv6', to: prefix('fd10::/64'), action: { type: 'l3mdev' }, preference: 106, protocol: 12 },
  ],
  ['rule-blackhole', { ...rule, from: prefix('10.7.0.0/24'), action: { type: 'blackhole' }, preference: 102 }],
  [
    'rule-tunnel',
    { ...rule, tunnelId: 55n, action: { type: 'table', table: 53 }, preference: 110, flow: (30 << 16) | 20 },
  ],
];

/** The fixed header and the attributes in the order of their types, whether marked as nested or not. */
function described(payload: Uint8Array, headerLength = 12): readonly string[] {
  const bytes = Buffer.from(payload);
  const attributes: string[] = [];
  for (let offset = headerLength; offset + 4 <= bytes.length;) {
    const length = bytes.readUInt16LE(offset);
    assert.ok(length >= 4);
    const type = bytes.readUInt16LE(offset + 2) & 0x3fff;
    const value = bytes.subarray(offset + 4, offset + length);
    // RTA_METRICS and RTA_ENCAP hold attributes, in any order and with any bytes between them.
    const nested = headerLength > 0 && (type === 8 || type === 22) && value.length > 4;
    attributes.push(`${String(type)} ${nested ? described(value, 0).join(',') : value.toString('hex')}`);
    offset += (length + 3) & ~3;
  }
  return [bytes.subarray(0, headerLength).toString('hex'), ...attributes.sort()];
}

async function sent(
  change: (client: RouteClient) => Promise<readonly { readonly ok: boolean }[]>,
): Promise<NetlinkMessage> {
  const kernel = fakeKernel((request) => acknowledged(request));
  const client = new RouteClient(new NetlinkClient(kernel.transport, fakeAlarm().alarm));
  assert.deepEqual(await change(client), [{ ok: true, value: null }]);
  return kernel.datagrams[0]?.[0] ?? assert.fail('nothing was sent');
}

function captured(name: string): NetlinkMessage {
  const request = readCapture(`rtnetlink/${name}`).at(-1)?.request ?? new Uint8Array(0);
  return parseMessages(request).messages[0] ?? assert.fail(`${name} is empty`);
}

describe('what is sent is what iproute2 sends', () => {
  for (const [capture, request] of routes) {
    test(capture, async () => {
      const ours = await sent((client) => client.addRoutes([request]));
      const theirs = captured(capture);
      assert.deepEqual([ours.type, ours.flags], [theirs.type, theirs.flags]);
      assert.deepEqual(described(ours.payload), described(theirs.payload));
    });
  }
  for (const [capture, request] of rules) {
    test(capture, async () => {
      const ours = await sent((client) => client.addRules([request]));
      const theirs = captured(capture);
      assert.deepEqual([ours.type, ours.flags], [theirs.type, theirs.flags]);
      assert.deepEqual(described(ours.payload), described(theirs.payload));
    });
  }
});

describe('what the kernel says is gone', () => {
  const gone = (type: number, payload: Uint8Array) =>
    parseRouteEvent({ type, flags: 0, sequence: 0, portId: 0, payload });
  for (const [capture, request] of routes.filter(([, { ways }]) => ways.length === 0)) {
    test(`${capture} is known by what was asked for`, () => {
      const event = gone(25, captured(capture).payload);
      // The kernel gives an IPv6 route without a metric 1024.
      const metric = request.metric ?? 0;
      assert.deepEqual(event, { type: 'route-gone', key: routeKey({ ...request, metric }) });
    });
  }
  for (const [capture, request] of rules) {
    test(`${capture} is known by what was asked for`, () => {
      assert.deepEqual(gone(33, captured(capture).payload), { type: 'rule-gone', key: ruleKey(request) });
    });
  }
  test('is never mistaken for another that differs in destination, table, metric or interface', () => {
    const [, one] = routes[0] ?? assert.fail();
    const others = [
      { ...one, to: prefix('192.168.100.0/25') },
      { ...one, table: 100 },
      { ...one, metric: 5 },
      { ...one, oif: d0 },
    ];
    assert.equal(new Set([one, ...others].map(routeKey)).size, 5);
  });
  test('and bytes of any kind end neither', () => {
    fc.assert(
      fc.property(fc.constantFrom(25, 33), fc.uint8Array({ maxLength: 200 }), (type, payload) => {
        gone(type, payload);
      }),
    );
  });
});
