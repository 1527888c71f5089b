import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { TlsContexts } from '../../src/checkers/index.ts';

describe('the files of the SSL block', () => {
  test('none are needed', () => {
    assert.ok(new TlsContexts(undefined).get().ok);
  });

  test('one that does not exist is named, and is taken once it is there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-ssl-'));
    try {
      const ca = join(folder, 'ca.pem');
      const contexts = new TlsContexts({ ca });
      const missing = contexts.get();
      assert.equal(
        missing.ok ? '' : missing.error,
        `the file '${ca}' of the SSL block cannot be read: it does not exist`,
      );
      writeFileSync(ca, '');
      assert.ok(contexts.get().ok);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('one that is no key is named, and a password never', () => {
    const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-ssl-'));
    try {
      const key = join(folder, 'key.pem');
      writeFileSync(key, 'not a key\n');
      const bad = new TlsContexts({ key, password: 'secret' }).get();
      assert.ok(!bad.ok);
      assert.match(bad.error, /the files of the SSL block \(.*key\.pem\) cannot be used: /);
      assert.doesNotMatch(bad.error, /secret/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
