import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { RegexScan, type ScanOutcome } from '../../src/checkers/regex-scan.ts';
import { searchRegex } from '../../src/platform/index.ts';

function scan(
  pattern: string,
  pieces: readonly (string | Buffer)[],
  settings: { readonly minOffset?: number; readonly maxOffset?: number; readonly options?: readonly string[] } = {},
): ScanOutcome {
  const scanning = new RegexScan(searchRegex, { pattern, options: [], minOffset: 0, ...settings });
  for (const piece of pieces) scanning.push(Buffer.from(piece));
  return scanning.finish();
}

const much = 'x'.repeat(70_000);

describe('a regex in an answer that comes in pieces', () => {
  for (const [name, pattern, pieces, settings, expected] of [
    ['across pieces', 'hello world', ['hel', 'lo wor', 'ld'], {}, 'found'],
    ['across pieces that are searched one by one', 'xxxxxxxxxhello', [much, much, 'hello'], {}, 'found'],
    // The class of keepalived's heap overflow that a checked server could cause: a partial match with more lookbehind than there was before it.
    ['a partial match with lookbehind before the first byte', '(?<=xxxx)hello', ['h', 'ello'], {}, 'not-found'],
    ['a partial match with lookbehind before what is kept', '(?<=yxxx)hello', [`y${much}hel`, 'lo'], {}, 'not-found'],
    ['with lookbehind into an earlier one', '(?<=xxxx)hello', [much, 'hello'], {}, 'found'],
    ['the begin of a later piece is not the begin', '^hello', [much, 'hello'], {}, 'not-found'],
    ['the end of an earlier piece is not the end', 'x$', [much, 'y'], {}, 'not-found'],
    ['the end of the last is', 'y$', [much, 'y'], {}, 'found'],
    ['a word boundary between pieces is none', '\\bhello', [much, 'hello'], {}, 'not-found'],
    ['what must not follow may come in the next piece', 'y(?!hello)', [`${much}y`, 'hello'], {}, 'not-found'],
    ['a begin at the least offset', 'hello', [much, 'hello'], { minOffset: 70_000 }, 'found'],
    ['a begin before the least offset', 'hello', [much, 'hello'], { minOffset: 70_001 }, 'not-found'],
    ['a least offset behind the end', 'hello', ['hello'], { minOffset: 99 }, 'not-found'],
    ['a begin at the greatest offset', 'hello', [much, 'hello'], { maxOffset: 70_000 }, 'found'],
    ['a begin behind the greatest offset', 'hello', [much, 'hello'], { maxOffset: 69_999 }, 'not-found'],
    ['a character cut in two', '.é$', [`${'x'.repeat(65_535)}\xc3`, '\xa9'], { options: ['utf'] }, 'found'],
  ] as const) {
    test(name, () => {
      const bytes = pieces.map((piece) => Buffer.from(piece, 'latin1'));
      assert.equal(scan(pattern, bytes, settings), expected);
    });
  }

  test('however it is cut, the outcome is that of the whole', () => {
    const patterns = ['ab+c', '(?<=a)b', 'b$', '^a', 'a.*c', '\\bab', 'c(?!a)'];
    fc.assert(
      fc.property(
        fc.constantFrom(...patterns),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 30 }),
        fc.nat(30),
        fc.constantFrom('', 'x'.repeat(70_000)),
        (pattern, text, at, filling) => {
          const whole = filling + text;
          const cut = filling.length + Math.min(at, text.length);
          assert.equal(scan(pattern, [whole.slice(0, cut), whole.slice(cut)]), scan(pattern, [whole]));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a match without end is given up, and memory stays small', () => {
    const scanning = new RegexScan(searchRegex, { pattern: 'x+y', options: ['no_start_optimize'], minOffset: 0 });
    const piece = Buffer.alloc(65_536, 'x');
    const before = process.memoryUsage().rss;
    const started = performance.now();
    for (let i = 0; i < 1600; i++) scanning.push(piece);
    const outcome = scanning.finish();
    assert.ok(typeof outcome === 'object' ? outcome.error.includes('was given up') : outcome === 'not-found');
    assert.ok(performance.now() - started < 10_000);
    assert.ok(process.memoryUsage().rss - before < 100 * 1024 * 1024);
  });
});
