import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isLater, parseTarget, rulesOf } from '../../src/parser/index.ts';

describe('the keepalived to be equal to', () => {
  for (const [text, rules] of [
    ['2.0.20', '2.2.7'],
    ['2.1.5', '2.2.7'],
    ['2.2.7', '2.2.7'],
    ['2.2.8', '2.2.7'],
    ['2.3.0', '2.4.3'],
    ['2.3.4', '2.4.3'],
    ['v2.4.3', '2.4.3'],
  ] as const)
    test(`${text} follows the rules of ${rules}`, () => {
      const target = parseTarget(text);
      assert.ok(target.ok);
      assert.equal(target.value, text.replace('v', ''));
      assert.equal(rulesOf(target.value), rules);
    });

  for (const text of ['', '2', '2.2', '2.0.19', '1.3.5', '2.4.4', '2.10.0', '3.0.0', '2.2.7-1', '2.2.x', '2.2.7.1'])
    test(`'${text}' is refused, and told what would be right`, () => {
      const target = parseTarget(text);
      assert.ok(!target.ok && target.error.includes(`'${text}'`) && target.error.includes('2.0.20 to 2.4.3'));
    });

  test('releases are compared as numbers, and what is no release comes last', () => {
    assert.equal(isLater('2.0.20', '2.0.3'), true);
    assert.equal(isLater('2.2.7', '2.2.7'), false);
    assert.equal(isLater('1.3.9', '2.0.0'), false);
    assert.equal(isLater('a release after 2.4.3', '2.4.3'), true);
  });
});
