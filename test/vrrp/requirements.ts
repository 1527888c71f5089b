import { existsSync, readFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import { test } from 'node:test';

/** The requirements of the RFCs, each with the test that holds us to it; docs/rfc.md is made of them. */

interface Requirement {
  /** `5.2.2`; of another RFC than its chapter's first with its number before it: `3768 7.1`. */
  readonly section: string;
  readonly text: string;
  readonly here: string;
}

interface Chapter {
  readonly heading: string;
  readonly rows: Requirement[];
}

const chapters: Chapter[] = [];

/** What follows is about these RFCs. */
export function chapter(heading: string): void {
  chapters.push({ heading, rows: [] });
}

function add(row: Requirement): void {
  const last = chapters.at(-1);
  assert.ok(last !== undefined, 'a requirement is in a chapter');
  last.rows.push(row);
}

/** Met: the test shows it. */
export function met(section: string, text: string, run: () => void): void {
  add({ section, text, here: 'yes' });
  test(`${section}: ${text}`, run);
}

/** Not met, on purpose: the test shows what is done instead. */
export function differs(section: string, text: string, instead: string, run: () => void): void {
  add({ section, text, here: `**no**: ${instead}` });
  test(`${section}: ${text} (not so: ${instead})`, run);
}

/** Shown by another test, of that name. */
export function elsewhere(section: string, text: string, how: string, file: string, name: string): void {
  add({ section, text, here: `${how} (${file})` });
  test(`${section}: ${text} (${file})`, () => {
    const path = new URL(`../../${file}`, import.meta.url);
    assert.ok(existsSync(path) && readFileSync(path, 'utf8').includes(name), `${file} has no test '${name}'`);
  });
}

/** Nothing of it is in our hands. */
export function notOurs(section: string, text: string, whose: string): void {
  add({ section, text, here: whose });
}

const heading = `# The RFCs of VRRP, requirement by requirement

MUST and MUST NOT, and what a section says without such a word but cannot be left out. What is not met is so on purpose: keepalived does
not meet it either, and both must form one cluster. The first column has the sections.

RFC 9568 has verified errata that count here: 8298 (an owner that hears adverts no longer has to discard them), 8299 (adverts without an
address are discarded), 8300 (over IPv6 the first address is link-local) and 8301 (intervals are 1 to 4095 hundredths of a second). Some
implementations of RFC 5798 have a pseudo-header in the sum over IPv4, some have none; RFC 9568 has none.

This page is made of test/vrrp/rfc9568.test.ts, in which each row is a test; \`WATCHKEEPER_UPDATE=1 node scripts/test.js test/vrrp\`
writes it anew.
`;

function table(rows: readonly Requirement[]): readonly string[] {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const heads = ['section', 'requirement', 'here'];
  const cells = rows.map(({ section, text, here }) => [section, cell(text), cell(here)]);
  const widths = heads.map((head, k) => Math.max(head.length, ...cells.map((row) => row[k]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, k) => text.padEnd(widths[k] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(heads), rule, ...cells.map(line)];
}

/** The page docs/rfc.md. */
export function requirementsDocument(): string {
  return [heading, ...chapters.flatMap(({ heading: title, rows }) => [`## ${title}`, '', ...table(rows), ''])].join(
    '\n',
  );
}
