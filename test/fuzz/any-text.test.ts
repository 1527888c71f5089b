import { test } from 'node:test';
import fc from 'fast-check';
import { allKeywords } from '../../src/config/index.ts';
import { readAll } from './read-all.ts';
import { runs } from './runs.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Fragments of the language, put together as nobody would. */
const fragment = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('{', '}', '"', '\\"', "'", '\\', '#', '!', '\\#', '\\!', ',', '(', ')') },
  { weight: 6, arbitrary: fc.constantFrom('\n', '\n', '\r\n', '\r', ' ', '\t', '\v', '\f', '\0', '\ufeff', '\\\n') },
  { weight: 4, arbitrary: fc.constantFrom('$A', '${A}', '${B}', '$A=', '\n$A=', '\n$B=${A}', '\n$A=x\\\n', '${', '$') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('@me ', '@^me ', '@you ', '\n@', '@^', '${_PWD}', '${_ENV SITE}', '${_HASH}'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('${_RANDOM 1 2}', '${_RANDOM -5 1e99}', '${_INSTANCE}', '${_BANG}', '${_ENV}'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom('\n~SEQ(A, 1, 3) ', '~SEQx(A, 16, -5, 0) ', '~SEQ(', '~SEQ(A, 1, 1e9) x', '~LST('),
  },
  { weight: 3, arbitrary: fc.constantFrom('\n~LST({A,B}, {1,2}, {3}) ', '~LST(A, $B) ', '\n~SEQ(A, 2) ~SEQ(B, 2) ') },
  { weight: 3, arbitrary: fc.constantFrom('\ninclude ', 'include b.conf\n', 'includea {b.conf,*}\n', 'includew *\n') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('include m.conf\n', 'include_check -match\n', 'é', '\u{1f600}', '\ud800', '\u0080'),
  },
  { weight: 4, arbitrary: fc.constantFrom('1', '0', '-1', '256', '1e999', '0x10', '99999999999999999999', '.5', '1.') },
  {
    weight: 3,
    arbitrary: fc.constantFrom('10.0.0.1', '10.0.0.1/33', 'fd00::1', '::/0', '10.0.0.1-9', 'eth0', 'on', 'no'),
  },
  {
    weight: 8,
    arbitrary: fc.constantFrom(...new Set(allKeywords().map(({ name }) => name))).map((name) => ` ${name} `),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: 'binary' }) },
);

const fragments = fc.array(fragment, { maxLength: 80 }).map((parts) => encode(parts.join('')));

/** Blocks that stand where they belong, so that what lies deep is reached as well; their lines are anything. */
function blockOf(path: string, depth: number): fc.Arbitrary<string> {
  const own = allKeywords().filter(({ block }) => block === path);
  if (own.length === 0 || depth === 0) return fc.array(line(), { maxLength: 4 }).map((lines) => lines.join('\n'));
  const statement = fc.constantFrom(...own).chain((keyword) => {
    const inner = path === '(root)' ? keyword.name : `${path}/${keyword.name}`;
    const isBlock = keyword.args.kind === 'block' || keyword.args.kind === 'lines';
    const head = line().map((rest) => `${keyword.name} ${rest}`);
    if (!isBlock) return head;
    return fc.tuple(head, blockOf(inner, depth - 1)).map(([start, lines]) => `${start} {\n${lines}\n}`);
  });
  return fc.array(statement, { maxLength: 6 }).map((lines) => lines.join('\n'));
}

function line(): fc.Arbitrary<string> {
  const word = fc.constantFrom(
    ...[
      '10.0.0.1',
      '10.0.0.0/24',
      'fd00::1',
      '80',
      '51',
      '0',
      '-1',
      '300',
      '1.5',
      'eth0',
      'dev',
      'weight',
      'on',
      'off',
    ],
    ...['A', 'B', 'group', 'fwmark', 'TCP', 'rr', 'NAT', 'MASTER', '"/bin/true a"', '"', '""', 'PASS', 'via', 'table'],
    ...[
      'label',
      'eth0:1',
      'scope',
      'link',
      'brd',
      '+',
      '10.0.0.1-5',
      'port',
      'reverse',
      'tcp',
      '200-299',
      '\\',
      '\\x',
      '0x',
    ],
  );
  return fc.array(word, { maxLength: 5 }).map((words) => words.join(' '));
}

test('any bytes are read and printed back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      readAll({ '/m.conf': bytes });
    }),
    runs(300),
  );
});

test('any fragments of the language are read and printed back', () => {
  fc.assert(
    fc.property(fragments, fragments, (main, other) => {
      readAll({ '/m.conf': main, '/b.conf': other });
    }),
    runs(500),
  );
});

test('any lines in their blocks are read and printed back', () => {
  fc.assert(
    fc.property(blockOf('(root)', 4), (text) => {
      readAll({ '/m.conf': encode(text) });
    }),
    runs(500),
  );
});
