import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { format } from '../../src/parser/index.ts';
import { parseText, shape } from './memory-files.ts';

interface Row {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const rows: readonly Row[] = [
  {
    name: 'indent, blanks between words and at the ends of lines, empty lines',
    before: '\n\nglobal_defs {  \n\n\trouter_id   LB1\t\n\n\n  vrrp_strict\n\n}\n\n\n',
    after: 'global_defs {\n    router_id LB1\n\n    vrrp_strict\n}\n',
  },
  {
    name: "a '{' on its own line goes behind its keyword",
    before: 'vrrp_instance A\n\n{\n  priority 5\n}\n',
    after: 'vrrp_instance A {\n    priority 5\n}\n',
  },
  {
    name: 'not over a comment',
    before: 'vrrp_instance A # main\n{\npriority 5 }\n',
    after: 'vrrp_instance A # main\n{\n    priority 5\n}\n',
  },
  {
    name: 'a block on one line stays there',
    before: 'virtual_ipaddress{192.0.2.1/24   dev eth0}\nx { }\n',
    after: 'virtual_ipaddress { 192.0.2.1/24 dev eth0 }\nx { }\n',
  },
  {
    name: 'blocks in blocks on one line are taken apart',
    before: 'a { b { c 1 } }\n',
    after: 'a {\n    b { c 1 }\n}\n',
  },
  {
    name: 'comments stay, with the indent of what is around them',
    before: '! top\na {\n      # inner\n  b 1    ! behind\n}  # end\n',
    after: '! top\na {\n    # inner\n    b 1 ! behind\n} # end\n',
  },
  { name: 'quotes and escapes stay', before: 'script   "a  b \\" c"  xy\n', after: 'script "a  b \\" c" xy\n' },
  {
    name: 'single quotes and backslashes may make each blank count',
    before: "  script   'a   b'  c\nscript   a\\  b\n",
    after: "script   'a   b'  c\nscript   a\\  b\n",
  },
  { name: 'what is glued stays glued', before: 'a"b  c"d   e\n', after: 'a"b  c"d e\n' },
  { name: 'a parameter is one word', before: 'a   ${B C}d  $E\n', after: 'a ${B C}d $E\n' },
  {
    name: 'definitions stay as they are, with all their lines',
    before: '  $A=x  y\n$B=one \\\n   two {\\\n     three\n  a 1\n',
    after: '$A=x  y\n$B=one \\\n   two {\\\n     three\na 1\n',
  },
  {
    name: 'conditions, repetitions and includes stay, only the indent changes',
    before: 'a {\n@x   b  1\n@^x b   2\n   ~SEQ(I, 1, 2)   c  $I\n include   d/*.conf  \n}\n',
    after: 'a {\n    @x   b  1\n    @^x b   2\n    ~SEQ(I, 1, 2)   c  $I\n    include   d/*.conf\n}\n',
  },
  {
    name: 'of two conditions that open one block only one counts',
    before: '@x a {\n@^x b {\nc 1\n}\nd 2\n',
    after: '@x a {\n@^x b {\n    c 1\n}\nd 2\n',
  },
  { name: 'CRLF stays', before: 'a   1\r\nb  2\r\n', after: 'a 1\r\nb 2\r\n' },
  { name: 'a last line without end gets one', before: 'a   1', after: 'a 1\n' },
  { name: 'a byte order mark stays', before: '\ufeffa   1\n', after: '\ufeffa 1\n' },
  { name: 'an open quote keeps its line', before: 'a "b   c  \nd  1\n', after: 'a "b   c  \nd 1\n' },
  { name: 'an empty file stays empty', before: '\n\n', after: '' },
];

function formatted(text: string | Uint8Array): string | undefined {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const done = format('x.conf', bytes);
  return done.ok ? Buffer.from(done.value).toString('latin1') : undefined;
}

const latin1 = (text: string | Uint8Array): string => Buffer.from(text).toString('latin1');

describe('the form of a file', () => {
  for (const { name, before, after } of rows) {
    test(name, () => {
      assert.equal(formatted(before), latin1(after));
      assert.equal(formatted(after), latin1(after), 'the form of the form is another');
    });
  }

  test('a file whose braces do not match is left alone, and the place is told', () => {
    const done = format('x.conf', new TextEncoder().encode('a {\n  b 1\nc {\n  d 2\n}\n'));
    assert.ok(!done.ok);
    assert.match(done.error.text, /braces/);
    assert.equal(done.error.span?.line, 3);
  });

  test('a line that is longer than the reference reads keeps its length', () => {
    const long = `    x  ${'y'.repeat(1100)}\n`;
    assert.equal(formatted(`a {\n${long}}\n`), `a {\n${long.trimStart()}}\n`);
  });

  test('bytes that are not UTF-8 stay', () => {
    assert.equal(formatted(Buffer.from('# caf\xe9\na   1\n', 'latin1')), '# caf\xe9\na 1\n');
  });
});

const words = fc.constantFrom(
  'a',
  'b1',
  '"q r"',
  '$X',
  '${X}',
  '{',
  '}',
  '# c',
  '! d',
  '\\',
  '\\#',
  '@x ',
  '@^x ',
  '$X=',
  '~SEQ(I, 1, 2) ',
  '~LST(I, a, b) ',
  'include y',
  '"',
  'x"y"z',
  ' ',
  '\t',
  '\n',
  '\n',
  '\r\n',
  '\n\n\n',
  '\\\n',
);

test('any text: what is read is the same, and the form of the form is the form', () => {
  fc.assert(
    fc.property(fc.array(words, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      const done = format('/etc/k/main.conf', new TextEncoder().encode(text));
      if (!done.ok) return;
      const after = new TextDecoder('utf-8', { ignoreBOM: true }).decode(done.value);
      assert.equal(shape(parseText(after).tree.statements), shape(parseText(text).tree.statements));
      const again = format('/etc/k/main.conf', done.value);
      assert.ok(again.ok);
      assert.equal(new TextDecoder('utf-8', { ignoreBOM: true }).decode(again.value), after);
    }),
    { numRuns: 2000, seed: 20 },
  );
});

const corpus = process.env['WATCHKEEPER_CORPUS'] ?? '../shared/corpus';
for (const folder of ['github', 'pqarmitage', 'upstream']) {
  const root = join(corpus, folder);
  test(`real configurations: ${folder}`, { skip: existsSync(root) ? false : `${root} is not there` }, () => {
    const refused: string[] = [];
    const files = readdirSync(root);
    for (const name of files) {
      const bytes = readFileSync(join(root, name));
      const after = formatted(bytes);
      if (after === undefined) {
        refused.push(name);
        continue;
      }
      const again = Buffer.from(after, 'latin1');
      assert.equal(shape(parseText(again).tree.statements), shape(parseText(bytes).tree.statements), name);
      assert.equal(formatted(again), after, name);
    }
    // Only where a brace is missing does the indent decide what is meant.
    assert.ok(refused.length <= files.length / 100, refused.join(' '));
  });
}
