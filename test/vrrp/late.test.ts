import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VrrpInstance } from '../../src/config/index.ts';
import { encodeAdvert, judgesSilence, type InterfaceFacts, type VrrpEffect } from '../../src/vrrp/index.ts';
import { address, engineConfig, group, instance, ip } from './configuration.ts';
import { Director } from './director.ts';

/** timer_expired_backup: a process that was not scheduled for long, and what is waiting for it when it goes on. */

const eth0: InterfaceFacts = { ifname: 'eth0', ifindex: 2, up: true, addresses: [ip('192.0.2.10')] };
const route = { source: ip('192.0.2.20'), destination: ip('224.0.0.18') };

function master(change: Partial<VrrpInstance> = {}): Director {
  const made = new Director(engineConfig([instance('A', { nopreempt: true, ...change })]), [eth0]);
  made.start(0);
  made.run(9999);
  assert.equal(made.stateOf('A'), 'MASTER');
  return made;
}

function hear(
  to: Director,
  nowMs: number,
  priority: number,
  virtualRouterId = 51,
  version: 2 | 3 = 2,
): readonly VrrpEffect[] {
  const addresses = [ip('192.0.2.100')];
  const payload = encodeAdvert({ version, virtualRouterId, priority, advertIntMs: 1000, addresses }, route);
  return to.step({ type: 'packet', ifname: 'eth0', ...route, ttl: 255, payload }, nowMs);
}

function adverts(effects: readonly VrrpEffect[]): number {
  return effects.filter(({ type }) => type === 'send-advert').length;
}

describe('after 20 s without being scheduled', () => {
  for (const [name, change, state, sent] of [
    ['with timer_expired_backup it is BACKUP, and says nothing', { timerExpiredBackup: 254 }, 'BACKUP', 0],
    ['without it the master goes on', {}, 'MASTER', 1],
    ['without nopreempt too', { timerExpiredBackup: 254, nopreempt: false }, 'MASTER', 1],
  ] as const) {
    test(name, () => {
      const made = master(change);
      assert.equal(adverts(made.step({ type: 'timer' }, 30_000)), sent);
      assert.equal(made.stateOf('A'), state);
      assert.equal(made.holds('eth0', ip('192.0.2.100')), state === 'MASTER');
    });
  }

  test('the advert of its successor that is read before the timer is looked at: no word against it', () => {
    const made = master({ timerExpiredBackup: 254 });
    assert.equal(adverts(hear(made, 30_000, 50)), 0);
    made.step({ type: 'timer' }, 30_000);
    for (let nowMs = 31_000; nowMs < 40_000; nowMs += 1000) assert.equal(adverts(hear(made, nowMs, 50)), 0);
    assert.equal(made.stateOf('A'), 'BACKUP');
  });

  test('where there is no other it is MASTER again after the master down interval of the priority that is given', () => {
    for (const [priority, downMs] of [
      [254, 3000 + (2 * 1000) / 256],
      [1, 3000 + (255 * 1000) / 256],
    ] as const) {
      const made = master({ timerExpiredBackup: priority });
      made.step({ type: 'timer' }, 30_000);
      made.run(30_000 + downMs - 1);
      assert.equal(made.stateOf('A'), 'BACKUP');
      made.run(30_000 + downMs);
      assert.equal(made.stateOf('A'), 'MASTER');
    }
  });

  test('its sync group comes along', () => {
    const second = instance('B', { nopreempt: true, virtualRouterId: 52, virtualIpaddress: [address('192.0.2.101')] });
    const made = new Director(
      engineConfig([instance('A', { nopreempt: true, timerExpiredBackup: 254 }), second], {
        syncGroups: [group('G', ['A', 'B'])],
      }),
      [eth0],
    );
    made.start(0);
    made.run(9999);
    made.step({ type: 'timer' }, 30_000);
    assert.deepEqual([made.stateOf('A'), made.stateOf('B')], ['BACKUP', 'BACKUP']);
    assert.ok(made.logs(30_000).some((text) => text.includes('timer_expired_backup')));
  });
});

describe('a backup whose timer is late', () => {
  function backup(advertIntMs: number): { readonly made: Director; readonly dueMs: number } {
    const made = new Director(engineConfig([instance('A', { version: 3, advertIntMs })]), [eth0]);
    made.start(0);
    return { made, dueMs: 3 * advertIntMs + (156 * advertIntMs) / 256 };
  }

  for (const [advertIntMs, lateMs, waitMs] of [
    [10, 0, 0],
    [10, 10, 0],
    [10, 10.5, 20],
    [10, 5000, 20],
    [100, 10, 0],
    [100, 11, 110],
    [1000, 99, 0],
    [1000, 101, 1010],
  ] as const) {
    test(`by ${String(lateMs)} ms at ${String(advertIntMs)} ms: ${waitMs === 0 ? 'MASTER at once' : 'listens one more interval'}`, () => {
      const { made, dueMs } = backup(advertIntMs);
      made.step({ type: 'timer' }, dueMs + lateMs);
      assert.equal(made.stateOf('A'), waitMs === 0 ? 'MASTER' : 'BACKUP');
      assert.equal(
        made.logs().some((text) => text.includes('listening for one more interval')),
        waitMs > 0,
      );
      if (waitMs > 0) made.run(dueMs + lateMs + waitMs - 0.001);
      assert.equal(made.stateOf('A'), waitMs === 0 ? 'MASTER' : 'BACKUP');
      made.run(dueMs + lateMs + waitMs);
      assert.equal(made.stateOf('A'), 'MASTER');
    });
  }

  test('it listens once: a machine that is always late takes over all the same', () => {
    const { made, dueMs } = backup(10);
    made.step({ type: 'timer' }, dueMs + 50);
    made.step({ type: 'timer' }, dueMs + 110);
    assert.equal(made.stateOf('A'), 'MASTER');
  });

  test('an advert in that interval: it stays, and the next lateness counts anew', () => {
    const { made, dueMs } = backup(1000);
    made.step({ type: 'timer' }, dueMs + 500);
    hear(made, dueMs + 900, 200, 51, 3);
    const nextMs = made.deadline ?? 0;
    assert.equal(nextMs, dueMs + 900 + dueMs);
    made.step({ type: 'timer' }, nextMs + 500);
    assert.equal(made.stateOf('A'), 'BACKUP');
  });

  test('what has come is to be read before: from the deadline on, and not while there is nothing to judge', () => {
    const { made, dueMs } = backup(10);
    assert.deepEqual(
      [dueMs - 1, dueMs, dueMs + 1].map((nowMs) => judgesSilence(made.state, nowMs)),
      [false, true, true],
    );
    made.run(dueMs);
    assert.equal(judgesSilence(made.state, dueMs + 10_000), false, 'a master waits for nobody');
  });
});

test('late by less than the others wait: still MASTER', () => {
  const made = master({ timerExpiredBackup: 254 });
  made.step({ type: 'timer' }, (made.deadline ?? 0) + 1900);
  assert.equal(made.stateOf('A'), 'MASTER');
});

describe('masters of a hundred instances that fall silent together', () => {
  const ids = Array.from({ length: 100 }, (_, k) => k + 1);
  const backups = (): Director => {
    const instances = ids.map((id) =>
      instance(`I${String(id)}`, { virtualRouterId: id, virtualIpaddress: [address(`192.0.2.${String(100 + id)}`)] }),
    );
    const made = new Director(engineConfig(instances), [eth0]);
    made.start(0);
    return made;
  };
  const masters = (made: Director): number => made.state.instances.filter(({ state }) => state === 'MASTER').length;

  test('are taken over in several steps, each due at once however long the last one took', () => {
    const made = backups();
    const due = made.deadline ?? assert.fail('no timer');
    for (const [at, count] of [64, 100].entries()) {
      made.step({ type: 'timer' }, due + 200 * at);
      assert.equal(masters(made), count);
      if (count < 100) assert.ok((made.deadline ?? due) <= due + 200 * at);
    }
  });

  test('but not where one is heard meanwhile', () => {
    const made = backups();
    const due = made.deadline ?? assert.fail('no timer');
    made.step({ type: 'timer' }, due);
    const payload = encodeAdvert(
      { version: 2, virtualRouterId: 100, priority: 200, advertIntMs: 1000, addresses: [ip('192.0.2.200')] },
      route,
    );
    made.step({ type: 'packet', ifname: 'eth0', ...route, ttl: 255, payload }, due + 1);
    made.run(due + 1000);
    assert.equal(masters(made), 99);
    assert.equal(made.stateOf('I100'), 'BACKUP');
  });
});
