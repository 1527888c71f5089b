import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { diskFiles } from '../../src/platform/index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'watchkeeper-glob-'));
for (const name of ['d/b.conf', 'd/a.conf', 'd/.hidden.conf', 'd/c[1].conf', 'e/a.conf', `e/${'a'.repeat(200)}`]) {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), '');
}
after(() => {
  rmSync(folder, { recursive: true });
});

describe('the files that a pattern names', () => {
  const rows: readonly (readonly [pattern: string, ...files: string[]])[] = [
    ['d/a.conf', 'd/a.conf'],
    ['d/none.conf'],
    ['d/*.conf', 'd/a.conf', 'd/b.conf', 'd/c[1].conf'],
    ['d/.*.conf', 'd/.hidden.conf'],
    ['?/a.conf', 'd/a.conf', 'e/a.conf'],
    ['{e,d}/a.conf', 'e/a.conf', 'd/a.conf'],
    ['d/[a-b].conf', 'd/a.conf', 'd/b.conf'],
    ['d/[!a].conf', 'd/b.conf'],
    ['d/c\\[1\\].conf', 'd/c[1].conf'],
    ['d/[z-a].conf'],
    ['d/[a.conf'],
    ['*/../*/../d/a.conf', 'd/a.conf'],
    [`e/${'*a'.repeat(60)}*b`],
    [`e/${'*a'.repeat(60)}*`, `e/${'a'.repeat(200)}`],
    ['{a,b}'.repeat(40)],
    ['a\0b'],
    ['x'.repeat(300)],
    ['x/'.repeat(3000)],
  ];
  for (const [pattern, ...files] of rows) {
    test(pattern.slice(0, 40), () => {
      assert.deepEqual(
        diskFiles.glob(pattern, folder),
        files.map((name) => path.join(folder, name)),
      );
    });
  }
});
