import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseText, shape } from './memory-files.ts';

describe('a missing brace is one finding, where the indent says', () => {
  const rows: readonly (readonly [name: string, text: string, line: number, tree: string])[] = [
    ['of a top-level block', 'a {\n  b 1\n\nc {\n  d\n}\n', 4, 'a { b 1 }; c { d }'],
    ['of an inner block', 'a {\n  b {\n    1\n  c 2\n}\nd\n', 4, 'a { b { 1 }; c 2 }; d'],
    ['of an inner block that is last', 'a {\n  b {\n    1\n}\nd {\n  e\n}\n', 4, 'a { b { 1 } }; d { e }'],
    ['at the end of the file', 'a {\n  b 1\n', 1, 'a { b 1 }'],
    ['where nothing is indented', 'a {\nb {\n1\n}\nc {\nd\n}\n', 1, 'a { b { 1 }; c { d } }'],
  ];
  for (const [name, text, line, tree] of rows) {
    test(name, () => {
      const parsed = parseText(text);
      assert.equal(shape(parsed.tree.statements), tree);
      assert.deepEqual(
        parsed.diagnostics.map((one) => [one.code, one.span?.line]),
        [['missing-brace', line]],
      );
    });
  }
});

test('indents do not matter where braces match', () => {
  const { diagnostics, tree } = parseText('  a {\nb {\n c\n     }\nd\n }\n');
  assert.equal(shape(tree.statements), 'a { b { c }; d }');
  assert.deepEqual(diagnostics, []);
});

test('an indent that misleads does no harm', () => {
  const { tree } = parseText('a {\n  b {\n c\n  }\n d\n}\n}\n{\n x {\n');
  assert.equal(shape(tree.statements), 'a { b { c }; d }; x {  }');
  const { diagnostics } = parseText('a {\n  b\nc {\n d\n }\n}\n}\ne {\n');
  assert.ok(diagnostics.length >= 1);
});
