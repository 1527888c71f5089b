import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseText, shape } from './memory-files.ts';

// Each row was tried on keepalived 2.2.7, or is what keepalived.conf(5) says.
const rows: readonly (readonly [name: string, text: string, tree: string, ...codes: string[]])[] = [
  ['comments anywhere', 'a b#c d\n! all\n e!f', 'a b; e'],
  ['escaped comment characters', 'a \\#b c\\!d', 'a #b c!d'],
  ['single quotes are ordinary', "a 'b c'", "a 'b c'"],
  ['a double quote ends a word', 'five"six"seven', 'five "six" seven'],
  ['an empty quoted word', 'a ""', 'a ""'],
  ['a quoted comment character', 'a "b # c ! d"', 'a "b # c ! d"'],
  ['a quoted brace', 'a "b { c"', 'a "b { c"'],
  ['an escaped quote', 'notify "/bin/x \\"a#b\\" c" root', 'notify "/bin/x \\"a#b\\" c" root'],
  ['an open quote', 'a "b c\nd', 'a; d', 'unterminated-quote'],
  ['a quote that only an escaped one would close', 'a "b\\" c', 'a "b\\" c', 'unterminated-quote'],
  [
    'an odd number of quotes, those that are escaped counted',
    'a "b \\" c" {\n d\n}',
    'a "b \\" c" { d }',
    'unmatched-quote',
  ],
  ['an even number of them', 'a "b \\" c \\" d"', 'a "b \\" c \\" d"'],
  [
    'a backslash at the end of a comment',
    'a # b \\\n# c\\\r\n# d \\\\\n# e \\ \nf',
    'a; f',
    'backslash-after-comment',
    'backslash-after-comment',
  ],
  ['other backslashes stay', 'a b\\c \\"', 'a b\\c \\', 'unterminated-quote'],
  ['carriage returns', 'a b\r\nc {\r\n d\r\n}\r\n', 'a b; c { d }'],
  ['a byte order mark', '\ufeffa b', 'a b'],
  ['a backslash at the end is data', 'a b \\\nc', 'a b \\; c'],
  ['a block on one line', 'TCP_CHECK { connect_timeout 3 }', 'TCP_CHECK { connect_timeout 3 }'],
  ['a brace on a later line', 'a b\n\n# no\n  {\n c\n}\nd', 'a b { c }; d'],
  ['a brace inside a word', 'a{b}c', 'a { b }; c'],
  ['a brace inside single quotes', "a 'b{c}'", "a 'b { c }; '"],
  ['an extra brace', 'a { b }\n}\nc', 'a { b }; c', 'extra-brace'],
  ['a brace without a name', '{\na\n}\nb', ' { a }; b', 'unexpected-brace'],
  ['an undefined parameter in braces', 'a ${X} b', 'a $ { X }; b'],
  ['a NUL byte', 'a\nb\0c\nd', 'a; d', 'nul-byte'],

  ['a condition that holds', '@me a b', 'a b'],
  ['one that does not', '@you a b', ''],
  ['one that must differ', '@^you a\n@^me b', 'a'],
  ['blanks around a condition', '  @me\ta', 'a'],
  ['one condition a line', '@me @me a', '@me a'],
  ['a condition without a line', 'a\n@me\nb', 'a; b'],
  ['an empty condition', '@ a', ''],
  ['a conditional definition', '@me $A=1\n@you $A=2\nx $A', 'x 1'],

  ['a definition', '$A=1\n x $A', 'x 1'],
  ['blanks after the equals sign', '$A=  b c  # d\nx $A', 'x b c'],
  ['no blank before the equals sign', '$B = x', '$B = x'],
  ['an empty definition', '$A=\nx $A y', 'x y'],
  ['definitions in definitions', '$A=${B}2\n$B=1\nx $A', 'x 12'],
  ['a definition made again', '$A=1\nx $A\n$A=2\nx $A', 'x 1; x 2'],
  ['where $NAME counts', '$A=1\n$A.x $A,y $A) $A$A ${A}.x', '$A.x 1,y 1) $A1 1.x'],
  ['an unknown name stays', 'x $Y z', 'x $Y z'],
  ['inside quotes', '$A=1\nx "a ${A} b"', 'x "a 1 b"'],
  ['several lines', '$A=a1 \\\n a2 \\\n a3\nx $A\ny', 'x a1; a2; a3; y'],
  ['several lines end at an empty one', '$A=a1 \\\na2 \\\n\nb\nx $A', 'b; x a1; a2'],
  ['blank lines and comments do not end them', '$A=a1 \\\n  \n# c\na2\nx $A', 'x a1; a2'],
  ['several lines must come last', '$A=a1\\\na2\n$A tail\nz $A', '$A tail; z a1; a2'],
  ['not in comments', '$A=a1\\\na2\n# $A\nq # $A', 'q'],
  ['a backslash at the end of a comment goes on', '$A=a1 # b \\\n # c \\\n a2 # d\nx $A', 'x a1; a2'],
  ['conditions in a definition', '$A=a1\\\n@me a2\\\n@no a3\n$A', 'a1; a2'],
  ['whole blocks', '$A=a { \\\n b 1 \\\n}\n$A', 'a { b 1 }'],
  ['up to the end of the file', '$A=a1 \\\n', ''],
  ['the directory', 'x ${_PWD}/y', 'x /etc/k/y'],
  ['the configuration id', 'x ${_INSTANCE}', 'x me'],
  ['a hash begins a comment', 'x ${_HASH} y', 'x'],
  ['a bang begins a comment', 'x ${_BANG} y', 'x'],
  ['but not in quotes', 'x "${_HASH} y"', 'x "# y"'],
  ['a random number', 'x ${_RANDOM} ${_RANDOM 10 19}', 'x 16384 15'],
  ['the environment', 'x ${_ENV SITE}', 'x north'],
  ['standard names can be replaced', '$_PWD=here\nx ${_PWD}', 'x here'],

  ['a sequence', '~SEQ(J, 3) a $J', 'a 1; a 2; a 3'],
  ['from and to', '~SEQ(J, 2, 4) a ${J}b', 'a 2b; a 3b; a 4b'],
  ['downwards', '~SEQ(J, 10, -5, 0) a $J', 'a 10; a 5; a 0'],
  ['a negative end', '~SEQ(J, -2) a $J', 'a -1; a -2'],
  ['hexadecimal', '~SEQx(K, 8, 12) a $K', 'a 8; a 9; a a; a b; a c'],
  ['$NAME before a dot stays', '~SEQ(J, 1, 1) a$J.b c${J}d', 'a$J.b c1d'],
  ['a parameter as an end', '$N=2\n~SEQ(J, 1, $N) a$J', 'a1; a2'],
  ['a sequence in a definition', '$S=~SEQ(J,1,2) s${J}\n$S', 's1; s2'],
  ['a sequence of several lines', '$B=k$J \\\nl${J}\n~SEQ(J,1,2) $B', 'k1; l1; k2; l2'],
  ['sequences in sequences', '~SEQ(I,1,2) ~SEQ(J,1,2) a $I $J', 'a 1 1; a 1 2; a 2 1; a 2 2'],
  ['down from one to nothing', '~SEQ(J, 0) a $J', 'a 1; a 0'],
  ['numbers as C has them', '~SEQ(J, 0x10, 020) a $J', 'a 16'],
  ['a number that C does not have', '~SEQ(J, 08) a', '', 'bad-repetition'],
  ['a list', '~LST(A, x, y) a $A', 'a x; a y'],
  ['a list of tuples', '~LST({A,B}, {1,2}, {3}) a ${A}-${B}', 'a 1-2; a 3-'],
  ['an empty value', '~LST(A, x, , z) a${A}', 'ax; a; az'],
  ['a tuple with too many values', '~LST({A,B}, {1,2,3}) a', '', 'bad-repetition'],
  ['a tuple for one name', '~LST(A, {1,2}) a', '', 'bad-repetition'],
  ['a value with a blank', '~LST(A, x y, z) a', '', 'bad-repetition'],
  ['a list without values', '~LST(A) a', '', 'bad-repetition'],
  ['the first parenthesis ends a repetition', '~LST(A, (x), y) a', ', y) a'],
  ['a sequence that never ends', '~SEQ(J, 1, -1, 5) a', '', 'bad-repetition'],
  ['a sequence without an end', '~SEQ(J, 1', '', 'bad-repetition'],
];

describe('the language of keepalived.conf', () => {
  for (const [name, text, tree, ...codes] of rows) {
    test(name, () => {
      const parsed = parseText(text);
      assert.equal(shape(parsed.tree.statements), tree);
      assert.deepEqual(
        parsed.diagnostics.map((one) => one.code),
        codes,
      );
    });
  }
});

test('a line beyond the reference’s buffer is refused, or cut for 2.2.7', () => {
  const fits = 'x'.repeat(1022);
  assert.equal(shape(parseText(fits).tree.statements), fits);
  const long = parseText(`${'x'.repeat(1025)}\ny`);
  assert.equal(shape(long.tree.statements), 'y');
  assert.deepEqual(
    long.diagnostics.map((one) => [one.code, one.class]),
    [['line-too-long', 'general']],
  );
  const cut = parseText(`${'x'.repeat(1025)}\ny`, { target: '2.2.7' });
  assert.equal(shape(cut.tree.statements), `${'x'.repeat(1023)}; xx; y`);
  assert.deepEqual(
    cut.diagnostics.map((one) => one.class),
    ['none'],
  );
});

test('a span points at the text that is meant', () => {
  const text = '# é\n  @me  key  "a b" {\n\tvalue\\#x # no\n}\n';
  const { tree } = parseText(text);
  const [block] = tree.statements;
  const words = [block?.keyword, ...(block?.args ?? []), block?.block?.statements[0]?.keyword];
  const lines = text.split('\n');
  assert.deepEqual(
    words.map((word) =>
      lines[(word?.span.line ?? 0) - 1]?.slice((word?.span.column ?? 0) - 1, (word?.span.endColumn ?? 0) - 1),
    ),
    ['key', '"a b"', 'value\\#x'],
  );
  assert.equal(block?.raw, 'key  "a b"');
  assert.equal(block.block?.open.column, 18 - 1 + (lines[1]?.indexOf('{') ?? 0) - 16);
  assert.equal(block.block.close.line, 4);
});

test('a word out of a definition points at its use, and tells where it was defined', () => {
  const { tree } = parseText('a\n$X=b c\nd $X\n');
  const word = tree.statements[1]?.args[1];
  assert.equal(word?.text, 'c');
  assert.deepEqual([word.span.line, word.span.column, word.definedAt?.line], [3, 1, 2]);
});
