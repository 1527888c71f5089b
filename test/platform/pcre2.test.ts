import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { regexProblem, searchRegex } from '../../src/platform/index.ts';

const whole = { options: [] as string[], from: 0, open: false, withinMs: 100 };

const table: readonly {
  readonly name: string;
  readonly pattern: string;
  readonly subject: string;
  readonly options?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly found: boolean;
}[] = [
  { name: 'a word', pattern: 'll', subject: 'hello', found: true },
  { name: 'another word', pattern: 'lll', subject: 'hello', found: false },
  { name: 'nothing in nothing', pattern: '^$', subject: '', found: true },
  { name: 'the end', pattern: 'lo$', subject: 'hello\n', found: true },
  { name: 'the end alone', pattern: 'lo$', subject: 'hello\n', options: ['dollar_endonly'], found: false },
  { name: 'in another case', pattern: 'HELLO', subject: 'hello', options: ['caseless'], found: true },
  { name: 'a possessive quantifier', pattern: 'a++a', subject: 'aaa', found: false },
  { name: 'an atomic group', pattern: 'h(?>el+)o', subject: 'hello', found: true },
  { name: 'recursion', pattern: '^(\\((?1)*\\))$', subject: '(()())', found: true },
  { name: 'POSIX classes', pattern: '[[:digit:]]{2}', subject: 'a42', found: true },
  { name: 'bytes without utf', pattern: '^..$', subject: 'é', found: true },
  { name: 'characters with utf', pattern: '^.$', subject: 'é', options: ['utf'], found: true },
  { name: 'an extended pattern', pattern: 'h e # comment', subject: 'he', options: ['extended'], found: true },
  { name: 'a literal pattern', pattern: 'a.b', subject: 'axb', options: ['literal'], found: false },
  { name: 'an anchored pattern', pattern: 'ello', subject: 'hello', options: ['anchored'], found: false },
  { name: 'lookbehind before the least offset', pattern: '(?<=h)ello', subject: 'hello', from: 1, found: true },
  { name: 'a begin that is not the begin', pattern: '^ello', subject: 'hello', from: 1, found: false },
  { name: 'a begin at the greatest offset', pattern: 'lo', subject: 'hello', to: 3, found: true },
  { name: 'a begin behind the greatest offset', pattern: 'lo', subject: 'hello', to: 2, found: false },
];

describe('a regex of PCRE2', () => {
  for (const { name, pattern, subject, options = [], from = 0, to, found } of table) {
    test(name, () => {
      const limit = to === undefined ? {} : { to };
      const finding = searchRegex({
        pattern,
        options,
        subject: Buffer.from(subject),
        from,
        ...limit,
        open: false,
        withinMs: 100,
      });
      assert.equal(finding.kind, found ? 'found' : 'not-found');
    });
  }

  test('what may go on is not found yet, and says how much of it to keep', () => {
    const finding = searchRegex({ ...whole, pattern: 'world', subject: Buffer.from('hello wor'), open: true });
    assert.deepEqual(finding, { kind: 'not-found', keep: 7, from: 4 });
  });

  test('a lookbehind that is longer than the subject keeps no more than there is (the class of the partial match overflow)', () => {
    const finding = searchRegex({ ...whole, pattern: '(?<=.{200})?wor+ld', subject: Buffer.from('wor'), open: true });
    assert.equal(finding.kind === 'not-found' ? finding.keep : finding.kind, 3);
  });

  for (const [name, pattern, subject] of [
    ['nested quantifiers', '(a+)+$', `${'a'.repeat(5000)}!`],
    ['nested groups over words', '(\\w+\\s?)*$', `${'word '.repeat(5000)}!`],
    ['alternatives that are one', '(a|a)*$', `${'a'.repeat(5000)}!`],
    ['backreferences', '(a+)(a+)\\1\\2[bc]', 'a'.repeat(5000)],
    ['a long way from each place', '[a-z]+[0-9]', 'a'.repeat(131_072)],
    ['two long ways from each place', '[a-z]+[a-z]+[0-9]', 'a'.repeat(131_072)],
    ['a look ahead that goes far', '(?=.*[0-9])x|y', 'a'.repeat(131_072)],
    ['a pattern without start', '.*.*[0-9]', 'a'.repeat(131_072)],
  ] as const) {
    test(`ends within a second where it explodes: ${name}`, () => {
      const started = performance.now();
      const finding = searchRegex({ ...whole, pattern, subject: Buffer.from(subject) });
      assert.ok(performance.now() - started < 1000);
      assert.match(
        finding.kind === 'error' ? finding.reason : '',
        /was given up: (it takes too long|match limit exceeded|heap limit exceeded)/,
      );
    });
  }

  test('bytes that are no UTF-8 are an error and nothing worse, even where the file asks for no check', () => {
    for (const options of [['utf'], ['utf', 'no_utf_check']]) {
      const finding = searchRegex({
        ...whole,
        pattern: 'é.*x',
        options,
        subject: Buffer.from([0xc3, 0xff, 0x80, 0x78]),
      });
      assert.match(finding.kind === 'error' ? finding.reason : '', /UTF-8 error/);
    }
  });

  test('a pattern that is none is told with its place', () => {
    assert.equal(regexProblem('ok', []), undefined);
    assert.equal(regexProblem('(x', []), "the regex '(x' is not valid at offset 2: missing closing parenthesis");
    assert.match(regexProblem('((((a{0,65535}){0,65535}){0,65535}))', []) ?? '', /too large/);
  });
});
