import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { err, ok, type IpvsSyncDaemon, type Result } from '../../src/core/index.ts';
import { SyncKeeper } from '../../src/daemon/sync-keeper.ts';
import type { NetlinkError } from '../../src/netlink/index.ts';

const settings = { daemon: { interface: 'eth1', syncId: 41 }, vrrpInstance: 'VI_1' };
const failed = (code: string): Result<never, NetlinkError> => err({ errno: 0, code, text: `start: ${code}` });

/** A keeper over a kernel that has one daemon of each role; `refuses` says what the next calls answer. */
function lab(running: readonly IpvsSyncDaemon[] = []) {
  const daemons = new Map(running.map((daemon) => [daemon.role, daemon]));
  const calls: string[] = [];
  const lines: string[] = [];
  const refusals: { readonly code: string; readonly doesIt: boolean }[] = [];
  const waiting: { readonly delayMs: number; readonly again: () => void }[] = [];
  const answer = (call: string, doIt: () => void): Promise<Result<null, NetlinkError>> => {
    calls.push(call);
    const refusal = refusals.shift();
    if (refusal === undefined || refusal.doesIt) doIt();
    return Promise.resolve(refusal === undefined ? ok(null) : failed(refusal.code));
  };
  const keeper = new SyncKeeper({
    open: () =>
      Promise.resolve(
        ok({
          daemons: () => Promise.resolve(ok([...daemons.values()])),
          newDaemon: (daemon: IpvsSyncDaemon) => answer(`start ${daemon.role}`, () => daemons.set(daemon.role, daemon)),
          delDaemon: (role: IpvsSyncDaemon['role']) => answer(`stop ${role}`, () => daemons.delete(role)),
          close: () => calls.push('close'),
        }),
      ),
    log: (level, text) => lines.push(`${level}: ${text}`),
    retry: (delayMs, again) => waiting.push({ delayMs, again }),
  });
  const roles = (): string => [...daemons.keys()].join(' ');
  return { keeper, daemons, calls, lines, refusals, waiting, roles };
}

describe('the keeper of the sync daemons', () => {
  test('follows the instance and stops everything at the end', async () => {
    const { keeper, calls, lines, roles } = lab();
    await keeper.hold(settings, {});
    await keeper.hold(settings, { VI_1: 'BACKUP' });
    assert.equal(roles(), 'backup');
    await keeper.hold(settings, { VI_1: 'MASTER' });
    await keeper.hold(settings, { VI_1: 'MASTER', VI_2: 'BACKUP' });
    assert.equal(roles(), 'master');
    await keeper.release();
    assert.deepEqual(calls, ['start backup', 'stop backup', 'start master', 'stop master', 'close']);
    assert.equal(lines[0], 'info: IPVS sync daemon started: backup on eth1, id 41');
  });

  test('takes up a daemon that runs already, as after a death of the checkers process', async () => {
    const { keeper, calls, roles } = lab([{ role: 'master', interface: 'eth1', syncId: 41, ttl: 1 }]);
    await keeper.hold(settings, { VI_1: 'MASTER' });
    assert.deepEqual(calls, []);
    await keeper.hold(undefined, { VI_1: 'MASTER' });
    assert.equal(roles(), '', 'it is ours from then on: a reload without lvs_sync_daemon stops it');
  });

  test('believes the kernel, and not a missing answer', async () => {
    const { keeper, refusals, roles, waiting } = lab();
    await keeper.hold(settings, { VI_1: 'BACKUP' });
    refusals.push({ code: 'no-answer', doesIt: true });
    await keeper.hold(settings, { VI_1: 'MASTER' });
    assert.equal(roles(), 'master');
    assert.equal(waiting.length, 0);
  });

  test('tries again, later each time, and says why', async () => {
    const { keeper, refusals, roles, waiting, lines } = lab();
    const none = { code: 'ENODEV', doesIt: false };
    refusals.push(none, none);
    await keeper.hold(settings, { VI_1: 'MASTER' });
    assert.deepEqual(lines, ['error: start: ENODEV; trying again in 1 s']);
    waiting.shift()?.again();
    await keeper.hold(settings, { VI_1: 'MASTER' });
    assert.deepEqual(
      waiting.map(({ delayMs }) => delayMs),
      [2000],
    );
    waiting.shift()?.again();
    await keeper.hold(settings, { VI_1: 'MASTER' });
    assert.equal(roles(), 'master');
  });

  test('starts again what somebody else stopped, and says so', async () => {
    const { keeper, daemons, lines, roles } = lab();
    await keeper.hold(settings, { VI_1: 'MASTER' });
    daemons.clear();
    await keeper.check();
    assert.equal(roles(), 'master');
    assert.match(lines.at(-1) ?? '', /started: master on eth1, id 41 \(somebody else changed it\)/);
  });

  test('asks the kernel nothing where nothing is configured', async () => {
    const { keeper, calls, roles } = lab([{ role: 'backup', interface: 'eth0', syncId: 1 }]);
    await keeper.hold(undefined, {});
    await keeper.check();
    await keeper.release();
    assert.deepEqual(calls, []);
    assert.equal(roles(), 'backup');
  });
});
