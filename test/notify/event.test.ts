import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VrrpConfig, VrrpInstance, VrrpSyncGroup } from '../../src/config/index.ts';
import { fifoLine, scriptsFor, type Notice } from '../../src/notify/index.ts';

const scripts = {
  notifyMaster: { argv: ['/m.sh', 'a b'] },
  notifyBackup: { argv: ['/b.sh'] },
  notifyFault: { argv: ['/f.sh'] },
  notifyStop: { argv: ['/s.sh'] },
  notifyDeleted: { argv: ['/d.sh'] },
  notifyMasterRxLowerPri: { argv: ['/rx.sh'] },
  notify: { argv: ['/n.sh', 'x'], user: 'nobody' },
};

function config(names: { instances?: readonly string[]; groups?: readonly string[] }): VrrpConfig {
  // Only names and scripts are looked at.
  return {
    instances: (names.instances ?? []).map((name) => ({ name, ...scripts }) as unknown as VrrpInstance),
    syncGroups: (names.groups ?? []).map((name) => ({ name, ...scripts }) as unknown as VrrpSyncGroup),
  } as unknown as VrrpConfig;
}

const both = config({ instances: ['VI_1'], groups: ['VG1'] });

describe('the scripts of an event', () => {
  const rows: readonly { readonly notice: Notice; readonly run: readonly string[] }[] = [
    {
      notice: { object: 'INSTANCE', name: 'VI_1', state: 'MASTER', priority: 150 },
      run: ['/m.sh|a b', '/n.sh|x|INSTANCE|VI_1|MASTER|150'],
    },
    {
      notice: { object: 'INSTANCE', name: 'VI_1', state: 'STOP', priority: 100 },
      run: ['/s.sh', '/n.sh|x|INSTANCE|VI_1|STOP|100'],
    },
    {
      notice: { object: 'INSTANCE', name: 'VI_1', state: 'DELETED', priority: 100 },
      run: ['/d.sh', '/n.sh|x|INSTANCE|VI_1|DELETED|100'],
    },
    {
      notice: { object: 'GROUP', name: 'VG1', state: 'FAULT', priority: 0 },
      run: ['/f.sh', '/n.sh|x|GROUP|VG1|FAULT|0'],
    },
    { notice: { object: 'INSTANCE', name: 'VI_1', state: 'MASTER_RX_LOWER_PRI', priority: 1 }, run: ['/rx.sh'] },
    { notice: { object: 'INSTANCE', name: 'VI_1', state: 'MASTER_PRIORITY', priority: 1 }, run: [] },
    { notice: { object: 'GROUP', name: 'VI_1', state: 'MASTER', priority: 0 }, run: [] },
    { notice: { object: 'VS', virtualServer: 'v', state: 'UP' }, run: [] },
    {
      notice: { object: 'RS', virtualServer: 'v', realServer: 'r', state: 'DOWN', script: { argv: ['/rs'] } },
      run: ['/rs'],
    },
  ];
  for (const { notice, run } of rows) {
    test(`${notice.object} ${notice.state}: ${run.join(', ') || 'none'}`, () => {
      assert.deepEqual(
        scriptsFor(notice, [both]).map(({ argv }) => argv.join('|')),
        run,
      );
    });
  }

  test('the user of a script stays with it', () => {
    const [, notify] = scriptsFor({ object: 'INSTANCE', name: 'VI_1', state: 'MASTER', priority: 1 }, [both]);
    assert.equal(notify?.user, 'nobody');
  });

  test('an instance that is gone from the file has its scripts from the file before', () => {
    const notice = { object: 'INSTANCE', name: 'VI_1', state: 'FAULT', priority: 1 } as const;
    assert.equal(scriptsFor(notice, [config({}), both]).length, 2);
  });
});

test('FIFO lines are the reference’s, byte for byte', () => {
  assert.equal(
    fifoLine({ object: 'INSTANCE', name: 'VI 1', state: 'MASTER', priority: 150 }),
    'INSTANCE "VI 1" MASTER 150\n',
  );
  assert.equal(fifoLine({ object: 'GROUP', name: 'VG1', state: 'BACKUP', priority: 0 }), 'GROUP "VG1" BACKUP 0\n');
  assert.equal(
    fifoLine({ object: 'VS', virtualServer: '[10.0.0.1]:tcp:80', state: 'UP' }),
    'VS [10.0.0.1]:tcp:80 UP\n',
  );
  assert.equal(
    fifoLine({ object: 'RS', realServer: '[1.2.3.4]:tcp:80', virtualServer: '[10.0.0.1]:tcp:80', state: 'DOWN' }),
    'RS [1.2.3.4]:tcp:80 [10.0.0.1]:tcp:80 DOWN\n',
  );
});
