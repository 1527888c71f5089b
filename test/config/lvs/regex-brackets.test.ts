import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { bracketProblem } from '../../../src/config/index.ts';
import { hasRegexLibrary, regexProblem } from '../../../src/platform/index.ts';

const rows: readonly (readonly [pattern: string, problem: string | undefined])[] = [
  ['(a|b)[c]', undefined],
  ['(a', 'offset 2: missing closing parenthesis'],
  ['ab)c', 'offset 2: unmatched closing parenthesis'],
  ['[a', 'offset 2: missing terminating ] for character class'],
  ['[]a]', undefined],
  ['[]a', 'offset 3: missing terminating ] for character class'],
  ['[^]a]', undefined],
  ['a]', undefined],
  ['[(]', undefined],
  ['[[:alpha:])]', undefined],
  ['\\(\\[', undefined],
];

describe('the brackets of a regex', () => {
  for (const [pattern, expected] of rows) {
    test(pattern, () => {
      const problem = bracketProblem(pattern, []);
      assert.equal(problem, expected && `the regex '${pattern}' is not valid at ${expected}`);
    });
  }

  test('are not looked at where they mean something else', () => {
    for (const option of ['literal', 'extended', 'extended_more'])
      assert.equal(bracketProblem('(', [option]), undefined);
    for (const pattern of ['\\Q(\\E', '(?#)()', '(?x)# (', '(*ACCEPT)'])
      assert.equal(bracketProblem(pattern, []), undefined);
  });

  test(
    'are never found wrong where PCRE2 finds nothing wrong',
    { skip: !hasRegexLibrary() && 'PCRE2 is not installed' },
    () => {
      const pieces = [
        '(',
        ')',
        '[',
        ']',
        '[^',
        '\\',
        '[:alpha:]',
        '[=a=]',
        '[.',
        'a',
        'b-',
        '*',
        '?',
        '?:',
        '|',
        '^',
        '{2}',
        ':]',
        '\\Q',
        '\\E',
        '#',
        '(?x)',
      ];
      const patterns = fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((parts) => parts.join(''));
      fc.assert(
        fc.property(patterns, (pattern) => {
          if (bracketProblem(pattern, []) !== undefined) assert.notEqual(regexProblem(pattern, []), undefined, pattern);
        }),
        { numRuns: 5000 },
      );
    },
  );
});
