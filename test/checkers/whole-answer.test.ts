import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { HttpResponse } from '../../src/checkers/http-response.ts';
import { WholeAnswer } from '../../src/checkers/whole-answer.ts';

/** How many bytes of an answer have come when it is told to be whole or broken, with the bytes one by one; undefined: it is not. */
function toldAt(answer: string, piece = 1): { readonly at: number; readonly how: 'whole' | 'broken' } | undefined {
  const whole = new WholeAnswer();
  const response = new HttpResponse(whole);
  const bytes = Buffer.from(answer, 'latin1');
  for (let at = 0; at < bytes.length; at += piece) {
    response.push(bytes.subarray(at, at + piece));
    if (whole.isWhole) return { at: Math.min(bytes.length, at + piece), how: 'whole' };
    if (whole.isBroken) return { at: Math.min(bytes.length, at + piece), how: 'broken' };
  }
  return undefined;
}

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;

describe('on a connection that is kept, the answer is whole', () => {
  for (const [name, answer] of [
    ['after as many bytes as it announced', `${ok}Content-Length: 6\r\n\r\nhello\n`],
    ['after its header, where it announced none', `${ok}content-length:0\r\n\r\n`],
    ['after its header, where it can have no body', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['after the last chunk', `${chunked}6\r\nhello\n\r\n0\r\n\r\n`],
    ['after the trailer', `${chunked}6\r\nhello\n\r\n0\r\nX-Sum: 5\r\nX-Other: 6\r\n\r\n`],
    ['where chunks have extensions', `${chunked}1;name=value\r\nx\r\n2 ; q="y"\r\nab\r\n000;last\r\n\r\n`],
    ['where chunks hold what looks like the last', `${chunked}9\r\n\r\n0\r\n\r\n0\r\r\n0\r\n\r\n`],
    [
      'by its chunks, where a length is announced too',
      `${ok}Content-Length: 3\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`,
    ],
    ['where sizes are capitals', `${chunked}A\r\n0123456789\r\n0\r\n\r\n`],
  ] as const) {
    test(name, () => {
      for (const piece of [1, 7, 100_000])
        assert.deepEqual(toldAt(answer, piece), { at: answer.length, how: 'whole' }, `in pieces of ${String(piece)}`);
    });
  }

  for (const [name, answer] of [
    ['where nothing is announced', `${ok}\r\nhello\n`],
    ['where less came than was announced', `${ok}Content-Length: 99\r\n\r\nhello\n`],
    ['where the last chunk is missing', `${chunked}6\r\nhello\n\r\n`],
    ['where the trailer does not end', `${chunked}0\r\nX: y\r\n`],
    ['while its header lasts', `${ok}Content-Length: 0\r\n`],
    ['where the body only looks chunked', `${ok}\r\n0\r\n\r\n`],
  ] as const) {
    test(`not ${name}`, () => {
      assert.equal(toldAt(answer), undefined);
    });
  }
});

describe('chunks that are none', () => {
  for (const [name, body] of [
    ['have no size', 'hello\r\n'],
    ['have a negative size', '-1\r\n'],
    ['have a size beyond all bounds', `${'f'.repeat(40)}\r\n`],
    ['have a size without end', '1'.repeat(10_000)],
    ['have a trailer line without end', `0\r\n${'x'.repeat(10_000)}`],
  ] as const) {
    test(name, () => {
      assert.equal(toldAt(chunked + body)?.how, 'broken');
      assert.equal(toldAt(chunked + body, 100_000)?.how, 'broken');
    });
  }
});

test('whatever comes, it is the same in whatever pieces', () => {
  const part = fc.constantFrom('\r\n', '0', '1', 'a', ';', ' ', '5\r\nhello\r\n', '0\r\n\r\n', 'x', '\n');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), fc.integer({ min: 2, max: 20 }), (parts, piece) => {
      const answer = chunked + parts.join('');
      const [slowly, fast] = [toldAt(answer), toldAt(answer, piece)];
      assert.equal(fast?.how, slowly?.how);
      if (fast !== undefined && slowly !== undefined) assert.ok(fast.at >= slowly.at && fast.at < slowly.at + piece);
    }),
  );
});
