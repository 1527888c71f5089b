import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { dnsQuery, judgeDnsAnswer, type DnsQuestion } from '../../src/checkers/dns-message.ts';

const question: DnsQuestion = { id: 0x87be, name: 'www.Example.com.', dnsType: 'A' };
const query = Buffer.from(dnsQuery(question));
const record = Buffer.from('c00c000100010000000900040102 0304'.replaceAll(' ', ''), 'hex');

/** The query turned into an answer. */
function answer(
  change: {
    flags?: number;
    id?: number;
    counts?: readonly number[];
    question?: Buffer;
    records?: readonly Buffer[];
  } = {},
): Buffer {
  const { flags = 0x8180, id = question.id, counts = [1, 1, 0, 0], records = [record] } = change;
  const header = Buffer.alloc(12);
  for (const [i, word] of [id, flags, ...counts].entries()) header.writeUInt16BE(word, 2 * i);
  return Buffer.concat([header, change.question ?? query.subarray(12), ...records]);
}

function told(bytes: Uint8Array): string {
  const verdict = judgeDnsAnswer(question, bytes);
  return verdict.type === 'foreign' ? verdict.reason : `${verdict.ok ? 'up' : 'down'}: ${verdict.reason}`;
}

describe('a query of DNS', () => {
  // Captured from keepalived 2.2.7, but for the id.
  const table: readonly (readonly [DnsQuestion['dnsType'], string, string])[] = [
    ['A', 'www.example.com', '87be01000001000000000000 03777777076578616d706c6503636f6d00 0001 0001'],
    ['SOA', '.', '87be01000001000000000000 00 0006 0001'],
  ];
  for (const [dnsType, name, hex] of table) {
    test(`${dnsType} of ${name}`, () => {
      assert.equal(Buffer.from(dnsQuery({ id: 0x87be, name, dnsType })).toString('hex'), hex.replaceAll(' ', ''));
    });
  }

  test('has the type that was asked for, and the name as it is written, with or without its last dot', () => {
    const types = { A: 1, NS: 2, CNAME: 5, SOA: 6, MX: 15, TXT: 16, AAAA: 28, RRSIG: 46, DNSKEY: 48 } as const;
    for (const [dnsType, number] of Object.entries(types)) {
      const bytes = Buffer.from(dnsQuery({ id: 1, name: 'EXample.org.', dnsType: dnsType as DnsQuestion['dnsType'] }));
      assert.equal(bytes.readUInt16BE(bytes.length - 4), number);
      assert.equal(bytes.subarray(12, -4).toString('latin1'), '\x07EXample\x03org\0');
    }
  });
});

describe('a datagram from a DNS server', () => {
  const loop = Buffer.from('c01d000100010000000900040102', 'hex');
  const table: readonly (readonly [string, Buffer, string])[] = [
    ['an answer', answer(), 'up: answered with 1 records'],
    ['an answer without records', answer({ counts: [1, 0, 0, 0], records: [] }), 'up: answered with 0 records'],
    [
      'an answer in other letters',
      answer({ question: Buffer.from(query.subarray(12).toString('latin1').toUpperCase(), 'latin1') }),
      'up: answered with 1 records',
    ],
    [
      'an answer that does not repeat the question',
      answer({ counts: [0, 0, 0, 0], question: Buffer.alloc(0), records: [] }),
      'up: answered with 0 records',
    ],
    [
      'an answer with bytes behind it',
      answer({ records: [record, Buffer.alloc(3000)] }),
      'up: answered with 1 records',
    ],
    ['a truncated answer', answer({ flags: 0x8380, counts: [1, 9, 0, 0] }), 'up: answered with 9 records'],
    ['NXDOMAIN', answer({ flags: 0x8183 }), 'down: the answer has rcode 3 (NXDOMAIN)'],
    [
      'SERVFAIL without a question',
      answer({ flags: 0x8182, counts: [0, 0, 0, 0], question: Buffer.alloc(0) }),
      'down: the answer has rcode 2 (SERVFAIL)',
    ],
    ['an unknown rcode', answer({ flags: 0x818b }), 'down: the answer has rcode 11'],
    ['another id', answer({ id: 0x87bf }), 'of another id'],
    ['a query', query, 'no answer to a query'],
    ['an answer to an update', answer({ flags: 0xa980 }), 'no answer to a query'],
    [
      'an answer to another name',
      answer({ question: Buffer.from('\x01a\0\0\x01\0\x01', 'latin1') }),
      'an answer to another question',
    ],
    [
      'an answer to another type',
      answer({ question: Buffer.concat([query.subarray(12, -3), Buffer.from([2, 0, 1])]) }),
      'an answer to another question',
    ],
    ['an answer to two questions', answer({ counts: [2, 1, 0, 0] }), 'an answer to another question'],
    ['half a header', answer().subarray(0, 11), 'shorter than a header of DNS'],
    ['nothing', Buffer.alloc(0), 'shorter than a header of DNS'],
    ['a header alone', answer().subarray(0, 12), 'down: the answer is malformed: it ends too early'],
    ['a record that ends too early', answer().subarray(0, -1), 'down: the answer is malformed: it ends too early'],
    [
      '65535 records of which one is there',
      answer({ counts: [1, 65535, 65535, 65535] }),
      'down: the answer is malformed: it ends too early',
    ],
    [
      'a name that points to itself',
      answer({ records: [Buffer.concat([Buffer.from([0xc0, 12 + query.length - 12]), record.subarray(2)])] }),
      'down: the answer is malformed: a name points to itself or ahead, or has a label of more than 63 bytes',
    ],
    [
      'two names that point to each other',
      answer({
        counts: [1, 2, 0, 0],
        records: [Buffer.concat([Buffer.from([0xc0, query.length + 16]), record.subarray(2)]), loop],
      }),
      'down: the answer is malformed: a name points to itself or ahead, or has a label of more than 63 bytes',
    ],
    [
      'a label of a reserved kind',
      answer({ records: [Buffer.from([0x80, 1]), record] }),
      'down: the answer is malformed: a name points to itself or ahead, or has a label of more than 63 bytes',
    ],
  ];
  for (const [name, bytes, expected] of table) {
    test(name, () => {
      assert.equal(told(bytes), expected);
    });
  }

  test('never does more than be judged, whatever it holds', () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(bytes, bytes, (any, tail) => {
        assert.ok(told(any) !== '');
        assert.ok(told(Buffer.concat([answer({ counts: [1, 3, 2, 1] }), tail])) !== '');
      }),
    );
  });
});
