import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GarpGroup, VrrpInstance } from '../../src/config/index.ts';
import { encodeAdvert, type EngineConfig, type InterfaceFacts } from '../../src/vrrp/index.ts';
import { address, engineConfig, instance, ip, span } from './configuration.ts';
import { Director } from './director.ts';

const facts = (ifname: string, ifindex: number, own: string): InterfaceFacts => ({
  ifname,
  ifindex,
  up: true,
  addresses: [ip(own), ip(`fe80::${String(ifindex)}`)],
});
const ports = [facts('e0', 2, '10.9.0.1'), facts('e1', 3, '10.9.1.1'), facts('e2', 4, '10.9.2.1')];
const addresses = [
  address('10.9.0.100/24'),
  address('10.9.0.101/24'),
  { ...address('10.9.1.100/24'), dev: 'e1' },
  { ...address('10.9.2.100/24'), dev: 'e2' },
];

/** The owner: MASTER at 0. */
function owner(
  change: Partial<VrrpInstance>,
  groups: readonly GarpGroup[] = [],
  rest: Partial<EngineConfig> = {},
): Director {
  const owned = { interface: 'e0', priority: 255, garpMasterRepeat: 3, virtualIpaddress: addresses } as const;
  const made = new Director(
    engineConfig([instance('V', { ...owned, ...change })], { garpGroups: groups }, rest),
    ports,
  );
  made.start(0);
  return made;
}

function announced(made: Director, untilMs: number): readonly string[] {
  made.run(untilMs);
  return made.trace.flatMap(({ atMs, effect }) =>
    effect.type === 'announce' ? [`${String(atMs)} ${effect.ifname} ${effect.address}`] : [],
  );
}

const behindOneSwitch: GarpGroup = { span, garpIntervalMs: 300, gnaIntervalMs: 0, interfaces: ['e1', 'e2'] };

describe('vrrp_garp_interval and garp_group', () => {
  test('without them all is sent at once', () => {
    assert.equal(announced(owner({}), 0).length, 12);
  });

  test('an interface keeps its pace, and the interfaces of a group have one; who waits waits once', () => {
    const made = owner({}, [behindOneSwitch], { garpIntervalMs: 100 });
    assert.deepEqual(announced(made, 4000), [
      '0 e0 10.9.0.100',
      '0 e1 10.9.1.100',
      '100 e0 10.9.0.101',
      '200 e0 10.9.0.100',
      '300 e2 10.9.2.100',
      '600 e1 10.9.1.100',
    ]);
  });

  test('neighbour advertisements have a pace of their own', () => {
    const virtualIpaddress = ['fe80::100/64', 'fd00::100/64', 'fd00::101/64'].map(address);
    const made = owner({ family: 'ipv6', version: 3, virtualIpaddress, garpMasterRepeat: 1 }, [], {
      garpIntervalMs: 100_000,
      gnaIntervalMs: 50,
    });
    assert.deepEqual(announced(made, 4000), ['0 e0 fe80::100', '50 e0 fd00::100', '100 e0 fd00::101']);
  });

  test('what waits is not sent any more when the instance is not MASTER any more', () => {
    const made = owner({ priority: 200 }, [], { garpIntervalMs: 1000 });
    const sent = announced(made, 3300).length;
    assert.equal(sent, 3, 'one on each interface');
    const route = { source: ip('10.9.0.2'), destination: ip('224.0.0.18') };
    const advert = {
      version: 2,
      virtualRouterId: 51,
      priority: 254,
      advertIntMs: 1000,
      addresses: [ip('192.0.2.100')],
    } as const;
    made.step({ type: 'packet', ifname: 'e0', ...route, ttl: 255, payload: encodeAdvert(advert, route) }, 3300);
    assert.equal(made.stateOf('V'), 'BACKUP');
    assert.equal(announced(made, 6000).length, sent);
  });
});

test('a link that comes back: an instance with unicast peers tells switches where its own address is', () => {
  const unicastPeer = [{ span, address: ip('10.9.0.2'), minTtl: 0, maxTtl: 255 }];
  for (const [peers, expected] of [
    [unicastPeer, ['1000 e0 10.9.0.1']],
    [[], []],
  ] as const) {
    const made = owner({ priority: 100, unicastPeer: peers });
    made.setUp('e0', false, 500);
    made.setUp('e0', true, 1000);
    assert.equal(made.stateOf('V'), 'BACKUP');
    assert.deepEqual(announced(made, 1000), expected);
  }
});

describe('garp_extra_if', () => {
  test('with all, addresses on other interfaces are told of again and again', () => {
    const made = owner({ garpMasterRepeat: 1, garpMasterDelayMs: 0, garpExtraIf: { intervalMs: 4000, all: true } });
    assert.deepEqual(announced(made, 9000).slice(4), [
      '4000 e1 10.9.1.100',
      '4000 e2 10.9.2.100',
      '8000 e1 10.9.1.100',
      '8000 e2 10.9.2.100',
    ]);
  });

  test('without all, only those that are to have an interface of their own there', () => {
    const virtualIpaddress = addresses.map((entry) => (entry.dev === 'e2' ? { ...entry, useVmac: true } : entry));
    const change = { garpMasterRepeat: 1, garpMasterDelayMs: 0, virtualIpaddress };
    const made = owner({ ...change, garpExtraIf: { intervalMs: 4000, all: false } });
    assert.deepEqual(announced(made, 9000).slice(4), ['4000 e2 10.9.2.100', '8000 e2 10.9.2.100']);
  });

  test('a reload switches it on and off', () => {
    const config = owner({ garpMasterRepeat: 1, garpMasterDelayMs: 0 }).state.config;
    const [plain] = config.vrrp.instances;
    assert.ok(plain !== undefined);
    const made = owner({ garpMasterRepeat: 1, garpMasterDelayMs: 0 });
    made.run(500);
    const extra = { ...plain, garpExtraIf: { intervalMs: 1000, all: true } };
    made.step({ type: 'reload', config: { ...config, vrrp: { ...config.vrrp, instances: [extra] } } }, 1000);
    assert.deepEqual(announced(made, 2500).slice(4), ['2000 e1 10.9.1.100', '2000 e2 10.9.2.100']);
    made.step({ type: 'reload', config }, 2600);
    assert.equal(announced(made, 9000).length, 6);
  });
});
