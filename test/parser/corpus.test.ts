import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { printLayout, readLayout } from '../../src/parser/index.ts';
import { parseText } from './memory-files.ts';

const corpus = process.env['WATCHKEEPER_CORPUS'] ?? '../shared/corpus';

for (const folder of ['github', 'pqarmitage', 'upstream']) {
  const root = join(corpus, folder);
  const absent = !existsSync(root);
  test(`real configurations: ${folder}`, { skip: absent ? `${root} is not there` : false }, () => {
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(root, name)).isFile(),
    );
    assert.ok(files.length > 50);
    for (const name of files) {
      const bytes = new Uint8Array(readFileSync(join(root, name)));
      parseText(bytes);
      assert.deepEqual(printLayout(readLayout(name, bytes)), bytes, name);
    }
  });
}
