import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RouteEntry, RuleEntry, VrrpConfig, VrrpInstance } from '../../src/config/index.ts';
import { withImplied, type VrrpEffect } from '../../src/vrrp/index.ts';
import { address, engineConfig, instance, ip, span } from './configuration.ts';
import { Director } from './director.ts';

const links = [
  { ifname: 'eth0', ifindex: 2, up: true, addresses: [ip('192.0.2.10')] },
  { ifname: 'eth1', ifindex: 3, up: true, addresses: [ip('198.51.100.10')] },
];

function route(to: string, change: Partial<RouteEntry> = {}): RouteEntry {
  return {
    span,
    family: 'ipv4',
    type: 'unicast',
    to: { address: ip(to), prefixLength: 24 },
    dev: 'eth0',
    protocol: 18,
    onlink: false,
    metrics: {},
    locked: [],
    ecn: false,
    nexthops: [],
    noTrack: false,
    ...change,
  };
}

function rule(change: Partial<RuleEntry> = {}): RuleEntry {
  return {
    span,
    family: 'ipv4',
    action: { type: 'table', table: 7 },
    not: false,
    protocol: 18,
    noTrack: false,
    ...change,
  };
}

function changes(effects: readonly VrrpEffect[]): readonly string[] {
  return effects.flatMap((effect): readonly string[] => {
    if (effect.type === 'add-addresses' || effect.type === 'remove-addresses')
      return [`${effect.type} ${effect.entries.map((entry) => entry.address).join(' ')}`];
    if (effect.type === 'add-routes' || effect.type === 'remove-routes')
      return [`${effect.type} ${effect.entries.map(({ to }) => to.address).join(' ')}`];
    if (effect.type === 'add-rules' || effect.type === 'remove-rules')
      return [`${effect.type} ${effect.entries.map(({ preference }) => String(preference)).join(' ')}`];
    return [];
  });
}

const config = instance('VI_1', { virtualRoutes: [route('203.0.113.0')], virtualRules: [rule({ preference: 5 })] });

function started(one: VrrpInstance): { readonly made: Director; readonly first: readonly VrrpEffect[] } {
  const made = new Director(engineConfig([one]), links);
  const first = made.step({ type: 'start', interfaces: links }, 0);
  return { made, first };
}

describe('virtual routes and rules', () => {
  test('that a former run left are removed at start, come after the addresses and go before them', () => {
    const { made, first } = started(config);
    assert.deepEqual(changes(first), ['remove-rules 5', 'remove-routes 203.0.113.0']);
    assert.deepEqual(changes(made.run(9999)), ['add-addresses 192.0.2.100', 'add-routes 203.0.113.0', 'add-rules 5']);
    assert.deepEqual(changes(made.step({ type: 'stop', keepAddresses: false }, 10_000)), [
      'remove-rules 5',
      'remove-routes 203.0.113.0',
      'remove-addresses 192.0.2.100',
    ]);
  });

  test('stay at a stop that keeps addresses', () => {
    const { made } = started(config);
    made.run(9999);
    assert.deepEqual(changes(made.step({ type: 'stop', keepAddresses: true }, 10_000)), []);
  });

  test('change by the difference at reload', () => {
    const { made } = started(config);
    made.run(9999);
    const next = instance('VI_1', { virtualRoutes: [route('203.0.113.0'), route('198.18.0.0')], virtualRules: [] });
    assert.deepEqual(changes(made.step({ type: 'reload', config: engineConfig([next]) }, 10_000)), [
      'remove-rules 5',
      'add-routes 198.18.0.0',
    ]);
  });

  test('are all asked for again where a reload takes an address away: the kernel may take routes with it', () => {
    const { made } = started(config);
    made.run(9999);
    const next = { ...config, virtualIpaddress: [address('192.0.2.101')] };
    assert.deepEqual(changes(made.step({ type: 'reload', config: engineConfig([next]) }, 10_000)), [
      'remove-addresses 192.0.2.100',
      'add-addresses 192.0.2.101',
      'add-routes 203.0.113.0',
      'add-rules 5',
    ]);
  });

  test('the loss of one moves a master to BACKUP, which asks again after the skew', () => {
    const { made } = started(config);
    made.run(9999);
    const effects = made.step({ type: 'route-lost', instance: 'VI_1', text: 'route 203.0.113.0/24' }, 10_000);
    assert.equal(made.stateOf('VI_1'), 'BACKUP');
    assert.ok(effects.some((effect) => effect.type === 'send-advert' && effect.pdu[2] === 0));
    made.run(11_000);
    assert.equal(made.stateOf('VI_1'), 'MASTER');
    assert.deepEqual(changes(made.step({ type: 'route-lost', instance: 'VI_2', text: 'rule' }, 12_000)), []);
  });
});

describe('what a configuration means without saying it', () => {
  const vrrp = (change: Partial<VrrpConfig>): VrrpConfig => ({ ...engineConfig([config]).vrrp, ...change });

  test('rules without a preference are counted down from 16384, the static ones first', () => {
    const made = withImplied(
      vrrp({
        staticRules: [rule(), rule({ preference: 9 }), rule()],
        instances: [instance('A', { virtualRules: [rule()] })],
      }),
    );
    assert.deepEqual(
      [...made.staticRules, ...(made.instances[0]?.virtualRules ?? [])].map(({ preference }) => preference),
      [16_384, 9, 16_383, 16_382],
    );
  });

  const watched: readonly (readonly [what: string, config: Partial<VrrpConfig>, interfaces: readonly string[]])[] = [
    [
      'an address',
      { instances: [instance('A', { virtualIpaddressExcluded: [{ ...address('198.51.100.1'), dev: 'eth1' }] })] },
      ['eth1'],
    ],
    [
      'an address without tracking',
      {
        instances: [instance('A', { virtualIpaddress: [{ ...address('198.51.100.1'), dev: 'eth1', noTrack: true }] })],
      },
      [],
    ],
    ['a route', { instances: [instance('A', { virtualRoutes: [route('203.0.113.0', { dev: 'eth1' })] })] }, ['eth1']],
    ['a rule', { instances: [instance('A', { virtualRules: [rule({ iif: 'eth1' })] })] }, ['eth1']],
    ['its own interface', { instances: [instance('A', { virtualRoutes: [route('203.0.113.0')] })] }, []],
    [
      'a static address of its track_group',
      {
        instances: [instance('A')],
        trackGroups: [{ span, name: 'g', group: ['A'] }],
        staticIpaddress: [{ ...address('198.51.100.1'), dev: 'eth1', trackGroup: 'g' }],
      },
      ['eth1'],
    ],
    [
      'a static route of a track_group that it is not in',
      {
        instances: [instance('A')],
        trackGroups: [{ span, name: 'g', group: ['B'] }],
        staticRoutes: [route('203.0.113.0', { dev: 'eth1', trackGroup: 'g' })],
      },
      [],
    ],
  ];
  for (const [what, change, interfaces] of watched) {
    test(`the interface of ${what} is ${interfaces.length > 0 ? 'tracked' : 'not tracked besides'}`, () => {
      const [made] = withImplied(vrrp(change)).instances;
      assert.deepEqual(
        made?.trackInterface.map(({ name, weight }) => [name, weight]),
        interfaces.map((name) => [name, 0]),
      );
    });
  }

  test('an interface that is tracked with a weight and needed has none', () => {
    const weighted = [{ span, name: 'eth1', weight: 20 }];
    const one = instance('A', { trackInterface: weighted, virtualRoutes: [route('203.0.113.0', { dev: 'eth1' })] });
    assert.deepEqual(withImplied(vrrp({ instances: [one] })).instances[0]?.trackInterface, [
      { span, name: 'eth1', weight: 0 },
    ]);
  });
});
