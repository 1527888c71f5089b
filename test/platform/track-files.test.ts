import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { TrackFiles } from '../../src/platform/index.ts';
import { readNumber, readNumberNow } from '../../src/platform/number-file.ts';

let folder = '';
let file = '';
const seen: number[] = [];
let troubles: string[] = [];
let files: TrackFiles;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchkeeper-track-'));
  file = join(folder, 'sub', 'f');
  mkdirSync(join(folder, 'sub'));
  seen.length = 0;
  troubles = [];
  files = new TrackFiles({
    onValue: (name, value) => {
      assert.equal(name, 'f');
      seen.push(value);
    },
    onTrouble: (_, text) => troubles.push(text),
  });
});
afterEach(() => {
  files.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function until(done: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!done()) {
    assert.ok(Date.now() < deadline, `${what}; seen: ${seen.join(' ')}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function becomes(value: number): Promise<void> {
  await until(() => seen.at(-1) === value, `it becomes ${String(value)}`);
  assert.equal(files.values()['f'], value);
}

describe('the number in a file', () => {
  for (const [text, value] of [
    ['5\n', 5],
    ['-50', -50],
    ['  9\n', 9],
    ['+8', 8],
    ['7x', 7],
    ['1.9', 1],
    ['abc', 0],
    ['', 0],
    ['-', 0],
    ['-0', 0],
    ['0x10', 16],
    ['-0x10', -16],
    ['010', 8],
    ['08', 0],
    ['2147483648', 2 ** 31],
    ['-2147483648', -(2 ** 31)],
    ['\0'.repeat(1e6), 0],
  ] as const) {
    test(`${JSON.stringify(text.slice(0, 20))} is ${String(value)}`, async () => {
      writeFileSync(file, text);
      assert.equal(readNumberNow(file).value, value);
      assert.equal((await readNumber(file)).value, value);
    });
  }

  test('one that is too much is not used, and says so', () => {
    writeFileSync(file, '99999999999999\n');
    const { value, trouble } = readNumberNow(file);
    assert.equal(value, undefined);
    assert.equal(trouble, 'holds 99999999999999, which is too much: it does not change');
  });

  test('what is no file counts as 0, and nobody waits for a FIFO', async () => {
    assert.equal(spawnSync('mkfifo', [file]).status, 0);
    assert.match(readNumberNow(file).trouble ?? '', /not a regular file/);
    assert.match((await readNumber(file)).trouble ?? '', /not a regular file/);
    assert.match(readNumberNow(folder).trouble ?? '', /not a regular file/);
  });
});

describe('files that are followed', () => {
  test('what they hold at the beginning is known, and no change', () => {
    writeFileSync(file, '4');
    files.follow([{ name: 'f', file }]);
    assert.deepEqual(files.values(), { f: 4 });
    assert.deepEqual(seen, []);
  });

  test('made, written, replaced and removed', async () => {
    files.follow([{ name: 'f', file }]);
    assert.deepEqual(files.values(), { f: 0 });
    writeFileSync(file, '1');
    await becomes(1);
    writeFileSync(file, '2');
    await becomes(2);
    writeFileSync(`${file}.new`, '3');
    renameSync(`${file}.new`, file);
    await becomes(3);
    unlinkSync(file);
    await becomes(0);
    writeFileSync(file, '4');
    await becomes(4);
  });

  test('a file that is emptied and then written has no value in between', async () => {
    writeFileSync(file, '1');
    files.follow([{ name: 'f', file }]);
    writeFileSync(file, '');
    await new Promise((resolve) => setTimeout(resolve, 10));
    writeFileSync(file, '2');
    await becomes(2);
    assert.deepEqual(seen, [2]);
  });

  test('a folder that is not there yet, goes, and comes again as another', async () => {
    rmSync(join(folder, 'sub'), { recursive: true });
    files.follow([{ name: 'f', file }]);
    mkdirSync(join(folder, 'sub'));
    writeFileSync(file, '1');
    await becomes(1);
    renameSync(join(folder, 'sub'), join(folder, 'old'));
    await becomes(0);
    mkdirSync(join(folder, 'sub'));
    writeFileSync(file, '2');
    await becomes(2);
    writeFileSync(file, '3');
    await becomes(3);
  });

  test('a link that comes to lead elsewhere', async () => {
    writeFileSync(join(folder, 'one'), '1');
    writeFileSync(join(folder, 'two'), '2');
    symlinkSync(join(folder, 'one'), file);
    files.follow([{ name: 'f', file }]);
    assert.deepEqual(files.values(), { f: 1 });
    writeFileSync(join(folder, 'one'), '5');
    await becomes(5);
    symlinkSync(join(folder, 'two'), `${file}.new`);
    renameSync(`${file}.new`, file);
    await becomes(2);
  });

  test('trouble is said once', async () => {
    writeFileSync(file, '1');
    files.follow([{ name: 'f', file }]);
    writeFileSync(file, '99999999999');
    await until(() => troubles.length > 0, 'the number is too much');
    writeFileSync(file, '99999999999');
    writeFileSync(join(folder, 'sub', 'g'), '');
    writeFileSync(file, '2');
    await becomes(2);
    assert.deepEqual(troubles, [`${file} holds 99999999999, which is too much: it does not change`]);
    assert.deepEqual(seen, [2]);
  });

  test('a reload goes on with other files', async () => {
    const other = join(folder, 'sub', 'other');
    writeFileSync(file, '1');
    files.follow([{ name: 'f', file }]);
    files.follow([{ name: 'f', file: other }]);
    assert.deepEqual(files.values(), { f: 0 });
    writeFileSync(file, '9');
    writeFileSync(other, '2');
    await becomes(2);
    assert.deepEqual(seen, [2]);
  });
});

describe('init_file', () => {
  test('makes a file that is missing, for its owner only, and leaves one that is there', () => {
    files.follow([{ name: 'f', file, initFile: { value: 5, overwrite: false } }]);
    assert.deepEqual(files.values(), { f: 5 });
    assert.equal(statSync(file).mode & 0o777, 0o600);
    files.follow([{ name: 'f', file, initFile: { value: 6, overwrite: false } }]);
    assert.deepEqual(files.values(), { f: 5 });
  });

  test('overwrite does so at the start, and not at a reload', () => {
    writeFileSync(file, '1', { mode: 0o644 });
    const tracked = [{ name: 'f', file, initFile: { value: 7, overwrite: true } }];
    files.follow(tracked);
    assert.equal(readFileSync(file, 'utf8'), '7\n');
    writeFileSync(file, '8');
    files.follow(tracked);
    assert.deepEqual(files.values(), { f: 8 });
  });

  test('says where it cannot be made', () => {
    const lost = join(folder, 'none', 'f');
    files.follow([{ name: 'f', file: lost, initFile: { value: 7, overwrite: false } }]);
    assert.deepEqual(troubles, [`${lost} cannot be made: ENOENT`]);
    assert.ok(!existsSync(lost));
  });
});
