import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { IpvsSyncDaemon } from '../../src/core/index.ts';
import { desiredSyncDaemons, planSyncDaemons, syncDaemonText } from '../../src/lvs/index.ts';
import { ip } from './configs.ts';

const daemon = { interface: 'eth1', syncId: 41 };
const following = { daemon, vrrpInstance: 'VI_1' };
const [master, backup] = [{ role: 'master', ...daemon } as const, { role: 'backup', ...daemon } as const];
/** As the kernel lists a daemon of which nothing else was said. */
const listed = { maxlen: 1472, group: ip('224.0.0.81'), port: 8848, ttl: 1 };
const ours = { configured: true, started: new Set<'master' | 'backup'>() };

describe('the roles that should run', () => {
  for (const [name, settings, states, roles] of [
    ['master while the instance is MASTER', following, { VI_1: 'MASTER' }, ['master']],
    ['backup while it is BACKUP', following, { VI_1: 'BACKUP' }, ['backup']],
    ['backup while it is in FAULT', following, { VI_1: 'FAULT' }, ['backup']],
    ['none before the instance has a state', following, { VI_2: 'MASTER' }, []],
    ['both where no instance is named', { daemon }, { VI_1: 'BACKUP' }, ['master', 'backup']],
    ['none where nothing is configured', undefined, { VI_1: 'MASTER' }, []],
  ] as const) {
    test(name, () => {
      const desired = desiredSyncDaemons(settings, states);
      assert.deepEqual(
        desired.map(({ role }) => role),
        roles,
      );
      for (const one of desired) assert.deepEqual(one, { role: one.role, ...daemon });
    });
  }
});

describe('the operations', () => {
  const start = (wanted: IpvsSyncDaemon) => ({ op: 'start', daemon: wanted });
  const stop = (role: string) => ({ op: 'stop', role });

  for (const [name, desired, actual, operations] of [
    ['nothing runs', [master], [], [start(master)]],
    ['the right one runs, with the values that the kernel fills in', [master], [{ ...master, ...listed }], []],
    ['an old kernel tells no more than interface and id', [master], [master], []],
    [
      'a change of role stops the other one first',
      [master],
      [{ ...backup, ...listed }],
      [stop('backup'), start(master)],
    ],
    ['another id', [master], [{ ...master, ...listed, syncId: 7 }], [stop('master'), start(master)]],
    ['another interface', [master], [{ ...master, ...listed, interface: 'eth0' }], [stop('master'), start(master)]],
    ['another port', [master], [{ ...master, ...listed, port: 9000 }], [stop('master'), start(master)]],
    ['another ttl', [master], [{ ...master, ...listed, ttl: 3 }], [stop('master'), start(master)]],
    ['another group', [master], [{ ...master, ...listed, group: ip('224.0.0.90') }], [stop('master'), start(master)]],
    ['a length that the kernel shortened', [{ ...master, maxlen: 9000 }], [{ ...master, ...listed }], []],
    [
      'a shorter length',
      [{ ...master, maxlen: 1200 }],
      [{ ...master, ...listed }],
      [stop('master'), start({ ...master, maxlen: 1200 })],
    ],
    ['all options as wanted', [{ ...master, ...listed }], [{ ...master, ...listed }], []],
    ['both roles', [master, backup], [{ ...backup, ...listed }], [start(master)]],
    [
      'at the end',
      [],
      [
        { ...master, ...listed },
        { ...backup, ...listed },
      ],
      [stop('master'), stop('backup')],
    ],
  ] as const) {
    test(name, () => {
      assert.deepEqual(planSyncDaemons(desired, actual, ours), operations);
    });
  }

  test("where nothing is configured, another's daemon runs on and ours is stopped", () => {
    const both = [master, { ...backup, syncId: 78 }];
    const started = new Set(['master'] as const);
    assert.deepEqual(planSyncDaemons([], both, { configured: false, started }), [stop('master')]);
  });
});

test('the log says what is not as the kernel would have it', () => {
  assert.equal(syncDaemonText(master), 'master on eth1, id 41');
  assert.equal(
    syncDaemonText({ ...backup, ...listed }),
    'backup on eth1, id 41, maxlen 1472, port 8848, ttl 1, group 224.0.0.81',
  );
});
