import assert from 'node:assert/strict';
import { after, beforeEach, describe, mock, test } from 'node:test';
import { ServiceStatus } from '../../src/daemon/service-status.ts';
import type { PartName } from '../../src/daemon/supervision.ts';

function rig(watchdogMs?: number) {
  const told: string[] = [];
  let parts: readonly PartName[] = ['vrrp', 'checkers'];
  const status = new ServiceStatus({
    tell: (...lines) => told.push(lines.join(' ')),
    pid: 7,
    monotonicMicros: () => 42n,
    watchdogMs,
    ping: () => parts,
  });
  const take = (): readonly string[] => told.splice(0);
  return {
    status,
    take,
    run: (...running: readonly PartName[]) => {
      parts = running;
    },
  };
}

describe('systemd', () => {
  beforeEach(() => {
    mock.timers.reset();
    mock.timers.enable({ apis: ['setInterval'] });
  });
  after(() => {
    mock.timers.reset();
  });

  test('hears that the daemon is ready when all its parts are, once', () => {
    const { status, take } = rig();
    status.starting(['vrrp', 'checkers']);
    status.partReady('checkers');
    assert.deepEqual(take(), ['MAINPID=7 STATUS=Starting']);
    status.partReady('vrrp');
    status.partReady('vrrp');
    assert.deepEqual(take(), ['READY=1 STATUS=Running']);
  });

  test('hears at once that a daemon without work is ready', () => {
    const { status, take } = rig();
    status.starting([]);
    assert.deepEqual(take(), ['MAINPID=7 STATUS=Starting', 'READY=1 STATUS=Running']);
  });

  test('hears of reloads, states and the stop', () => {
    const { status, take } = rig();
    status.starting([]);
    take();
    status.reloading();
    status.reloaded('Running');
    status.states(['MASTER', 'BACKUP', 'MASTER']);
    status.stopping();
    assert.deepEqual(take(), [
      'RELOADING=1 MONOTONIC_USEC=42 STATUS=Reloading',
      'READY=1 STATUS=Running',
      'STATUS=VRRP: 2 MASTER, 1 BACKUP',
      'STOPPING=1 STATUS=Stopping',
    ]);
  });

  test('hears that we live while all parts answer', () => {
    const { status, take, run } = rig(4000);
    status.starting([]);
    take();
    mock.timers.tick(1000);
    assert.deepEqual(take(), ['WATCHDOG=1']);
    status.alive('vrrp');
    mock.timers.tick(3000);
    assert.deepEqual(take(), []);
    status.alive('checkers');
    mock.timers.tick(1000);
    assert.deepEqual(take(), ['WATCHDOG=1']);
    run('vrrp');
    status.gone('checkers');
    status.alive('vrrp');
    mock.timers.tick(1000);
    assert.deepEqual(take(), ['WATCHDOG=1']);
    status.close();
    mock.timers.tick(9000);
    assert.deepEqual(take(), []);
  });
});
