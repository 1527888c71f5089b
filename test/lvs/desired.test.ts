import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LvsConfig, VirtualServer } from '../../src/config/index.ts';
import { desiredTable, newLvsState, serviceId } from '../../src/lvs/index.ts';
import { ip, lvsConfig, realServer, virtualServer } from './configs.ts';

function table(config: LvsConfig) {
  return desiredTable(newLvsState(config, false));
}

function service(change: Partial<VirtualServer>) {
  const [entry] = table(lvsConfig(virtualServer(change)));
  assert.ok(entry !== undefined);
  return entry.service;
}

describe('a virtual server in the kernel’s words', () => {
  test('plain', () => {
    assert.deepEqual(service({}), {
      key: { kind: 'address', protocol: 'tcp', address: '192.168.0.174', port: 80 },
      scheduler: 'rr',
      flags: 0,
      timeoutSecs: 0,
      netmask: 0xffffffff,
    });
  });

  const rows: readonly [string, Partial<VirtualServer>, Partial<ReturnType<typeof service>>][] = [
    ['persistence', { persistenceTimeoutSecs: 360 }, { flags: 1, timeoutSecs: 360, netmask: 0xffffffff }],
    [
      'persistence by network',
      { persistenceTimeoutSecs: 50, persistenceGranularity: ip('255.255.240.0') },
      { flags: 1, timeoutSecs: 50, netmask: 0xfffff000 },
    ],
    [
      'persistence by a mask that is none',
      { persistenceTimeoutSecs: 50, persistenceGranularity: ip('255.0.255.0') },
      { netmask: 0xff00ff00 },
    ],
    [
      'IPv6 persistence by network',
      {
        key: { kind: 'address', address: ip('2001:db8::174'), port: 80 },
        family: 'ipv6',
        persistenceTimeoutSecs: 50,
        persistenceGranularity: 64,
      },
      { netmask: 64 },
    ],
    [
      'a granularity of the other family',
      { persistenceTimeoutSecs: 50, persistenceGranularity: 64 },
      { netmask: 0xffffffff },
    ],
    [
      'granularity without persistence',
      { persistenceGranularity: ip('255.255.255.0') },
      { flags: 0, netmask: 0xffffffff },
    ],
    ['SIP', { persistenceTimeoutSecs: 50, persistenceEngine: 'sip' }, { flags: 1, persistenceEngine: 'sip' }],
    ['one packet scheduling', { protocol: 'UDP', flags: ['ops'] }, { flags: 4 }],
    ['source hashing', { lbAlgo: 'sh', flags: ['sh-port', 'sh-fallback'] }, { scheduler: 'sh', flags: 24 }],
    ['Maglev hashing', { lbAlgo: 'mh', flags: ['mh-port', 'mh-fallback'] }, { scheduler: 'mh', flags: 24 }],
  ];
  for (const [name, change, expected] of rows) {
    test(name, () => {
      const actual = service(change);
      assert.deepEqual({ ...actual, ...expected }, actual);
    });
  }

  test('a firewall mark', () => {
    const key = { kind: 'fwmark', fwmark: 9, family: 'ipv4' } as const;
    assert.deepEqual(service({ key }).key, key);
  });

  test('a group stands for each of its addresses and marks, with the same servers', () => {
    const span = virtualServer().span;
    const entries = [
      { kind: 'range', first: ip('10.9.0.254'), last: ip('10.9.1.1'), port: 80 },
      { kind: 'range', first: ip('2001:db8::fffe'), last: ip('2001:db8::1:0'), port: 443 },
      { kind: 'fwmark', fwmark: 7 },
    ] as const;
    const forwarding = { lbKind: 'TUN', tunType: 'ipip' } as const;
    const tunnelled = ['10.1.0.1', '10.1.0.2'].map((address) => realServer(address, { forwarding }));
    const config: LvsConfig = {
      virtualServers: [virtualServer({ key: { kind: 'group', group: 'G1' }, realServers: tunnelled })],
      groups: [{ span, name: 'G1', entries }],
    };
    assert.deepEqual(
      table(config).map(({ service: { key }, destinations }) => `${serviceId(key)}: ${String(destinations.length)}`),
      [
        'tcp 10.9.0.254 80: 2',
        'tcp 10.9.0.255 80: 2',
        'tcp 10.9.1.0 80: 2',
        'tcp 10.9.1.1 80: 2',
        'tcp 2001:db8::fffe 443: 2',
        'tcp 2001:db8::ffff 443: 2',
        'tcp 2001:db8::1:0 443: 2',
        'fwm 7 ipv4: 2',
      ],
    );
  });

  test('forwarding, tunnels and thresholds of servers', () => {
    const gue = { lbKind: 'TUN', tunType: 'gue', tunPort: 6080, tunChecksum: 'remcsum' } as const;
    const realServers = [
      realServer('192.168.170.25', { forwarding: { lbKind: 'DR' }, uthreshold: 100, lthreshold: 50 }),
      realServer('192.168.170.35', { forwarding: gue }),
      realServer('192.168.170.45', { forwarding: { lbKind: 'TUN', tunType: 'ipip' } }),
    ];
    const [entry] = table(lvsConfig(virtualServer({ realServers })));
    assert.deepEqual(
      entry?.destinations.map(({ forwarding, tunnel, upperThreshold, lowerThreshold }) => [
        forwarding,
        tunnel,
        upperThreshold,
        lowerThreshold,
      ]),
      [
        ['direct-route', undefined, 100, 50],
        ['tunnel', { type: 'gue', port: 6080, flags: 2 }, 0, 0],
        ['tunnel', { type: 'ipip', port: 0, flags: 0 }, 0, 0],
      ],
    );
  });
});

test('without tunnels a group of both families serves the one that its servers have', () => {
  const { span } = virtualServer();
  const entries = [
    { kind: 'range', first: ip('10.9.0.1'), last: ip('10.9.0.1'), port: 80 },
    { kind: 'range', first: ip('2001:db8::1'), last: ip('2001:db8::1'), port: 80 },
    { kind: 'fwmark', fwmark: 7, family: 'ipv6' },
  ] as const;
  const config: LvsConfig = {
    virtualServers: [virtualServer({ key: { kind: 'group', group: 'G1' } })],
    groups: [{ span, name: 'G1', entries }],
  };
  assert.deepEqual(
    table(config).map(({ service: { key } }) => serviceId(key)),
    ['tcp 10.9.0.1 80'],
  );
});
