import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { VrrpInstance } from '../../src/config/index.ts';
import { encodeAdvert, type VrrpEffect } from '../../src/vrrp/index.ts';
import { address, engineConfig, group, instance, ip, script, track } from './configuration.ts';
import { Director } from './director.ts';

const links = [
  { ifname: 'eth0', ifindex: 2, up: true, addresses: [ip('192.0.2.10')] },
  { ifname: 'eth1', ifindex: 3, up: true, addresses: [ip('198.51.100.10')] },
];

function masters(...instances: readonly VrrpInstance[]): Director {
  const made = new Director(engineConfig(instances), links);
  made.start(0);
  made.run(9999);
  return made;
}

function changes(effects: readonly VrrpEffect[]): readonly string[] {
  return effects.flatMap((effect) =>
    effect.type === 'add-addresses' || effect.type === 'remove-addresses'
      ? [`${effect.type} ${effect.entries.map((entry) => entry.address).join(' ')}`]
      : [],
  );
}

describe('reload', () => {
  const one = instance('VI_1');

  test('of the same configuration changes nothing but for one advert, and keeps the counters', () => {
    const made = masters(one);
    const sent = made.state.instances[0]?.stats.advert_sent ?? 0;
    const effects = made.step({ type: 'reload', config: engineConfig([one]) }, 10_000);
    assert.deepEqual(
      effects.map(({ type }) => type),
      ['send-advert'],
    );
    assert.equal(made.state.instances[0]?.stats.advert_sent, sent + 1);
    assert.equal(made.deadline, 11_000);
  });

  test('an instance under another name is the same virtual router', () => {
    const made = masters(one);
    made.step({ type: 'reload', config: engineConfig([instance('VI_new')]) }, 10_000);
    assert.deepEqual([made.stateOf('VI_new'), made.notifications(10_000)], ['MASTER', []]);
  });

  test('addresses change by the difference, only where MASTER', () => {
    const next = instance('VI_1', { virtualIpaddress: [address('192.0.2.101'), address('192.0.2.100')] });
    const made = masters(one);
    assert.deepEqual(changes(made.step({ type: 'reload', config: engineConfig([next]) }, 10_000)), [
      'add-addresses 192.0.2.101',
    ]);
    assert.deepEqual(changes(made.step({ type: 'reload', config: engineConfig([one]) }, 11_000)), [
      'remove-addresses 192.0.2.101',
    ]);
    const backup = new Director(engineConfig([one]), links);
    backup.start(0);
    assert.deepEqual(changes(backup.step({ type: 'reload', config: engineConfig([next]) }, 1000)), []);
  });

  test('a shorter interval holds from the next advert on', () => {
    const made = masters(instance('VI_1', { advertIntMs: 100_000, state: 'MASTER', priority: 255 }));
    made.step({ type: 'reload', config: engineConfig([instance('VI_1', { priority: 255 })]) }, 10_000);
    assert.equal(made.deadline, 11_000);
  });

  test('an instance that is gone says priority 0 and notifies FAULT, or DELETED with notify_deleted', () => {
    for (const notifyDeletedEnabled of [false, true]) {
      const made = masters(
        one,
        instance('VI_2', { virtualRouterId: 52, virtualIpaddress: [address('192.0.2.102')], notifyDeletedEnabled }),
      );
      const effects = made.step({ type: 'reload', config: engineConfig([one]) }, 10_000);
      assert.deepEqual(changes(effects), ['remove-addresses 192.0.2.102']);
      assert.deepEqual(made.notifications(10_000), [`INSTANCE VI_2 ${notifyDeletedEnabled ? 'DELETED' : 'FAULT'} 100`]);
    }
  });

  test('of an instance that is gone nothing is told where FAULT was told already, but that it is deleted', () => {
    for (const [notifyDeletedEnabled, told] of [
      [false, []],
      [true, ['INSTANCE VI_2 DELETED 100']],
    ] as const) {
      const gone = instance('VI_2', { virtualRouterId: 52, interface: 'eth1', notifyDeletedEnabled });
      const made = masters(one, gone);
      made.setUp('eth1', false, 10_000);
      made.step({ type: 'reload', config: engineConfig([one]) }, 11_000);
      assert.deepEqual(made.notifications(11_000), told);
    }
  });

  test('in FAULT the new interval holds, as nobody else is heard', () => {
    const slow = instance('VI_1', { version: 3, advertIntMs: 1000 });
    const made = masters(instance('VI_1', { version: 3, advertIntMs: 300 }));
    made.setUp('eth0', false, 10_000);
    made.step({ type: 'reload', config: engineConfig([slow]) }, 11_000);
    made.setUp('eth0', true, 12_000);
    assert.equal(made.deadline, 12_000 + 3000 + (156 * 1000) / 256);
  });

  test('a backup that joins a sync group goes on waiting, and so does the group', () => {
    const two = instance('VI_2', {
      interface: 'eth1',
      virtualRouterId: 52,
      virtualIpaddress: [address('198.51.100.100')],
    });
    const made = new Director(engineConfig([one], { syncGroups: [group('VG', ['VI_1'])] }), links);
    made.start(0);
    made.step(
      { type: 'reload', config: engineConfig([one, two], { syncGroups: [group('VG', ['VI_1', 'VI_2'])] }) },
      1000,
    );
    assert.deepEqual(made.notifications(1), ['INSTANCE VI_2 BACKUP 100']);
    made.run(60_000);
    assert.deepEqual([made.stateOf('VI_1'), made.stateOf('VI_2')], ['MASTER', 'MASTER']);
  });

  test('a script that is still known keeps its result', () => {
    const tracked = engineConfig([instance('VI_1', { trackScript: [track('chk')] })], { scripts: [script('chk')] });
    const made = new Director(tracked, links);
    made.start(0);
    made.step({ type: 'script-result', script: 'chk', ok: true, reason: '' }, 100);
    made.run(5000);
    made.step({ type: 'reload', config: tracked }, 5000);
    assert.deepEqual([made.stateOf('VI_1'), made.notifications(5000)], ['MASTER', []]);
  });
});

test('a track_process without weight: the instance waits for the first word of it', () => {
  const process = {
    span: instance('x').span,
    name: 'p',
    process: ['p'],
    weight: 0,
    reverse: false,
    quorum: 1,
    forkDelayMs: 0,
    terminateDelayMs: 0,
    fullCommand: false,
  };
  const config = engineConfig([instance('VI_1', { trackProcess: [track('p')] })], { trackProcesses: [process] });
  const made = new Director(config, links);
  made.start(0);
  const states = [made.stateOf('VI_1')];
  for (const ok of [true, false, true]) {
    made.step({ type: 'process-state', trackProcess: 'p', ok }, 100);
    states.push(made.stateOf('VI_1'));
  }
  assert.deepEqual(states, ['INIT', 'BACKUP', 'FAULT', 'BACKUP']);
});

test('log_unknown_vrids: each is said once', () => {
  const made = new Director(engineConfig([instance('VI_1')], {}, { logUnknownVrids: true }), links);
  made.start(0);
  const route = { source: ip('192.0.2.20'), destination: ip('224.0.0.18') };
  const payload = encodeAdvert(
    { version: 2, virtualRouterId: 9, priority: 1, advertIntMs: 1000, addresses: [] },
    route,
  );
  for (const ms of [1, 2, 3]) made.step({ type: 'packet', ifname: 'eth0', ...route, ttl: 255, payload }, ms);
  assert.equal(made.logs(1).length, 1);
});

test('whatever arrives, and whatever reloads come in between, in whatever order: no exception, and the state stays bounded', () => {
  const words = fc.constantFrom('VI_1', 'chk', 'eth0', 'eth1', 'nothing');
  const tracked = instance('VI_1', { trackScript: [track('chk')] });
  const other = instance('VI_2', { interface: 'eth1', virtualIpaddress: [address('198.51.100.100')] });
  const configs = [
    engineConfig([instance('VI_1')], { scripts: [script('chk')] }),
    engineConfig([tracked, other], { scripts: [script('chk')], syncGroups: [group('VG', ['VI_1', 'VI_2'])] }),
    engineConfig([other], { scripts: [script('chk')] }),
    engineConfig([], { scripts: [script('chk')] }),
  ];
  const source = fc.constantFrom(ip('192.0.2.20'), ip('192.0.2.10'), ip('fe80::1'), ip('0.0.0.0'));
  const event = fc.oneof(
    fc.record({ type: fc.constant('timer' as const) }),
    fc.record({
      type: fc.constant('packet' as const),
      ifname: words,
      source,
      destination: source,
      ttl: fc.nat(255),
      payload: fc.uint8Array({ maxLength: 60 }),
    }),
    // A packet that is nearly right gets further than random bytes do.
    fc.record({
      type: fc.constant('packet' as const),
      ifname: fc.constant('eth0'),
      source: fc.constant(ip('192.0.2.20')),
      destination: fc.constant(ip('224.0.0.18')),
      ttl: fc.constantFrom(255, 1),
      payload: fc
        .record({ priority: fc.nat(255), version: fc.constantFrom(2 as const, 3 as const) })
        .map((advert) =>
          encodeAdvert(
            { ...advert, virtualRouterId: 51, advertIntMs: 1000, addresses: [ip('192.0.2.100')] },
            { source: ip('192.0.2.20'), destination: ip('224.0.0.18') },
          ),
        ),
    }),
    fc.record({
      type: fc.constant('interface' as const),
      facts: fc.record({ ifname: words, ifindex: fc.nat(), up: fc.boolean(), addresses: fc.array(source) }),
    }),
    fc.record({ type: fc.constant('interface-gone' as const), ifname: words }),
    fc.record({ type: fc.constant('script-result' as const), script: words, ok: fc.boolean(), reason: words }),
    fc.record({ type: fc.constant('file-value' as const), trackFile: words, value: fc.integer() }),
    fc.record({ type: fc.constant('bfd-state' as const), bfd: words, up: fc.boolean() }),
    fc.record({ type: fc.constant('reload' as const), config: fc.constantFrom(...configs) }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.nat(5000)), { maxLength: 60 }), (events) => {
      const made = new Director(engineConfig([instance('VI_1')], { scripts: [script('chk')] }), links);
      made.start(0);
      let nowMs = 0;
      for (const [next, laterMs] of events) {
        nowMs += laterMs;
        made.step(next, nowMs);
        assert.ok((made.state.instances[0]?.said.length ?? 0) < 20);
        assert.equal(made.deadline !== undefined, true);
      }
    }),
  );
});
