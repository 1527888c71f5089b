import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { format, layoutOf, printLayout, SourceFile, type Block, type Statement } from '../../src/parser/index.ts';
import { parseText, shape } from './memory-files.ts';

/** `a: x; b: y`: each block with its extensions. */
function extensionsOf(name: string, block: Pick<Block, 'statements' | 'extensions'>): string[] {
  const own = block.extensions.length === 0 ? [] : [`${name}: ${shape(block.extensions)}`];
  const inner = block.statements.flatMap((one: Statement) =>
    one.block === undefined ? [] : extensionsOf(one.keyword.text, one.block),
  );
  return [...own, ...inner];
}

const rows: readonly (readonly [name: string, text: string, ...extensions: string[]])[] = [
  ['on a line of its own', 'a {\n # watchkeeper: x on\n}', 'a: x on'],
  ['with an exclamation mark, or several', 'a {\n !!watchkeeper: x 1.2\n ## watchkeeper:y\n}', 'a: x 1.2; y'],
  [
    'behind a brace, a line, and a block',
    'a { # watchkeeper: x\n b # watchkeeper: y\n c { } # watchkeeper: z\n}',
    'a: x; y; z',
  ],
  ['between a name and its brace, which is outside', 'a # watchkeeper: x\n{ b }', 'top: x'],
  ['at the top level, before and behind', '# watchkeeper: x\na { }\n# watchkeeper: y', 'top: x; y'],
  ['words in quotes', 'a { # watchkeeper: x "/a b" "c\n}', 'a: x "/a b" "c"'],
  ['a remark behind it', 'a { # watchkeeper: x 1 # since May\n}', 'a: x 1'],
  ['no word', 'a { # watchkeeper:\n}', 'a: '],
  ['other comments', 'a { # watchkeeper x\n # see watchkeeper: x\n # Watchkeeper: x\n b "# watchkeeper: x"\n}'],
  ['in inner blocks', 'a {\n b {\n # watchkeeper: x\n }\n # watchkeeper: y\n}', 'a: y', 'b: x'],
  [
    'what a repetition or a definition leaves out',
    'a {\n~SEQ(i, 1, 2) b $i # watchkeeper: x\n$D=c # watchkeeper: y\n$D\n}',
  ],
  ['with a condition', 'a {\n@me # watchkeeper: x\n@you # watchkeeper: y\n}', 'a: x'],
  ['behind a brace that is too many', 'a {\n b\n}\n}\n# watchkeeper: x\nc { }', 'top: x'],
  ['in a block whose brace is missing', 'a {\n b\n # watchkeeper: x\n', 'a: x'],
];

describe('extensions belong to the block that they stand in', () => {
  for (const [name, text, ...expected] of rows) {
    test(name, () => {
      const { tree } = parseText(text);
      assert.deepEqual(extensionsOf('top', tree), expected);
      assert.equal(tree.extended, expected.length > 0);
    });
  }

  test('an included file has its own', () => {
    const { tree } = parseText('a {\n include b.conf\n}', { files: { '/etc/k/b.conf': '# watchkeeper: x' } });
    assert.deepEqual(extensionsOf('top', tree), ['a: x']);
  });

  test('the place of each is known', () => {
    const [extension] = parseText('a {\n  # watchkeeper: x on\n}').tree.statements[0]?.block?.extensions ?? [];
    assert.deepEqual(
      [extension?.keyword.span.line, extension?.keyword.span.column, extension?.args[0]?.span.column, extension?.raw],
      [2, 18, 20, 'x on'],
    );
  });

  test('printed and formatted they stay', () => {
    const text = 'a {\n  b 1 # watchkeeper: x  "y z"\n}\n';
    const bytes = new TextEncoder().encode(text);
    assert.deepEqual(printLayout(layoutOf(new SourceFile('a.conf', bytes))), bytes);
    const formatted = format('a.conf', bytes);
    assert.ok(formatted.ok);
    assert.match(new TextDecoder().decode(formatted.value), /# watchkeeper: x {2}"y z"\n/);
  });

  test('a hundred thousand take no time to speak of', () => {
    const { tree } = parseText(`a {\n${'b # watchkeeper: x\n'.repeat(100_000)}}\n`);
    assert.equal(tree.statements[0]?.block?.extensions.length, 100_000);
  });

  test('more than can be kept is said', () => {
    const { complete, diagnostics } = parseText('# watchkeeper: x\n'.repeat(200_001));
    assert.equal(complete, false);
    assert.equal(diagnostics[0]?.code, 'too-long');
  });
});
