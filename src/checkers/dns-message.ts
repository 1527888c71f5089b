import type { DnsCheck } from '../config/index.ts';
import { ByteReader, ByteWriter, TruncatedError } from '../core/index.ts';

/** Queries and answers of DNS (RFC 1035, section 4), as far as a check needs them. */

export interface DnsQuestion {
  /** 0 to 65535. */
  readonly id: number;
  readonly name: string;
  readonly dnsType: DnsCheck['dnsType'];
}

export type DnsVerdict =
  | { readonly type: 'answered'; readonly ok: boolean; readonly reason: string }
  /** Not an answer to this question: a forged or late one, or none at all. */
  | { readonly type: 'foreign'; readonly reason: string };

/** IANA's numbers of resource record types. */
const typeNumbers: Readonly<Record<DnsCheck['dnsType'], number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  RRSIG: 46,
  DNSKEY: 48,
};
const internet = 1;
const flag = { answer: 0x8000, opcode: 0x7800, truncated: 0x0200, recursionDesired: 0x0100 } as const;
const rcodeNames = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];
const headerLength = 12;
const longestLabel = 63;

export function dnsQuery({ id, name, dnsType }: DnsQuestion): Uint8Array {
  const writer = new ByteWriter();
  for (const word of [id, flag.recursionDesired, 1, 0, 0, 0]) writer.u16be(word);
  for (const label of name.split('.').filter((part) => part !== '')) {
    const bytes = new TextEncoder().encode(label).subarray(0, longestLabel);
    writer.u8(bytes.length);
    writer.bytes(bytes);
  }
  writer.u8(0);
  writer.u16be(typeNumbers[dnsType]);
  writer.u16be(internet);
  return writer.finish();
}

/** What a datagram means as the answer to `question`. A truncated answer is one: the server is there. */
export function judgeDnsAnswer(question: DnsQuestion, bytes: Uint8Array): DnsVerdict {
  if (bytes.length < headerLength) return foreign('shorter than a header of DNS');
  const reader = new ByteReader(bytes);
  const id = reader.u16be();
  const flags = reader.u16be();
  const counts = [reader.u16be(), reader.u16be(), reader.u16be(), reader.u16be()] as const;
  if (id !== question.id) return foreign('of another id');
  if ((flags & flag.answer) === 0 || (flags & flag.opcode) !== 0) return foreign('no answer to a query');
  const [questions, ...records] = counts;
  const rcode = flags & 0x0f;
  try {
    if (questions > 1 || (questions === 1 && !isQuestion(reader, question)))
      return foreign('an answer to another question');
    if (rcode !== 0) return answered(false, `the answer has rcode ${String(rcode)}${rcodeText(rcode)}`);
    const problem = (flags & flag.truncated) === 0 ? problemOfRecords(reader, records) : undefined;
    if (problem !== undefined) return answered(false, `the answer is malformed: ${problem}`);
  } catch (error) {
    if (!(error instanceof TruncatedError)) throw error;
    return answered(false, 'the answer is malformed: it ends too early');
  }
  return answered(true, `answered with ${String(records[0])} records`);
}

function isQuestion(reader: ByteReader, { name, dnsType }: DnsQuestion): boolean {
  const labels: string[] = [];
  for (let length = reader.u8(); length !== 0; length = reader.u8()) {
    // Nothing stands before the question that its name could point to.
    if (length > longestLabel) return false;
    labels.push(String.fromCharCode(...reader.take(length)));
  }
  const asked = name.split('.').filter((part) => part !== '');
  const same = labels.join('.').toLowerCase() === asked.join('.').toLowerCase();
  const [type, group] = [reader.u16be(), reader.u16be()];
  return same && labels.length === asked.length && type === typeNumbers[dnsType] && group === internet;
}

/** Only the frame of the records is looked at: names, lengths. What follows them is passed over. */
function problemOfRecords(reader: ByteReader, counts: readonly number[]): string | undefined {
  const count = counts.reduce((sum, one) => sum + one, 0);
  for (let i = 0; i < count; i++) {
    if (!skipName(reader)) return 'a name points to itself or ahead, or has a label of more than 63 bytes';
    // Type, class and time to live.
    reader.skip(8);
    reader.skip(reader.u16be());
  }
  return undefined;
}

/** A pointer may lead to what stands before the name only (RFC 1035, section 4.1.4), so that no chain of them can come back. */
function skipName(reader: ByteReader): boolean {
  const start = reader.offset;
  for (;;) {
    const length = reader.u8();
    if (length === 0) return true;
    if (length >= 0xc0) {
      const target = ((length & 0x3f) << 8) | reader.u8();
      return target >= headerLength && target < start;
    }
    if (length > longestLabel) return false;
    reader.skip(length);
  }
}

function rcodeText(rcode: number): string {
  const name = rcodeNames[rcode];
  return name === undefined ? '' : ` (${name})`;
}

function answered(ok: boolean, reason: string): DnsVerdict {
  return { type: 'answered', ok, reason };
}

function foreign(reason: string): DnsVerdict {
  return { type: 'foreign', reason };
}
