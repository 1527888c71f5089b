import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { err, ok } from '../../src/core/index.ts';
import { parseConfig } from '../../src/parser/index.ts';
import { parseText, shape } from './memory-files.ts';

const files = { '/etc/k/d/a.conf': 'a\ninclude b.inc\n', '/etc/k/d/b.inc': 'b ${_PWD}\n', '/etc/k/d/c.conf': 'c' };

describe('includes', () => {
  const rows: readonly (readonly [name: string, text: string, tree: string])[] = [
    ['relative to the file that includes', 'include d/a.conf\nx', 'a; b /etc/k/d; x'],
    ['a pattern, sorted', 'include d/*.conf', 'a; b /etc/k/d; c'],
    ['alternatives, in their order', 'include d/{c,a}.conf', 'c; a; b /etc/k/d'],
    ['inside a block', 'x {\n include d/c.conf # why\n}', 'x { c }'],
    ['a name out of a definition', '$D=d\ninclude ${D}/c.conf', 'c'],
    ['a conditional include', '@me include d/c.conf\n@you include d/a.conf', 'c'],
    ['no file name', 'include', 'include'],
    ['another letter', 'includex d/c.conf', 'includex d/c.conf'],
  ];
  for (const [name, text, tree] of rows) {
    test(name, () => {
      const parsed = parseText(text, { files });
      assert.equal(shape(parsed.tree.statements), tree);
      assert.deepEqual(parsed.diagnostics, []);
    });
  }

  test('quotes are part of the name', () => {
    const { diagnostics } = parseText('include "d/c.conf"', { files });
    assert.equal(diagnostics[0]?.message, `no file matches '"d/c.conf"'`);
  });
});

// What fails `keepalived -t` (status 6), for each of the variants and each of the reasons.
describe('strictness of includes', () => {
  const fails: Readonly<Record<string, string>> = {
    include: '',
    includer: 'directory',
    includem: 'directory plain',
    includew: 'directory plain wild',
    includeb: 'directory brace',
    includea: 'directory plain wild brace',
  };
  const patterns: Readonly<Record<string, string>> = {
    plain: 'missing.conf',
    wild: 'z*',
    brace: '{d/c.conf,q}',
    directory: 'dir',
  };
  const strict = (line: string, allConfig = false): boolean =>
    parseConfig({
      file: '/m',
      files: {
        read: (path) =>
          path === '/m'
            ? ok(new TextEncoder().encode(line))
            : path.endsWith('dir')
              ? err({ kind: 'not-regular', text: 'is a directory' })
              : ok(new Uint8Array()),
        glob: (pattern) => (['/m', 'dir', 'd/c.conf'].includes(pattern) ? [pattern] : []),
      },
      configId: '',
      environment: {},
      random: () => 0,
      allConfig,
    }).diagnostics.some((one) => one.class === 'include');

  for (const [keyword, list] of Object.entries(fails)) {
    for (const [reason, pattern] of Object.entries(patterns)) {
      test(`${keyword} ${reason}`, () => {
        assert.equal(strict(`${keyword} ${pattern}`), list.split(' ').includes(reason));
      });
    }
  }
  test('all of them with --all-config', () => {
    assert.equal(strict('include z*', true), true);
  });
  test('include_check makes plain includes strict, and takes single checks back', () => {
    assert.equal(strict('global_defs {\n include_check match\n}\ninclude missing.conf'), true);
    assert.equal(strict('include_check\ninclude_check -match\ninclude missing.conf'), false);
  });
});

test('a file that includes itself is reported at the line that does', () => {
  const { diagnostics, tree } = parseText('a\ninclude main.conf\nb');
  assert.equal(shape(tree.statements), 'a; b');
  assert.deepEqual(
    diagnostics.map((one) => [one.code, one.span?.line]),
    [['include-cycle', 2]],
  );
});

test('a main file that is missing', () => {
  const missing = (allConfig: boolean): unknown =>
    parseConfig({
      file: '/none',
      files: { read: () => err({ kind: 'missing', text: 'does not exist' }), glob: () => [] },
      configId: '',
      environment: {},
      random: () => 0,
      allConfig,
    }).diagnostics.map((one) => [one.code, one.class]);
  assert.deepEqual(missing(false), [['config-missing', 'none']]);
  assert.deepEqual(missing(true), [['config-missing', 'file']]);
});
