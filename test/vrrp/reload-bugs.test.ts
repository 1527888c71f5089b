import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VrrpInstance } from '../../src/config/index.ts';
import type { EngineConfig, VrrpEffect } from '../../src/vrrp/index.ts';
import { address, engineConfig, group, instance, ip, script, track } from './configuration.ts';
import { Director } from './director.ts';

/** What was reported of keepalived's reloads, each as a test that ours does not: github.com/acassen/keepalived/issues/N. */

const links = [
  { ifname: 'eth0', ifindex: 2, up: true, addresses: [ip('192.0.2.10'), ip('fe80::1')] },
  { ifname: 'eth1', ifindex: 3, up: true, addresses: [ip('198.51.100.10')] },
];

const one = instance('VI_1');
const two = instance('VI_2', { virtualRouterId: 52, virtualIpaddress: [address('192.0.2.102')] });
const inside = instance('VI_3', {
  interface: 'eth1',
  virtualRouterId: 53,
  virtualIpaddress: [address('198.51.100.100')],
});

function started(config: EngineConfig, untilMs: number, interfaces = links): Director {
  const made = new Director(config, interfaces);
  made.start(0);
  made.run(untilMs);
  return made;
}

const reload = (config: EngineConfig) => ({ type: 'reload', config }) as const;

function changes(effects: readonly VrrpEffect[]): readonly string[] {
  return effects.flatMap((effect) =>
    effect.type === 'add-addresses' || effect.type === 'remove-addresses'
      ? [`${effect.type} ${effect.entries.map((entry) => entry.address).join(' ')}`]
      : [],
  );
}

/** When adverts were sent since `fromMs`. */
function sentAt(made: Director, fromMs: number): readonly number[] {
  return made.trace.flatMap(({ atMs, effect }) => (effect.type === 'send-advert' && atMs >= fromMs ? [atMs] : []));
}

describe('349, 754 and 2159: adverts go on through a reload', () => {
  for (const [advertIntMs, version] of [
    [1000, 2],
    [100, 3],
    [10, 3],
  ] as const) {
    const many = Array.from({ length: 500 }, (_, k) => address(`10.0.${String(k >> 8)}.${String(k & 255)}`));
    const before = instance('VI_1', { advertIntMs, version });
    const after = instance('VI_1', { advertIntMs, version, virtualIpaddress: many });

    test(`an advert goes out before 500 addresses change, and the next an interval later: advert_int ${String(advertIntMs / 1000)}`, () => {
      const made = started(engineConfig([before]), 10_000);
      const effects = made.step(reload(engineConfig([after])), 10_005);
      assert.equal(effects[0]?.type, 'send-advert');
      assert.equal(effects.filter(({ type }) => type === 'send-advert').length, 1);
      assert.equal(made.deadline, 10_005 + advertIntMs);
      assert.equal(made.stateOf('VI_1'), 'MASTER');
    });

    test(`reloads that come faster than adverts leave no gap: advert_int ${String(advertIntMs / 1000)}`, () => {
      const made = started(engineConfig([before]), 10_000);
      const stepMs = advertIntMs * 0.7;
      for (let k = 1; k <= 100; k++) {
        made.run(10_000 + k * stepMs);
        made.step(reload(engineConfig([k % 2 === 0 ? before : after])), 10_000 + k * stepMs);
      }
      const times = sentAt(made, 10_000);
      const gaps = times.slice(1).map((atMs, k) => atMs - (times[k] ?? 0));
      assert.ok(gaps.length >= 99 && Math.max(...gaps) <= advertIntMs, `${String(Math.max(...gaps))} ms`);
      assert.deepEqual(made.notifications(10_000), []);
    });
  }

  test('a backup that is reloaded again and again takes over from a dead master in time all the same', () => {
    const made = started(engineConfig([one]), 0);
    for (let ms = 500; ms <= 5000; ms += 500) {
      made.run(ms);
      made.step(reload(engineConfig([one])), ms);
    }
    const becameAt = made.trace.find(({ effect }) => effect.type === 'notify' && effect.state === 'MASTER')?.atMs;
    assert.equal(becameAt, 3609.375);
  });
});

describe('an address moves from one instance to another in one reload, where keepalived(8) asks for two', () => {
  const move = (masters: boolean): readonly [EngineConfig, EngineConfig] => {
    const state = masters ? {} : { advertIntMs: 10_000 };
    const to = (change: Partial<VrrpInstance>): VrrpInstance => ({ ...two, ...state, ...change });
    const rest = [address('192.0.2.101')];
    const first = { ...one, virtualIpaddress: [...one.virtualIpaddress, ...rest] };
    return [
      engineConfig([first, to({})]),
      engineConfig([
        { ...first, virtualIpaddress: rest },
        to({ virtualIpaddress: [address('192.0.2.102'), address('192.0.2.100')] }),
      ]),
    ];
  };

  test('both are MASTER: it stays on the interface and is announced for its new instance', () => {
    const [before, after] = move(true);
    const made = started(before, 10_000);
    const effects = made.step(reload(after), 10_000);
    assert.deepEqual(
      changes(effects).filter((line) => line.startsWith('remove')),
      [],
    );
    assert.equal(made.holds('eth0', ip('192.0.2.100')), true);
    assert.ok(effects.some((effect) => effect.type === 'announce' && effect.address === '192.0.2.100'));
    made.run(20_000);
    assert.deepEqual(made.notifications(10_000), []);
    made.step({ type: 'stop', keepAddresses: false }, 20_000);
    assert.equal(made.holds('eth0', ip('192.0.2.100')), false, 'its new instance takes it back');
  });

  test('from a MASTER to a BACKUP: it goes', () => {
    const [before, after] = move(false);
    const made = started(before, 10_000);
    assert.deepEqual([made.stateOf('VI_1'), made.stateOf('VI_2')], ['MASTER', 'BACKUP']);
    const effects = made.step(reload(after), 10_000);
    assert.deepEqual(changes(effects), ['remove-addresses 192.0.2.100'], 'once');
    assert.equal(made.holds('eth0', ip('192.0.2.101')), true);
  });
});

describe('2715: what joins a MASTER group does not make it flap', () => {
  const alone = engineConfig([one], { syncGroups: [group('VG', ['VI_1'])] });

  function joins(after: EngineConfig): Director {
    const made = started(alone, 10_000);
    const effects = made.step(reload(after), 10_000);
    made.run(30_000);
    assert.equal(made.stateOf('VI_1'), 'MASTER');
    assert.deepEqual(
      changes(effects).filter((line) => line.startsWith('remove')),
      [],
    );
    assert.deepEqual(
      made.notifications(10_000).filter((line) => /BACKUP|FAULT|VG/.test(line)),
      [],
    );
    return made;
  }

  test('an instance on another interface is MASTER at once', () => {
    const made = joins(engineConfig([one, inside], { syncGroups: [group('VG', ['VI_1', 'VI_3'])] }));
    assert.deepEqual(made.notifications(10_000), ['INSTANCE VI_3 MASTER 100']);
    assert.equal(made.holds('eth1', ip('198.51.100.100')), true);
  });

  test('a tracked interface that is up changes nothing', () => {
    const tracking = { ...one, trackInterface: [track('eth1')] };
    const made = joins(engineConfig([tracking], { syncGroups: [group('VG', ['VI_1'])] }));
    assert.deepEqual(made.notifications(10_000), []);
  });

  test('an interface that the group tracks changes nothing', () => {
    const made = joins(
      engineConfig([one], { syncGroups: [group('VG', ['VI_1'], { trackInterface: [track('eth1')] })] }),
    );
    assert.deepEqual(made.notifications(10_000), []);
  });

  test('a script that has not run yet does not hold up who is MASTER', () => {
    const tracking = { ...one, trackScript: [track('chk')] };
    const made = joins(engineConfig([tracking], { syncGroups: [group('VG', ['VI_1'])], scripts: [script('chk')] }));
    assert.deepEqual(made.notifications(10_000), []);
  });
});

describe('2700: addresses of both families that were there before are taken back by who is not MASTER', () => {
  const inet6 = instance('VI_6', {
    family: 'ipv6',
    version: 3,
    virtualRouterId: 56,
    virtualIpaddress: [address('fe80::100/64'), address('2001:db8::100/64')],
    virtualIpaddressExcluded: [address('192.0.2.106')],
  });
  const left = [ip('fe80::100'), ip('2001:db8::100'), ip('192.0.2.106')];
  const dirty = links.map((facts) => ({ ...facts, addresses: [...facts.addresses, ...left] }));
  const held = (made: Director): readonly string[] => left.filter((entry) => made.holds('eth0', entry));

  test('at the start', () => {
    const made = started(engineConfig([inet6]), 0, dirty);
    assert.equal(made.stateOf('VI_6'), 'BACKUP');
    assert.deepEqual(held(made), []);
  });

  test('of an instance that a reload brings', () => {
    const made = started(engineConfig([one]), 10_000, dirty);
    made.step(reload(engineConfig([one, inet6])), 10_000);
    assert.equal(made.stateOf('VI_6'), 'BACKUP');
    assert.deepEqual(held(made), []);
    assert.deepEqual([made.stateOf('VI_1'), made.holds('eth0', ip('192.0.2.100'))], ['MASTER', true]);
  });

  test('that a reload gives to an instance which is BACKUP', () => {
    const made = started(
      engineConfig([{ ...inet6, virtualIpaddress: [address('fe80::101/64')], virtualIpaddressExcluded: [] }]),
      0,
      dirty,
    );
    assert.equal(held(made).length, 3);
    made.step(reload(engineConfig([inet6])), 1000);
    assert.deepEqual(held(made), []);
  });

  test('but not what another instance is MASTER of', () => {
    const made = started(engineConfig([inet6]), 10_000);
    assert.equal(held(made).length, 3);
    const other = { ...inet6, name: 'VI_7', virtualRouterId: 57 };
    made.step(
      reload(
        engineConfig([{ ...inet6, virtualIpaddress: [address('fe80::101/64'), ...inet6.virtualIpaddress] }, other]),
      ),
      10_000,
    );
    assert.equal(held(made).length, 3);
  });
});

/** All that an engine knows, as text. */
function whole(state: unknown): string {
  return JSON.stringify(state, (_, value: unknown) =>
    value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value,
  );
}

test('658, 839 and 2336: a thousand reloads leave the state as large as it was', () => {
  const withGroup = engineConfig([{ ...one, trackScript: [track('chk')] }, inside], {
    syncGroups: [group('VG', ['VI_1', 'VI_3'])],
    scripts: [script('chk')],
  });
  const other = engineConfig([one, two], { scripts: [script('chk2')] });
  const made = started(withGroup, 0);
  made.step({ type: 'script-result', script: 'chk', ok: true, reason: '' }, 1);
  made.run(10_000);
  /** Times and counters have a digit more now and then. */
  const size = (): number => whole(made.state).replaceAll(/\d+(\.\d+)?/g, '0').length;
  let before = 0;
  for (let k = 1; k <= 1000; k++) {
    const ms = 10_000 + k * 1000;
    made.step(reload(other), ms);
    made.step(reload(withGroup), ms + 1);
    made.step({ type: 'script-result', script: 'chk', ok: true, reason: '' }, ms + 2);
    made.run(ms + 500);
    if (k === 10) before = size();
  }
  assert.equal(size(), before);
  assert.ok(before > 1000);
});
