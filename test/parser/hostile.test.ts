import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { printLayout, readLayout } from '../../src/parser/index.ts';
import { parseText } from './memory-files.ts';

describe('hostile files end in a finding', () => {
  const bomb = Array.from({ length: 30 }, (_, i) => `$A${String(i)}=\${A${String(i + 1)}}\${A${String(i + 1)}}`).join(
    '\n',
  );
  const lines = Array.from({ length: 30 }, (_, i) => `$A${String(i)}=\${A${String(i + 1)}} \\\n\${A${String(i + 1)}}`);
  const long = `$A=${'x'.repeat(1000)}\n$B=${'${A}'.repeat(99)}\n`;
  const open = `$A=${'{,'.repeat(500)}\n$B=${'${A}'.repeat(99)}\n`;
  const rows: readonly (readonly [name: string, text: string, code: string])[] = [
    ['10,000 nested blocks', 'a {\n'.repeat(10_000), 'too-deep'],
    ['the same with their ends', `${'a {\n'.repeat(10_000)}${'}\n'.repeat(10_000)}`, 'too-deep'],
    ['a million closing braces', '}\n'.repeat(1_000_000), 'extra-brace'],
    ['a million opening braces', '{'.repeat(1000).concat('\n').repeat(1000), 'unexpected-brace'],
    ['blocks without names', '{}\n'.repeat(300_000), 'unexpected-brace'],
    ['a definition of itself', '$A=$A\n$A\n', 'expansion-too-deep'],
    ['definitions that double a line', `${bomb}\nx \${A0}\n`, 'expansion-too-deep'],
    ['definitions that double lines', `${lines.join('\n')}\nx \${A0}\n`, 'too-long'],
    ['a billion numbers', '~SEQ(J, 1, 1000000000) a $J\n', 'bad-repetition'],
    ['numbers of numbers', '~SEQ(I, 99999) ~SEQ(J, 99999) a\n', 'too-long'],
    ['sequences of a condition that does not hold', '~SEQ(I, 99999) ~SEQ(J, 99999) @nobody x\n', 'too-long'],
    ['lines that grow to a hundred thousand characters', `${long}~SEQ(I, 1, 99999) x \${B}\n`, 'too-long'],
    ['lists whose braces are never closed', `${open}~SEQ(I, 1, 99999) ~LST(A, \${B}) x\n`, 'too-long'],
    ['a definition of a million lines', `$A=${'x\\\n'.repeat(1_000_000)}`, 'too-long'],
    ['two million definitions', '$a=\n'.repeat(2_000_000), 'too-long'],
    ['two million lines', 'a\n'.repeat(2_000_000), 'too-long'],
    ['a word of a hundred thousand characters', `${long}\${B}\n}\n`, 'extra-brace'],
    ['alternatives of alternatives', `include ${'{a,b}'.repeat(180)}\n`, 'too-many-files'],
    ['braces of an include that are never closed', `include ${'{'.repeat(1000)}\n`.repeat(1000), 'include-missing'],
    ['names without end', '~SEQ(I, 1, 99999) include ${I}.conf\n', 'too-many-files'],
    ['ten million bytes in a line', 'a '.repeat(5_000_000), 'line-too-long'],
  ];
  for (const [name, text, code] of rows) {
    test(name, () => {
      const { diagnostics } = parseText(text);
      assert.ok(diagnostics.some((one) => one.code === code));
      assert.ok(diagnostics.length < 500);
      for (const { message, hint = '' } of diagnostics) assert.ok(message.length + hint.length < 1100);
    });
  }

  const twice = (i: number): string => `a\ninclude f${String(i + 1)}.conf\ninclude f${String(i + 1)}.conf\n`;
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`/etc/k/f${String(i)}.conf`, twice(i)]));
  test('files that include two others each, thirty deep', () => {
    const { diagnostics, complete } = parseText('include f0.conf\n', { files });
    assert.ok(diagnostics.some((one) => one.code === 'too-many-files'));
    assert.equal(complete, false);
  });

  test('a pattern that matches thousands of files is read', () => {
    const many = Object.fromEntries(
      Array.from({ length: 5000 }, (_, i) => [`/etc/k/f${String(i)}.inc`, `a${String(i)}\n`]),
    );
    const { diagnostics, files: read } = parseText('include *.inc\n', { files: many });
    assert.deepEqual(diagnostics, []);
    assert.equal(read.length, 5001);
  });
});

const piece = fc.oneof(
  fc.constantFrom(
    '{',
    '}',
    '"',
    '\\',
    '#',
    '!',
    '\n',
    '\r\n',
    ' ',
    '\t',
    '\0',
    '$A',
    '${A}',
    '$A=',
    '@me ',
    '@^me ',
    '\\\n',
  ),
  fc.constantFrom(
    '~SEQ(A, 1, 3) ',
    '~LST({A,B}, {1,2}) ',
    '~SEQx(',
    'include ',
    'main.conf',
    '${_RANDOM 1 2}',
    '${_ENV X}',
  ),
  fc.string({ maxLength: 8 }),
);

test('any text gives a tree, and every file is printed as it was', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      const bytes = new TextEncoder().encode(text);
      for (const { span } of parseText(bytes).diagnostics) assert.ok(span === undefined || span.line >= 1);
      assert.deepEqual(printLayout(readLayout('x', bytes)), bytes);
    }),
    { numRuns: 1000 },
  );
});

test('any bytes are printed as they were', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      parseText(bytes);
      assert.deepEqual(printLayout(readLayout('x', bytes)), bytes);
    }),
  );
});
