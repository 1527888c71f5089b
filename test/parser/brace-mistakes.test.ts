import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadText } from '../config/load-text.ts';
import { examples } from './brace-examples.ts';
import { mistakes, styles, type Mistake } from './brace-mistakes.ts';

interface Finding {
  readonly code: string;
  readonly line: number;
  readonly message: string;
}

function findings(text: string): readonly Finding[] {
  return loadText(text)
    .diagnostics.filter(({ code }) => code !== 'keyword-not-done')
    .map(({ code, message, span }) => ({ code, line: span?.line ?? 0, message }));
}

describe('nothing is wrong with the examples', () => {
  for (const [name, example] of Object.entries(examples)) {
    for (const [style, lay] of Object.entries(styles)) {
      test(`${name}, ${style}`, () => {
        assert.deepEqual(findings(lay(example)), []);
      });
    }
  }
});

const codes: Readonly<Record<Mistake['kind'], readonly string[]>> = {
  "'{' missing": ['missing-brace'],
  "'}' missing": ['missing-brace'],
  "'{' too many": ['unexpected-brace'],
  "'}' too many": ['extra-brace'],
};

describe('one wrong brace is one finding', () => {
  for (const [style, lay] of Object.entries(styles)) {
    const all = Object.values(examples).flatMap((example) => mistakes(lay(example)));
    for (const [kind, expected] of Object.entries(codes)) {
      test(`${kind}, ${style}`, (t) => {
        const made = all.filter((one) => one.kind === kind);
        const told = made.map((mistake) => ({ mistake, found: findings(mistake.text) }));
        const share = (within: number): number =>
          told.filter(({ mistake, found }) => isNear(found[0], mistake, within)).length / told.length;
        const percent = (within: number): string => `${(100 * share(within)).toFixed(0)} %`;
        t.diagnostic(`${String(made.length)} mistakes; on the line ${percent(0)}, within three ${percent(3)}`);
        for (const { mistake, found } of told)
          assert.deepEqual(
            found.map(({ code }) => code),
            expected,
            `line ${String(mistake.line)} of\n${mistake.text}\n${JSON.stringify(found)}`,
          );
        // A '}' that is missing where nothing is indented is noticed when a line comes that does not fit.
        assert.ok(share(3) >= (kind === "'}' missing" && style !== 'indented' ? 0.6 : 0.85));
      });
    }
  }
});

/** Whether the finding points near the mistake. A block that is open to the end of the file is told at its beginning. */
function isNear(found: Finding | undefined, { line }: Mistake, within: number): boolean {
  return found !== undefined && Math.abs(found.line - line) <= within;
}
