import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VrrpInstance } from '../../src/config/index.ts';
import { encodeAdvert, type InterfaceFacts, type VrrpEffect } from '../../src/vrrp/index.ts';
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

function hear(to: Director, nowMs: number, priority: number, virtualRouterId = 51): readonly VrrpEffect[] {
  const addresses = [ip('192.0.2.100')];
  const payload = encodeAdvert({ version: 2, virtualRouterId, priority, advertIntMs: 1000, addresses }, route);
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

test('late by less than the others wait: still MASTER', () => {
  const made = master({ timerExpiredBackup: 254 });
  made.step({ type: 'timer' }, (made.deadline ?? 0) + 1900);
  assert.equal(made.stateOf('A'), 'MASTER');
});
