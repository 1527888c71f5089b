import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { loadMarked, passesReloadCheck } from '../../src/daemon/reload-files.ts';
import { loadText } from '../config/load-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-reload-'));

describe('files of a reload', () => {
  after(() => {
    rmSync(folder, { recursive: true });
  });

  test('reload_file is there, and empty, while a configuration is read', () => {
    const path = join(folder, 'reading');
    const log: string[] = [];
    for (const before of [undefined, 'from whoever writes the configuration']) {
      if (before !== undefined) writeFileSync(path, before);
      let during = 'not there';
      const read = loadMarked(
        path,
        () => {
          during = readFileSync(path, 'utf8');
          return loadText('');
        },
        (_, text) => log.push(text),
      );
      assert.equal(read.usable, true);
      assert.equal(during, '');
      assert.equal(existsSync(path), false);
    }
    assert.deepEqual(log, []);
  });

  test('one that cannot be made is told, and keeps nobody from reading', () => {
    const log: string[] = [];
    const read = loadMarked(
      join(folder, 'none', 'reading'),
      () => loadText(''),
      (_, text) => log.push(text),
    );
    assert.equal(read.usable, true);
    assert.match(log[0] ?? '', /^reload_file: .*cannot be made: ENOENT/);
  });

  const instance =
    'vrrp_instance A {\n interface eth0\n virtual_router_id 5\n virtual_ipaddress {\n  10.0.0.1\n }\n}\n';
  for (const [name, more, passes] of [
    ['nothing wrong', '', true],
    ['an unknown keyword, with which the daemon would run', 'no_such_keyword\n', false],
    ['scripts without script security', 'vrrp_script s {\n script "/bin/true"\n}\n', false],
  ] as const) {
    test(`reload_check_config and ${name}`, async () => {
      const path = join(folder, 'findings');
      const before = loadText(`global_defs {\n reload_check_config ${path}\n}\n`).config.global;
      const log: string[] = [];
      const taken = passesReloadCheck(loadText(`${instance}${more}`), before, (_, text) => log.push(text));
      assert.equal(taken, passes);
      while (!existsSync(path)) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(readFileSync(path, 'utf8') === '', passes);
      assert.equal(statSync(path).mode & 0o777, 0o600);
      rmSync(path);
      const words = [`New config failed validation, see ${path} for details: the running one stays`];
      assert.deepEqual(log, passes ? [] : words);
    });
  }

  test('without reload_check_config the reload itself decides', () => {
    const { global } = loadText('').config;
    assert.equal(
      passesReloadCheck(loadText('no_such_keyword\n'), global, () => undefined),
      true,
    );
  });
});
