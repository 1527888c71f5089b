import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { noReplyYet, readReply, type ReplyStep } from '../../src/smtp/index.ts';

function read(...chunks: readonly string[]): ReplyStep {
  let step: ReplyStep = { type: 'more', partial: noReplyYet };
  for (const chunk of chunks) {
    if (step.type !== 'more') break;
    step = readReply(step.partial, Buffer.from(chunk, 'latin1'));
  }
  return step;
}

function told(step: ReplyStep): string {
  if (step.type === 'reply') return `${String(step.code)} ${step.text}`.trim();
  return step.type === 'more' ? 'more' : step.problem;
}

describe('a reply of SMTP', () => {
  const table: readonly (readonly [string, readonly string[], string])[] = [
    ['of one line', ['220 hi\r\n'], '220 hi'],
    ['with LF alone', ['220 hi\n'], '220 hi'],
    ['of a code alone', ['220\r\n'], '220'],
    ['of several lines', ['250-a\r\n250-b\r\n250 c d\r\n'], '250 c d'],
    ['of several lines with a code alone at the end', ['250-\r\n250\r\n'], '250'],
    ['in pieces', ['2', '20', '-a\r', '\n22', '0 b\r', '\n'], '220 b'],
    ['with more behind it, which nobody asked for yet', ['220 hi\r\n250 ok\r\n'], '220 hi'],
    ['that is not complete', ['220-a\r\n220 b'], 'more'],
    ['with two codes', ['220-a\r\n554 b\r\n'], 'its lines have different codes, 220 and 554'],
    ['of four digits', ['2200 hi\r\n'], "'2200 hi' is no reply of SMTP"],
    ['of two digits', ['22\r\n'], "'22' is no reply of SMTP"],
    ['of words', ['hello\r\n'], "'hello' is no reply of SMTP"],
    ['behind blanks', [' 220 hi\r\n'], "'220 hi' is no reply of SMTP"],
    ['behind an empty line', ['\r\n220 hi\r\n'], "'' is no reply of SMTP"],
    ['with a NUL', ['220 hi\0\r\n'], "'220 hi?' is no reply of SMTP"],
    ['with text that would disturb a log', [`220 \x1b[31m\xe9${'y'.repeat(80)}\r\n`], `220 ?[31m?${'y'.repeat(54)}…`],
    ['of 512 bytes', [`220 ${'x'.repeat(506)}\r\n`], `220 ${'x'.repeat(60)}…`],
    ['of 514 bytes', [`220 ${'x'.repeat(508)}\r\n`], 'a line of more than 512 bytes'],
    ['of more than 100 lines', ['220-a\r\n'.repeat(101)], 'more than 100 lines'],
  ];
  for (const [name, chunks, expected] of table) {
    test(name, () => {
      assert.equal(told(read(...chunks)), expected);
    });
  }

  test('is the same however it is cut, holds no more than a line, and any bytes are some answer', () => {
    const piece = fc.constantFrom('220', '250', '-', ' ', 'a', '\r', '\n', '\r\n', '\0', 'x'.repeat(300));
    fc.assert(
      fc.property(fc.array(piece), fc.nat(50), (pieces, at) => {
        const text = pieces.join('');
        const whole = read(text);
        assert.deepEqual(read(...Array.from(text)), whole);
        assert.deepEqual(read(text.slice(0, at), text.slice(at)), whole);
        if (whole.type === 'more') assert.ok(whole.partial.line.length < 512);
      }),
    );
  });
});
