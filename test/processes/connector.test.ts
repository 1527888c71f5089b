import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseProcessNews, subscription, type ProcessNews } from '../../src/processes/index.ts';

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.replace(/\s/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** A datagram of Linux 6.18 with another event: netlink header, cn_msg, and of proc_event what, processor and time. */
function datagram(what: string, data: string): Uint8Array {
  const header = '4c000000 0300 0000 00000000 00000000';
  const message = '01000000 01000000 01000000 00000000 2800 0000';
  return bytes(`${header} ${message} ${what} 01000000 b0c2b5d324210000 ${data.padEnd(48, '0')}`);
}

const rows: readonly [string, Uint8Array, readonly ProcessNews[]][] = [
  ['the answer', datagram('00000000', '00000000'), [{ type: 'ack', errno: 0 }]],
  ['a refusal', datagram('00000000', '01000000'), [{ type: 'ack', errno: 1 }]],
  ['a fork', datagram('01000000', 'ab5f0000ab5f0000de5f0000de5f0000'), [{ type: 'fork', parent: 24491, pid: 24542 }]],
  ['a new thread', datagram('01000000', 'ab5f0000ab5f0000de5f0000ab5f0000'), []],
  ['an exec', datagram('02000000', 'de5f0000de5f0000'), [{ type: 'exec', pid: 24542 }]],
  [
    'a new name',
    datagram('00020000', 'de5f0000de5f0000 77656200000000000000000000000000'.replace(' ', '')),
    [{ type: 'comm', pid: 24542, comm: 'web' }],
  ],
  ["a thread's new name", datagram('00020000', 'df5f0000de5f000077656200000000000000000000000000'), []],
  ['an end', datagram('00000080', '9f5f00009f5f000009000000110000006940000069400000'), [{ type: 'exit', pid: 24479 }]],
  ["a thread's end", datagram('00000080', '9e5f00009f5f000009000000110000006940000069400000'), []],
  ['an event that is nothing to us', datagram('04000000', 'de5f0000de5f0000'), []],
];
for (const [name, from, expected] of rows) {
  test(`the kernel tells of ${name}`, () => {
    assert.deepEqual(parseProcessNews(from), expected);
  });
}

test('what is asked is what the kernel takes', () => {
  const cn = '01000000 01000000 00000000 00000000 0400 0000';
  assert.deepEqual(subscription(true), bytes(`28000000 0300 0000 00000000 00000000 ${cn} 01000000`));
  assert.deepEqual(subscription(false).slice(36), bytes('02000000'));
});

test('any bytes are read, cut anywhere', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(120), (noise, at) => {
      parseProcessNews(noise);
      for (const [, whole] of rows) parseProcessNews(whole.subarray(0, at));
    }),
  );
});
