import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync, chmodSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { openStateFile, StateFile } from '../../src/daemon/state-file.ts';
import { ok } from '../../src/core/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-state-'));
after(() => {
  rmSync(folder, { recursive: true });
});

describe('the file of a part that leaves', () => {
  const said: string[] = [];
  const open = (name: string, boot = 'b'): StateFile<'vrrp'> =>
    openStateFile('vrrp', {}, { path: join(folder, name), boot }, (level, text) => said.push(`${level} ${text}`));

  test('is for its owner alone, holds the last word, and goes', async () => {
    const written = open('one');
    void written.update({ firewall: 'keepalived' });
    void written.update({ leftAtMs: 5 });
    await written.update({ states: { A: 'MASTER' }, firewall: undefined });
    assert.equal(statSync(join(folder, 'one')).mode & 0o777, 0o600);
    assert.deepEqual(open('one').read(), { leftAtMs: 5, states: { A: 'MASTER' } });
    await written.remove();
    assert.equal(open('one').read(), undefined);
    assert.deepEqual(said, []);
  });

  const plant = (name: string, how: (path: string) => void): (() => void) => {
    return () => {
      how(join(folder, name));
      said.length = 0;
      assert.equal(open(name).read(), undefined);
      assert.equal(said.length, 1);
      assert.match(said[0] ?? '', new RegExp(`^warning .*/${name} is not used: `));
    };
  };
  const good = JSON.stringify({ format: 1, part: 'vrrp', boot: 'b', left: {} });
  test(
    'a link is not followed',
    plant('link', (path) => {
      writeFileSync(join(folder, 'target'), good, { mode: 0o600 });
      symlinkSync(join(folder, 'target'), path);
    }),
  );
  test(
    'one that others can write is not believed',
    plant('open', (path) => {
      writeFileSync(path, good);
      chmodSync(path, 0o666);
    }),
  );
  test(
    'a folder is none',
    plant('folder', (path) => {
      mkdirSync(path);
    }),
  );
  test(
    'rubbish is told once',
    plant('rubbish', (path) => {
      writeFileSync(path, '\0'.repeat(100), { mode: 0o600 });
    }),
  );

  test('a link in its place gives way and is not written to', async () => {
    writeFileSync(join(folder, 'precious'), 'precious');
    symlinkSync(join(folder, 'precious'), join(folder, 'two'));
    await open('two').update({ leftAtMs: 1 });
    assert.equal(readFileSync(join(folder, 'precious'), 'utf8'), 'precious');
    assert.deepEqual(open('two').read(), { leftAtMs: 1 });
  });

  test('what has not changed is not written again', async () => {
    const writes: string[] = [];
    const quiet = new StateFile(
      'checkers',
      {},
      {
        path: '/x',
        boot: 'b',
        log: () => undefined,
        read: () => ok(undefined),
        write: (_, text) => {
          writes.push(text);
          return Promise.resolve(ok(undefined));
        },
        remove: () => ok(undefined),
      },
    );
    await quiet.update({ services: ['a'] });
    await quiet.update({ services: ['a'] });
    await quiet.update({ services: ['b'] });
    assert.equal(writes.length, 2);
  });
});
