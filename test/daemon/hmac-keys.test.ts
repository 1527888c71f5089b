import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { withKeyFiles } from '../../src/daemon/hmac-keys.ts';
import { readSecret } from '../../src/platform/index.ts';
import { loadText } from '../config/load-text.ts';

const secret = 'a key that is 40 bytes long, as it seems';
const hexOf = (text: string): string => Buffer.from(text).toString('hex');

describe('keys of auth_hmac in files', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'watchkeeper-keys-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  function read(path: string): ReturnType<typeof withKeyFiles> {
    const { config } = loadText(
      `vrrp_instance A {\n interface eth0\n virtual_router_id 5\n auth_hmac {\n key 1 file:${path}\n active_key 1\n }\n virtual_ipaddress {\n 10.0.0.1\n }\n}\n`,
    );
    return withKeyFiles(config.vrrp, readSecret);
  }

  for (const [name, content, mode, key, told] of [
    ['bytes', secret, 0o600, hexOf(secret), undefined],
    ['bytes and a line end', `${secret}\n`, 0o400, hexOf(secret), undefined],
    ['bytes and the other line end', `${secret}\r\n`, 0o400, hexOf(secret), undefined],
    ['digits', `hex:${hexOf(secret).toUpperCase()}\n`, 0o600, hexOf(secret), undefined],
    ['a file that others may read', secret, 0o644, hexOf(secret), /others may read .*chmod 0600/],
    ['31 bytes', 'x'.repeat(31), 0o600, undefined, /holds 31 bytes, a key has 32 to 64/],
    ['65 bytes', 'x'.repeat(65), 0o600, undefined, /holds 65 bytes/],
    ['nothing', '', 0o600, undefined, /holds 0 bytes/],
    ['a large file', 'x'.repeat(100_000), 0o600, undefined, /longer than 160 bytes/],
  ] as const) {
    test(name, () => {
      const path = join(folder, 'key');
      rmSync(path, { force: true });
      writeFileSync(path, content, { mode });
      const { vrrp, errors, warnings } = read(path);
      const keys = vrrp.instances[0]?.authHmac?.keys;
      assert.deepEqual(keys, key === undefined ? [] : [{ id: 1, key: { from: 'hex', hex: key } }]);
      const words = [...errors, ...warnings].join();
      assert.match(words, told ?? /^$/);
      assert.ok(!words.includes(secret) && !words.includes(hexOf(secret)));
    });
  }

  test('what is no file is not waited for', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    assert.match(read(pipe).errors.join(), /key 1 of auth_hmac of vrrp_instance A: .*pipe is not a regular file/);
    assert.match(read(folder).errors.join(), /is not a regular file/);
    assert.match(read(join(folder, 'none')).errors.join(), /none cannot be read: it does not exist/);
  });
});
