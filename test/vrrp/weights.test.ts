import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TrackEntry, TrackLists, VrrpInstance, VrrpSyncGroup } from '../../src/config/index.ts';
import { vrrpView, withImplied, type InterfaceFacts } from '../../src/vrrp/index.ts';
import { loadText } from '../config/load-text.ts';
import { address, engineConfig, group, instance, ip, script, span, track, trackFile } from './configuration.ts';
import { Director } from './director.ts';

/** What keepalived 2.2.7 was seen to make of weights: 145 instances in a network namespace, with all objects well and failing. */

const eth0: InterfaceFacts = { ifname: 'eth0', ifindex: 2, up: true, addresses: [ip('192.0.2.10')] };
const kinds = {
  interface: 'trackInterface',
  script: 'trackScript',
  process: 'trackProcess',
  bfd: 'trackBfd',
} as const satisfies Readonly<Record<string, keyof TrackLists>>;
type Kind = keyof typeof kinds;

interface Outcome {
  readonly priority: number | undefined;
  readonly fault: boolean;
}

/** What comes of an instance (in a group, if one is given) while the object `x` of the kind is well or fails. */
function outcome(
  kind: Kind,
  well: boolean,
  change: Partial<VrrpInstance>,
  inGroup?: Partial<VrrpSyncGroup>,
  own: { readonly weight?: number; readonly reverse?: boolean } = {},
): Outcome {
  const syncGroups = inGroup === undefined ? [] : [group('G', ['A'], inGroup)];
  const process = { span, name: 'x', process: { argv: ['x'] }, quorum: 1, weight: 0, reverse: false } as const;
  const bfd = { span, name: 'x', vrrp: true, weight: 0, reverse: false } as const;
  const config = engineConfig(
    [instance('A', change)],
    { syncGroups, scripts: [script('x', own)], trackProcesses: [{ ...process, ...own }] as never },
    { bfdInstances: [{ ...bfd, ...own }] as never },
  );
  const made = new Director({ ...config, vrrp: withImplied(config.vrrp) }, [
    eth0,
    { ifname: 'x', ifindex: 3, up: kind !== 'interface' || well, addresses: [] },
  ]);
  made.start(0);
  made.step({ type: 'script-result', script: 'x', ok: well, reason: 'exited with status 1' }, 0);
  made.step({ type: 'process-state', trackProcess: 'x', ok: well }, 0);
  made.step({ type: 'bfd-state', bfd: 'x', up: well }, 0);
  const [view] = vrrpView(made.state, 0).instances;
  return { priority: view?.effectivePriority, fault: view?.state === 'FAULT' };
}

const x = (weight?: number, reverse?: boolean): TrackEntry =>
  track('x', { ...(weight === undefined ? {} : { weight }), ...(reverse === undefined ? {} : { reverse }) });
const fault: Outcome = { priority: 100, fault: true };
const at = (priority: number): Outcome => ({ priority, fault: false });

describe('one object, of each kind', () => {
  const rows: readonly (readonly [TrackEntry, Outcome, Outcome])[] = [
    [x(10), at(110), at(100)],
    [x(-10), at(100), at(90)],
    [x(10, true), at(90), at(100)],
    [x(-10, true), at(100), at(110)],
    [x(0), at(100), fault],
    [x(0, true), fault, at(100)],
  ];
  for (const kind of Object.keys(kinds) as Kind[]) {
    for (const [entry, well, failing] of rows) {
      test(`${kind} weight ${String(entry.weight)}${entry.reverse === true ? ' reverse' : ''}`, () => {
        const change = { [kinds[kind]]: [entry] };
        assert.deepEqual([outcome(kind, true, change), outcome(kind, false, change)], [well, failing]);
      });
    }
  }
});

describe("the object's own weight and direction", () => {
  const rows: readonly (readonly [string, TrackEntry, number, number])[] = [
    ['count where the entry says nothing', x(), 100, 110],
    ['an entry with a weight has its own weight, and the direction of the object', x(20), 80, 100],
    ['unless it says noreverse', x(20, false), 120, 100],
  ];
  for (const kind of ['script', 'process', 'bfd'] as const) {
    for (const [name, entry, well, failing] of rows) {
      test(`${kind}: ${name}`, () => {
        const change = { [kinds[kind]]: [entry] };
        const own = { weight: entry.weight === undefined ? -10 : 10, reverse: true };
        assert.deepEqual(
          [true, false].map((is) => outcome(kind, is, change, undefined, own).priority),
          [well, failing],
        );
      });
    }
  }

  test('noreverse reaches the model', () => {
    const { config } = loadText(
      'vrrp_script x {\n script /bin/true\n weight 10 reverse\n}\nvrrp_instance A {\n interface eth0\n virtual_router_id 5\n' +
        ' virtual_ipaddress {\n 192.0.2.1\n }\n track_script {\n x weight 5 noreverse\n }\n}\n',
    );
    assert.equal(config.vrrp.instances[0]?.trackScript[0]?.reverse, false);
  });
});

describe('a track_file', () => {
  const rows: readonly (readonly [number, boolean, number, Outcome])[] = [
    [10, false, 5, at(150)],
    [-10, false, 5, at(50)],
    [10, true, 5, at(50)],
    [-10, true, 5, at(150)],
    [10, false, -5, at(50)],
    [10, false, 100, at(254)],
    [50, true, 5, at(1)],
    [51, true, 5, fault],
    [0, false, 0, at(100)],
    [0, false, 5, fault],
    [0, true, 0, fault],
    [0, true, 5, at(100)],
  ];
  for (const [weight, reverse, value, expected] of rows) {
    test(`weight ${String(weight)}${reverse ? ' reverse' : ''} of one that holds ${String(value)}`, () => {
      const own = engineConfig(
        [instance('A', { trackFile: [x(weight, reverse)] })],
        {},
        { trackFiles: [trackFile('x')] },
      );
      const made = new Director(own, [eth0]);
      made.step({ type: 'start', interfaces: [eth0], files: { x: value } }, 0);
      const [view] = vrrpView(made.state, 0).instances;
      const { priority, fault: faulty } = expected;
      assert.equal(view?.state === 'FAULT', faulty);
      if (!faulty) assert.equal(view?.effectivePriority, priority);
    });
  }
});

test('the sum of all counts, and only then the bounds', () => {
  const named = (name: string, weight: number): TrackEntry => track(name, { weight });
  const interfaces = [eth0, ...['up1', 'up2'].map((ifname) => ({ ...eth0, ifname, ifindex: 9 }))];
  for (const [priority, trackInterface, expected] of [
    [100, [named('up1', 200), named('up2', 200), named('down', -253)], 247],
    [100, [named('up1', 253), named('down', -253)], 100],
    [1, [named('down', -253)], 1],
    [254, [named('up1', 253)], 254],
    [1, [named('up1', 253)], 254],
    [255, [named('down', -253)], 255],
  ] as const) {
    const made = new Director(engineConfig([instance('A', { priority, trackInterface })]), interfaces);
    made.start(0);
    assert.equal(made.state.instances[0]?.effectivePriority, expected);
  }
});

describe('the owner of its addresses', () => {
  const rows: readonly (readonly [string, Partial<VrrpInstance>, Partial<VrrpSyncGroup> | undefined, boolean])[] = [
    ['a file of weight 1, as they are by themselves: a fault', { trackFile: [x()] }, undefined, true],
    ['a file of another weight: nothing', { trackFile: [x(-100)] }, undefined, false],
    [
      'a file of weight 1 with sync_group_tracking_weight',
      { trackFile: [x()] },
      { syncGroupTrackingWeight: true },
      true,
    ],
    ['a file of its group of any weight: a fault', {}, { trackFile: [x(2)] }, true],
  ];
  for (const [name, change, inGroup, faulty] of rows) {
    test(name, () => {
      const config = engineConfig(
        [instance('A', { priority: 255, ...change }), instance('B', { virtualRouterId: 52 })],
        { syncGroups: inGroup === undefined ? [] : [group('G', ['A', 'B'], inGroup)] },
        { trackFiles: [trackFile('x')] },
      );
      const made = new Director(config, [eth0]);
      made.step({ type: 'start', interfaces: [eth0], files: { x: 5 } }, 0);
      assert.equal(made.stateOf('A') === 'FAULT', faulty);
      if (inGroup !== undefined) assert.equal(made.stateOf('B') === 'FAULT', faulty);
    });
  }
});

describe('a track_file of a member of a sync group', () => {
  const rows: readonly (readonly [string, number, Partial<VrrpSyncGroup>, Outcome])[] = [
    ['weight 1, as files have by themselves: a fault', 1, {}, fault],
    ['another weight: nothing', 2, {}, at(100)],
    ['weight 1, with sync_group_tracking_weight', 1, { syncGroupTrackingWeight: true }, at(105)],
    ['weight 1, with global_tracking', 1, { globalTracking: true }, at(105)],
  ];
  for (const [name, weight, inGroup, expected] of rows) {
    test(name, () => {
      const config = engineConfig(
        [instance('A', { trackFile: [x()] })],
        { syncGroups: [group('G', ['A'], inGroup)] },
        { trackFiles: [trackFile('x', { weight })] },
      );
      const made = new Director(config, [eth0]);
      made.step({ type: 'start', interfaces: [eth0], files: { x: 5 } }, 0);
      const [view] = vrrpView(made.state, 0).instances;
      assert.deepEqual({ priority: view?.effectivePriority, fault: view?.state === 'FAULT' }, expected);
    });
  }
});

describe('a member of a sync group', () => {
  const rows: readonly (readonly [
    string,
    TrackEntry | undefined,
    TrackEntry | undefined,
    boolean,
    Outcome,
    Outcome,
  ])[] = [
    ['the group alone', x(10), undefined, false, at(110), at(100)],
    ['both: once, with the weight of the group', x(20), x(10), true, at(120), at(100)],
    ['both, without sync_group_tracking_weight', x(20), x(10), false, at(120), at(100)],
    ['both, with weights below 0', x(-20), x(-10), true, at(100), at(80)],
    ['both, the member in reverse', x(10), x(10, true), true, at(110), at(100)],
    ['the group without weight', x(0), x(-10), true, at(100), fault],
    ['the member without weight', x(-10), x(0), true, at(100), fault],
    ['the member without weight, nor sync_group_tracking_weight', x(-10), x(0), false, at(100), fault],
    ['the member without weight and in reverse', x(10), x(0, true), true, fault, at(100)],
    ['the group without weight and in reverse', x(0, true), x(10), true, fault, at(100)],
    ['the member alone, with sync_group_tracking_weight', undefined, x(10), true, at(110), at(100)],
  ];
  const lists = (kind: Kind, entry: TrackEntry | undefined): Partial<TrackLists> =>
    entry === undefined ? {} : { [kinds[kind]]: [entry] };
  for (const kind of Object.keys(kinds) as Kind[]) {
    for (const [name, ofGroup, ofMember, syncGroupTrackingWeight, well, failing] of rows) {
      test(`${kind}: ${name}`, () => {
        const inGroup = { syncGroupTrackingWeight, ...lists(kind, ofGroup) };
        assert.deepEqual(
          [true, false].map((is) => outcome(kind, is, lists(kind, ofMember), inGroup)),
          [well, failing],
        );
      });
    }
    test(`${kind}: a weight of the member alone, without sync_group_tracking_weight`, () => {
      const counts = kind === 'interface' || kind === 'process';
      assert.deepEqual(
        [true, false].map((is) => outcome(kind, is, lists(kind, x(-10)), {})),
        [at(100), at(counts ? 90 : 100)],
      );
    });
  }

  test('a file of both counts once, one of the member alone not at all', () => {
    for (const [ofGroup, ofMember, sum] of [
      [[x(20)], [x(10)], 200],
      [[], [x(10)], 100],
    ] as const) {
      const config = engineConfig(
        [instance('A', { trackFile: ofMember })],
        { syncGroups: [group('G', ['A'], { trackFile: ofGroup })] },
        { trackFiles: [trackFile('x')] },
      );
      const made = new Director(config, [eth0]);
      made.step({ type: 'start', interfaces: [eth0], files: { x: 5 } }, 0);
      assert.equal(made.state.instances[0]?.effectivePriority, sum);
    }
  });
});

describe('a weight of an interface that the instance needs anyway does not count', () => {
  const vip = { ...address('198.51.100.1'), dev: 'x' };
  const rows: readonly (readonly [string, Partial<VrrpInstance>, Outcome, Outcome])[] = [
    ['an address', { virtualIpaddress: [vip] }, at(100), fault],
    ['an address with no_track', { virtualIpaddress: [{ ...vip, noTrack: true }] }, at(110), at(100)],
    ['an excluded address', { virtualIpaddressExcluded: [vip] }, at(100), fault],
  ];
  for (const [name, change, well, failing] of rows) {
    test(`${name} is on it`, () => {
      const tracked = { ...change, trackInterface: [x(10)] };
      assert.deepEqual([outcome('interface', true, tracked), outcome('interface', false, tracked)], [well, failing]);
      const byGroup = { trackInterface: [x(10)] };
      assert.deepEqual(
        [outcome('interface', true, change, byGroup), outcome('interface', false, change, byGroup)],
        [well, failing],
      );
    });
  }

  test('a route or rule is on it', () => {
    const { config } = loadText(
      'vrrp_instance A {\n interface eth0\n virtual_router_id 5\n virtual_ipaddress {\n 192.0.2.1\n }\n track_interface {\n x weight 10\n y weight 10\n z weight 10\n }\n' +
        ' virtual_routes {\n 10.77.0.0/16 dev x\n }\n virtual_rules {\n from 10.79.0.0/16 iif y table 100\n }\n}\n',
    );
    const tracked = withImplied(config.vrrp).instances[0]?.trackInterface;
    assert.deepEqual(
      tracked?.map(({ name, weight }) => [name, weight]),
      [
        ['x', 0],
        ['y', 0],
        ['z', 10],
      ],
    );
  });

  test('it is its own, tracked by its group', () => {
    const made = new Director(
      engineConfig([instance('A')], {
        syncGroups: [group('G', ['A'], { trackInterface: [track('eth0', { weight: 10 })] })],
      }),
      [eth0],
    );
    made.start(0);
    assert.equal(made.state.instances[0]?.effectivePriority, 100);
  });
});
