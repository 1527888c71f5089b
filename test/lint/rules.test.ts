import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { ruleIndex } from '../../scripts/rule-index.ts';
import { allRules, type Finding } from '../../src/lint/index.ts';
import { lintExample, rulePages } from './pages.ts';

const pages = new Map(rulePages().map((page) => [page.id, page]));
const words = (findings: readonly Finding[]): string =>
  findings.map(({ rule, span, message }) => `${rule} ${String(span?.line)}: ${message}`).join('\n');

/** Rules whose example is not a text that can stand on a page. */
const withoutExample = new Set([
  'nul-byte',
  'too-deep',
  'too-long',
  'too-many-files',
  'line-too-long',
  'config-missing',
  'config-unreadable',
  'include-unreadable',
]);

describe('each rule has a page whose examples are true', () => {
  for (const { id } of allRules()) {
    test(id, (t) => {
      const page = pages.get(id);
      assert.ok(page, `docs/rules/${id}.md is missing`);
      assert.match(page.text, new RegExp(`^# ${id}\\n\\n\\S`));
      assert.deepEqual(
        page.headings.filter((heading) => heading !== 'Bad' && heading !== 'Good'),
        ['Why', 'How to mend it', 'When to ignore it'],
      );
      if (withoutExample.has(id) && page.bad === undefined) {
        t.diagnostic('no example fits on a page');
        return;
      }
      assert.ok(page.bad, 'no bad example');
      assert.ok(page.good, 'no good example');
      const bad = lintExample(page.bad);
      assert.ok(
        bad.some(({ rule }) => rule === id),
        `the bad example does not show it, but:\n${words(bad)}`,
      );
      const good = lintExample(page.good).filter(({ rule, severity }) => rule === id || severity !== 'info');
      assert.equal(words(good), '');
    });
  }
});

test('no page is about a rule that does not exist', () => {
  const ids = new Set(allRules().map(({ id }) => id));
  assert.deepEqual(
    [...pages.keys()].filter((id) => !ids.has(id)),
    [],
  );
});

test('a rule says as an error or a warning what it says in the list', () => {
  const severities = new Map(allRules().map(({ id, severity }) => [id, severity]));
  for (const page of pages.values()) {
    const own = page.bad === undefined ? [] : lintExample(page.bad).filter(({ rule }) => rule === page.id);
    for (const { rule, severity } of own) assert.equal(severity, severities.get(rule), rule);
  }
});

test('docs/rules/README.md lists all rules', async () => {
  const index = readFileSync(path.join(import.meta.dirname, '../../docs/rules/README.md'), 'utf8');
  assert.ok(index === (await ruleIndex()), 'it is not current: run npx tsx scripts/rule-index.ts');
});
