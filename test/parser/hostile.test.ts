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
    ['ten million bytes in a line', 'a '.repeat(5_000_000), 'line-too-long'],
  ];
  for (const [name, text, code] of rows) {
    test(name, () => {
      const { diagnostics } = parseText(text);
      assert.ok(diagnostics.some((one) => one.code === code));
      assert.ok(diagnostics.length < 500);
    });
  }
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
