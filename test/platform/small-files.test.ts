import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { followFile, makeEmptyFile, readFirstLine, removeFile } from '../../src/platform/index.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchkeeper-small-'));
  file = join(folder, 'f');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the first line of a file', () => {
  for (const [name, text, expected] of [
    ['of several', '10:30:00\nrest\n', '10:30:00'],
    ['without its end', '10:30:00', '10:30:00'],
    ['of an empty file', '', undefined],
    ['that is empty', '\nx', ''],
    ['without end', 'x'.repeat(1e6), 'x'.repeat(256)],
  ] as const) {
    test(name, () => {
      writeFileSync(file, text);
      assert.deepEqual(readFirstLine(file), { ok: true, value: expected });
    });
  }

  test('of a file that is not there is none, and nobody waits for a FIFO', () => {
    assert.deepEqual(readFirstLine(file), { ok: true, value: undefined });
    assert.deepEqual(readFirstLine(join(file, 'g')), { ok: true, value: undefined });
    assert.equal(spawnSync('mkfifo', [file]).status, 0);
    assert.deepEqual(readFirstLine(file), { ok: false, error: 'is not a regular file' });
  });
});

describe('an empty file', () => {
  test('is made, and taken away', () => {
    assert.equal(makeEmptyFile(file).ok, true);
    assert.equal(readFileSync(file, 'utf8'), '');
    assert.equal(removeFile(file).ok, true);
    assert.equal(existsSync(file), false);
    assert.equal(removeFile(file).ok, true);
  });

  test('is what was there before, emptied', () => {
    writeFileSync(file, 'written\n');
    assert.equal(makeEmptyFile(file).ok, true);
    assert.equal(readFileSync(file, 'utf8'), '');
  });

  test('is not what a symbolic link points at, and no FIFO holds us up', () => {
    const precious = join(folder, 'precious');
    writeFileSync(precious, 'precious');
    symlinkSync(precious, file);
    assert.match(errorOf(makeEmptyFile(file)), /f cannot be made: ELOOP/);
    assert.equal(readFileSync(precious, 'utf8'), 'precious');
    rmSync(file);
    assert.equal(spawnSync('mkfifo', [file]).status, 0);
    assert.match(errorOf(makeEmptyFile(file)), /f cannot be made: ENXIO/);
    assert.match(errorOf(makeEmptyFile(join(folder, 'none', 'f'))), /cannot be made: ENOENT/);
    assert.match(errorOf(removeFile(folder)), /cannot be removed: /);
  });
});

function errorOf(result: ReturnType<typeof makeEmptyFile>): string {
  return result.ok ? 'it went' : result.error;
}

describe('a file that is followed', () => {
  async function next(act: () => void, path = file): Promise<void> {
    let unfollow: () => void = () => undefined;
    // Following a file does not keep a process alive.
    const alive = setInterval(() => undefined, 1000);
    await new Promise<void>((resolve) => {
      unfollow = followFile(path, resolve);
      act();
    });
    unfollow();
    clearInterval(alive);
  }

  test('comes, changes, is replaced and goes', async () => {
    await next(() => {
      writeFileSync(file, 'a');
    });
    await next(() => {
      writeFileSync(file, 'bc');
    });
    await next(() => {
      writeFileSync(join(folder, 'new'), 'de');
      renameSync(join(folder, 'new'), file);
    });
    await next(() => {
      rmSync(file);
    });
  });

  test('comes with its folder', async () => {
    const path = join(folder, 'sub', 'f');
    await next(() => {
      mkdirSync(join(folder, 'sub'));
      writeFileSync(path, 'a');
    }, path);
  });
});
