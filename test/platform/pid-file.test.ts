import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { createPidFile } from '../../src/platform/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-pid-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function textOf(path: string): string {
  const result = createPidFile(path);
  return result.ok ? 'created' : result.error.text;
}

describe('a pid file', () => {
  test('holds our pid, readable for all, until it is removed', () => {
    const path = join(folder, 'own.pid');
    const file = createPidFile(path);
    assert.ok(file.ok);
    assert.equal(readFileSync(path, 'utf8'), `${String(process.pid)}\n`);
    assert.equal(statSync(path).mode & 0o777, 0o644);
    file.value.remove();
    assert.equal(existsSync(path), false);
    file.value.remove();
  });

  test('left by a dead process is taken over', () => {
    const path = join(folder, 'stale.pid');
    writeFileSync(path, '999999999\nand more than a pid\n');
    const file = createPidFile(path);
    assert.ok(file.ok);
    assert.equal(readFileSync(path, 'utf8'), `${String(process.pid)}\n`);
    file.value.remove();
  });

  test('that another process holds says so, with its pid, and is free when that process dies', async () => {
    const path = join(folder, 'held.pid');
    const index = new URL('../../src/platform/index.ts', import.meta.url).href;
    const code = `import(${JSON.stringify(index)}).then((p) => { console.log(p.createPidFile(${JSON.stringify(path)}).ok); setInterval(() => {}, 1000); });`;
    const holder = spawn(process.execPath, [...process.execArgv.filter((a) => a !== '--test'), '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said = await new Promise<string>((resolve) =>
      holder.stdout.once('data', (d) => {
        resolve(String(d));
      }),
    );
    assert.equal(said, 'true\n');
    const refused = createPidFile(path);
    assert.ok(!refused.ok && refused.error.type === 'already-running');
    assert.equal(refused.error.pid, holder.pid);
    assert.equal(refused.error.text, `daemon is already running as process ${String(holder.pid)} (${path} is locked)`);

    const died = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await died;
    const file = createPidFile(path);
    assert.ok(file.ok);
    file.value.remove();
  });

  test('that somebody else has replaced is not removed', () => {
    const path = join(folder, 'replaced.pid');
    const file = createPidFile(path);
    assert.ok(file.ok);
    rmSync(path);
    writeFileSync(path, '1\n');
    file.value.remove();
    assert.equal(readFileSync(path, 'utf8'), '1\n');
  });

  test('behind a symbolic link is refused and the target left alone', () => {
    const target = join(folder, 'target');
    writeFileSync(target, 'precious');
    const path = join(folder, 'link.pid');
    symlinkSync(target, path);
    assert.equal(textOf(path), `pid file ${path} cannot be opened: it is a symbolic link, which is not followed`);
    assert.equal(readFileSync(target, 'utf8'), 'precious');
  });

  test('in a directory that does not exist', () => {
    const path = join(folder, 'no', 'x.pid');
    assert.equal(textOf(path), `pid file ${path} cannot be opened: the directory ${join(folder, 'no')} does not exist`);
  });

  test('that is a directory', () => {
    assert.equal(textOf(folder), `pid file ${folder} cannot be opened: EISDIR`);
  });
});
