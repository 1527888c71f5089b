import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadText, told } from './load-text.ts';
import { verdicts } from './verdicts.ts';

describe('the exit status of a config test', () => {
  for (const { name, text, exit } of verdicts) {
    test(`${name}: ${String(exit)}`, () => {
      const loaded = loadText(text, { target: '2.2.7' });
      assert.equal(loaded.testExitStatus, exit, told(loaded).join('\n'));
    });
  }
});

test('whatever is not right is told with its place and what would be right', () => {
  for (const { name, text } of verdicts) {
    for (const { message, span, hint } of loadText(text).diagnostics) {
      assert.ok(span !== undefined && span.line > 0 && span.file === '/a.conf', `${name}: ${message}`);
      assert.ok(hint !== undefined && hint !== '', `${name}: ${message}`);
    }
  }
});
