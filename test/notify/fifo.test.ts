import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  closeSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { FifoWriter, type FifoAccess, type MakeFifo } from '../../src/notify/index.ts';

const isRoot = process.getuid?.() === 0;
const folder = mkdtempSync(join(tmpdir(), 'fifo-test-'));
after(() => {
  rmSync(folder, { recursive: true });
});

const makeFifo: MakeFifo = (path, mode) => {
  if (existsSync(path)) throw Object.assign(new Error('exists'), { code: 'EEXIST' });
  execFileSync('mkfifo', ['-m', mode.toString(8), path]);
};

function open(name: string, access: FifoAccess = { mode: 0o600 }) {
  const lines: string[] = [];
  const path = join(folder, name);
  const fifo = FifoWriter.open({ path, makeFifo, access, log: (level, text) => lines.push(`${level}: ${text}`) });
  return { path, fifo, lines };
}

function readAll(path: string): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(1 << 20);
  try {
    return buffer.toString('utf8', 0, readSync(fd, buffer));
  } finally {
    closeSync(fd);
  }
}

describe('a notify FIFO', () => {
  test('is made, holds lines for a reader that comes later, and is removed again', () => {
    const { path, fifo } = open('made');
    assert.ok(fifo !== undefined);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    fifo.write('GROUP "VG1" MASTER 0\n');
    fifo.write('VS a UP\n');
    assert.equal(readAll(path), 'GROUP "VG1" MASTER 0\nVS a UP\n');
    fifo.close();
    assert.equal(existsSync(path), false);
  });

  test('is for whom it is meant, whatever the umask is', () => {
    const before = process.umask(0o77);
    const { path, fifo } = open('meant', { mode: 0o640, ...(isRoot ? { owner: { uid: 65_534, gid: 65_533 } } : {}) });
    process.umask(before);
    const { mode, uid, gid } = statSync(path);
    assert.equal(mode & 0o777, 0o640);
    if (isRoot) assert.deepEqual([uid, gid], [65_534, 65_533]);
    fifo?.close();
  });

  test('that was there before stays as it is', () => {
    const path = join(folder, 'theirs');
    execFileSync('mkfifo', ['-m', '666', path]);
    const { fifo } = open('theirs', { mode: 0o600, ...(isRoot ? { owner: { uid: 65_534, gid: 65_534 } } : {}) });
    fifo?.write('VS a UP\n');
    fifo?.close();
    const { mode, uid } = statSync(path);
    assert.deepEqual([mode & 0o777, uid], [0o666, process.getuid?.()]);
  });

  test('is not written where somebody put a file, which stays as it is', () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'precious');
    const { fifo, lines } = open('file');
    assert.equal(fifo, undefined);
    assert.deepEqual(lines, [
      `error: notify FIFO ${path} is not a FIFO: remove what is there; no events are written to it`,
    ]);
    assert.equal(readFileSync(path, 'utf8'), 'precious');
  });

  test('is not followed through a symbolic link', () => {
    const target = join(folder, 'target');
    execFileSync('mkfifo', [target]);
    symlinkSync(target, join(folder, 'link'));
    const { fifo, lines } = open('link');
    assert.equal(fifo, undefined);
    assert.match(lines[0] ?? '', /is a symbolic link/);
  });

  test('in a folder that is not there is an error in the log, no more', () => {
    const { fifo, lines } = open('missing/fifo');
    assert.equal(fifo, undefined);
    assert.match(lines[0] ?? '', /cannot be made/);
  });

  test('that nobody reads loses its oldest lines once it is full, says so once, and never waits', () => {
    const { path, fifo, lines } = open('full');
    assert.ok(fifo !== undefined);
    const count = 10_000;
    for (let i = 0; i < count; i++) fifo.write(`INSTANCE "VI_1" MASTER ${String(i)}\n`);
    assert.deepEqual(lines, [`warning: notify FIFO ${path} is full and nobody reads it: its oldest lines are lost`]);
    assert.match(readAll(path), /^INSTANCE "VI_1" MASTER 0\n/);
    fifo.write('INSTANCE "VI_1" BACKUP 100\n');
    const rest = readAll(path);
    assert.match(rest, /MASTER 9999\nINSTANCE "VI_1" BACKUP 100\n$/);
    for (const line of rest.trimEnd().split('\n')) assert.match(line, /^INSTANCE "VI_1" (MASTER|BACKUP) \d+$/);
    fifo.close();
  });
});
