import { existsSync, readFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import { test } from 'node:test';

/** The requirements of the RFCs, each with the test that holds us to it; docs/rfc.md is made of them. */

interface Requirement {
  /** `5.2.2`; of another RFC than 9568 with its number before it: `3768 7.1`. */
  readonly section: string;
  readonly text: string;
  readonly here: string;
}

const all: Requirement[] = [];

/** Met: the test shows it. */
export function met(section: string, text: string, run: () => void): void {
  all.push({ section, text, here: 'yes' });
  test(`${section}: ${text}`, run);
}

/** Not met, on purpose: the test shows what is done instead. */
export function differs(section: string, text: string, instead: string, run: () => void): void {
  all.push({ section, text, here: `**no**: ${instead}` });
  test(`${section}: ${text} (not so: ${instead})`, run);
}

/** Shown by another test, of that name. */
export function elsewhere(section: string, text: string, how: string, file: string, name: string): void {
  all.push({ section, text, here: `${how} (${file})` });
  test(`${section}: ${text} (${file})`, () => {
    const path = new URL(`../../${file}`, import.meta.url);
    assert.ok(existsSync(path) && readFileSync(path, 'utf8').includes(name), `${file} has no test '${name}'`);
  });
}

/** Nothing of it is in our hands. */
export function notOurs(section: string, text: string, whose: string): void {
  all.push({ section, text, here: whose });
}

const heading = `# The RFCs of VRRP, requirement by requirement

RFC 9568 (version 3), and RFC 3768 (version 2) and RFC 5798 where they differ; their sections in the first column. MUST and MUST NOT,
and what a section says without such a word but cannot be left out. What is not met is so on purpose: keepalived does not meet it either,
and both must form one cluster.

This page is made of test/vrrp/rfc9568.test.ts, in which each row is a test; \`WATCHKEEPER_UPDATE=1 node scripts/test.js test/vrrp\`
writes it anew.
`;

function document(): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const rows = all.map(({ section, text, here }) => [section, cell(text), cell(here)]);
  const widths = [0, 1, 2].map((k) => Math.max(11, ...rows.map((row) => row[k]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, k) => text.padEnd(widths[k] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [heading, line(['section', 'requirement', 'here']), rule, ...rows.map(line), ''].join('\n');
}

export { document as requirementsDocument };
