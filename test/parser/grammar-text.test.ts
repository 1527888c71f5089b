import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { grammarText } from '../../src/parser/index.ts';

test('the grammar that is checked in is the one that parses', () => {
  assert.equal(readFileSync('grammar/keepalived-conf.ebnf', 'utf8'), grammarText());
});
