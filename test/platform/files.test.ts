import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { interfaceIndex, readSysctl, writeFileSafely, writeSysctl } from '../../src/platform/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-files-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a dump', () => {
  test('is readable for its owner only, also where a readable file was before', async () => {
    const path = join(folder, 'dump');
    writeFileSync(path, 'old', { mode: 0o666 });
    const before = statSync(path).ino;
    assert.deepEqual(await writeFileSafely(path, 'new'), { ok: true, value: undefined });
    assert.equal(readFileSync(path, 'utf8'), 'new');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.notEqual(statSync(path).ino, before);
  });

  test('takes the place of a symbolic link, and does not follow it', async () => {
    const target = join(folder, 'precious');
    writeFileSync(target, 'precious');
    const path = join(folder, 'link');
    symlinkSync(target, path);
    assert.deepEqual(await writeFileSafely(path, 'x'), { ok: true, value: undefined });
    assert.equal(lstatSync(path).isFile(), true);
    assert.equal(readFileSync(path, 'utf8'), 'x');
    assert.equal(readFileSync(target, 'utf8'), 'precious');
  });

  test('says what is in its way, and leaves nothing behind', async () => {
    const inside = join(folder, 'inside');
    mkdirSync(join(inside, 'directory'), { recursive: true });
    const path = join(inside, 'directory');
    assert.deepEqual(await writeFileSafely(path, 'x'), {
      ok: false,
      error: `${path} cannot be written: a folder is there`,
    });
    assert.deepEqual(readdirSync(inside), ['directory']);
    const lost = join(folder, 'no', 'dump');
    assert.deepEqual(await writeFileSafely(lost, 'x'), {
      ok: false,
      error: `${lost} cannot be written: ${join(folder, 'no')} does not exist`,
    });
  });
});

describe('kernel settings', () => {
  test('are read without their line end', () => {
    assert.deepEqual(readSysctl(['kernel', 'ostype']), { ok: true, value: 'Linux' });
  });

  for (const key of [[], [''], ['..', 'version'], ['kernel', '../../etc/passwd'], ['kernel', 'a\0b']]) {
    test(`a name that leads elsewhere is refused: ${JSON.stringify(key)}`, () => {
      const error = `'${key.join('/')}' is not the name of a kernel setting`;
      assert.deepEqual(readSysctl(key), { ok: false, error });
      assert.deepEqual(writeSysctl(key, '1'), { ok: false, error });
    });
  }

  test('one that does not exist', () => {
    assert.deepEqual(writeSysctl(['net', 'ipv4', 'conf', 'no-such', 'arp_ignore'], '1'), {
      ok: false,
      error: "/proc/sys/net/ipv4/conf/no-such/arp_ignore cannot be set to '1': ENOENT",
    });
  });
});

describe('interface indices', () => {
  test('the loopback is the first interface', () => {
    assert.deepEqual(interfaceIndex('lo'), { ok: true, value: 1 });
  });
  test('an unknown name', () => {
    assert.deepEqual(interfaceIndex('no-such-if'), { ok: false, error: 'interface no-such-if does not exist' });
  });
});
