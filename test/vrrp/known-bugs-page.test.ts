import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** docs/known-bugs.md says which test stands for which bug of keepalived. */

const top = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, top), 'utf8');

const rows = read('docs/known-bugs.md')
  .split('\n')
  .flatMap((line) => {
    const [, issues = '', , file = '', name = ''] = line
      .split(' | ')
      .flatMap((cell, k) => (k === 0 ? ['', cell] : [cell]));
    const row = { issues, file: file.trim(), name: name.replace(/ *\|$/, '').trim() };
    return row.file.endsWith('.test.ts') ? [row] : [];
  });

test('each test that docs/known-bugs.md names is there', () => {
  assert.ok(rows.length > 30, `${String(rows.length)} rows`);
  const missing = rows.filter(({ file, name }) => {
    if (!existsSync(new URL(file, top))) return true;
    const text = read(file);
    return !["'", '`', '"'].some((quote) => text.includes(`${quote}${name}${quote}`));
  });
  assert.deepEqual(missing, []);
});

test('each issue that a test is named for is in docs/known-bugs.md', () => {
  const told = new Set(rows.flatMap(({ issues }) => issues.match(/\d+/g) ?? []));
  const files = ['test/vrrp/reload-bugs.test.ts', 'test/vrrp/known-bugs.test.ts', 'test/lvs/reload-bugs.test.ts'];
  const named = files.flatMap((file) =>
    [...read(file).matchAll(/(?:test|describe)\(\s*'((?:\d+(?:, | and |: ))+)/g)].flatMap(
      ([, numbers = '']) => numbers.match(/\d+/g) ?? [],
    ),
  );
  assert.ok(named.length > 20, named.join());
  assert.deepEqual(
    named.filter((issue) => !told.has(issue)),
    [],
  );
});
