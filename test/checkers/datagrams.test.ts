import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { echoRequest, judgeEcho } from '../../src/checkers/ping-message.ts';
import { hexToBytes, judgeUdpReply, usualUdpPayload } from '../../src/checkers/udp-reply.ts';
import { parseIp, type IpAddress } from '../../src/core/index.ts';

function ip(text: string): IpAddress {
  const parsed = parseIp(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
}

describe('UDP_CHECK', () => {
  test('sends 32 bytes where the file gives none: those that keepalived 2.2.7 was seen to send', () => {
    assert.equal(
      Buffer.from(usualUdpPayload).toString('hex'),
      '6b656570616c6976656420636865636b202d206b656570616c69766564206368',
    );
  });

  const any = { replyExpected: true, minReplyLength: 0, maxReplyLength: 65_535 };
  const digits = { ...any, maxReplyLength: 255 };
  const table: readonly (readonly [string, Parameters<typeof judgeUdpReply>[0], string, string | undefined])[] = [
    ['any reply where none is required', { ...any, replyExpected: false, maxReplyLength: 0 }, 'aabb', undefined],
    ['an empty reply', any, '', undefined],
    ['a long reply', any, '01'.repeat(3000), undefined],
    ['the digits', { ...digits, requireReply: '1234' }, '1234', undefined],
    ['the digits with more behind', { ...digits, requireReply: '1234' }, '123456', undefined],
    ['the beginning of the digits', { ...digits, requireReply: '1234' }, '12', undefined],
    ['any half of a byte', { ...digits, requireReply: '1xx4' }, '1fa4', undefined],
    ['other digits', { ...digits, requireReply: '1234' }, '1235', 'byte 2 of the reply is 35, require_reply has 34'],
    ['another half', { ...digits, requireReply: '1x' }, '2f', 'byte 1 of the reply is 2f, require_reply has 1x'],
    [
      'too few bytes',
      { ...any, minReplyLength: 2 },
      'aa',
      'the reply has 1 byte, not 2 to 65535 (min_reply_length, max_reply_length)',
    ],
    [
      'too many bytes',
      { ...digits, requireReply: '0101' },
      '01'.repeat(256),
      'the reply has 256 bytes, not 0 to 255 (min_reply_length, max_reply_length)',
    ],
  ];
  for (const [name, expected, reply, problem] of table) {
    test(`${problem === undefined ? 'takes' : 'refuses'} ${name}`, () => {
      const result = judgeUdpReply(expected, hexToBytes(reply));
      assert.equal(result.ok, problem === undefined);
      if (problem !== undefined) assert.equal(result.reason, problem);
    });
  }
});

describe('PING_CHECK', () => {
  const server = ip('192.0.2.1');
  const other = ip('2001:db8::1');

  test('sends what keepalived 2.2.7 sends, but for the number', () => {
    const data = 'keepalived check - '.repeat(7).slice(0, 128);
    for (const [to, type] of [
      [server, 8],
      [other, 128],
    ] as const) {
      const expected = Buffer.concat([Buffer.from([type, 0, 0, 0, 0, 0, 0xab, 0xcd]), Buffer.from(data)]);
      assert.deepEqual(Buffer.from(echoRequest(to, 0xabcd)), expected);
    }
  });

  test('takes the reply of the server to this request, and nothing else', () => {
    const reply = echoRequest(server, 7).fill(0, 0, 1);
    assert.equal(judgeEcho(server, 7, reply, server), true);
    assert.equal(judgeEcho(other, 7, echoRequest(other, 7).fill(129, 0, 1), other), true);
    assert.equal(judgeEcho(server, 7, reply, ip('192.0.2.2')), 'from 192.0.2.2');
    assert.equal(judgeEcho(server, 8, reply, server), 'a reply to another request');
    assert.equal(judgeEcho(server, 7, echoRequest(server, 7), server), 'no echo reply');
    assert.equal(judgeEcho(server, 7, reply.subarray(0, 7), server), 'shorter than a header of ICMP');
    assert.equal(judgeEcho(server, 7, reply.subarray(0, 100), server), 'a reply with other data');
    assert.equal(judgeEcho(server, 7, reply.slice().fill(0, 20, 21), server), 'a reply with other data');
  });
});
