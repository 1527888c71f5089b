import { err, ok, type Result } from './result.ts';

declare const brand: unique symbol;

/** An IP address in canonical text form (RFC 5952 for IPv6), so that equal addresses are equal strings. */
export type IpAddress = string & { readonly [brand]: 'IpAddress' };

export type IpFamily = 'ipv4' | 'ipv6';

/** The address family of a canonical address. */
export function ipFamily(address: IpAddress): IpFamily {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

/** Parses a dotted quad (no leading zeros, as inet_pton) or an IPv6 literal without zone; returns its canonical form. */
export function parseIp(text: string): Result<IpAddress> {
  if (!text.includes(':')) return isDottedQuad(text) ? ok(text as IpAddress) : err(`'${text}' is not an IP address`);
  const bytes = parseIpv6(text);
  return bytes === undefined ? err(`'${text}' is not an IP address`) : ok(ipFromBytes(bytes));
}

/** The 4 or 16 bytes of an address in network order. */
export function ipToBytes(address: IpAddress): Uint8Array {
  const bytes = ipFamily(address) === 'ipv4' ? parseIpv4(address) : parseIpv6(address);
  if (bytes === undefined) throw new RangeError(`not a canonical IP address: ${address}`);
  return bytes;
}

/** The canonical address of 4 or 16 bytes in network order; throws RangeError for any other length. */
export function ipFromBytes(bytes: Uint8Array): IpAddress {
  if (bytes.length === 4) return bytes.join('.') as IpAddress;
  if (bytes.length === 16) return ipv6Text(bytes) as IpAddress;
  throw new RangeError(`an IP address has 4 or 16 bytes, not ${String(bytes.length)}`);
}

/** Of fe80::/10 (RFC 4291 section 2.5.6). */
export function isLinkLocal(address: IpAddress): boolean {
  return /^fe[89ab][0-9a-f]:/.test(address);
}

/** Orders addresses of one family as unsigned numbers in network order (what VRRP's tie-break compares). */
export function compareIp(a: IpAddress, b: IpAddress): number {
  const x = ipToBytes(a);
  const y = ipToBytes(b);
  if (x.length !== y.length) return x.length - y.length;
  for (let i = 0; i < x.length; i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function parseIpv4(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(4);
  return readDottedQuad(text, bytes) ? bytes : undefined;
}

function isDottedQuad(text: string): boolean {
  return readDottedQuad(text, undefined);
}

/** Four decimal numbers up to 255 without leading zeros. Large configurations have hundreds of thousands: nothing is made of them here. */
function readDottedQuad(text: string, bytes: Uint8Array | undefined): boolean {
  let part = 0;
  let value = -1;
  for (let i = 0; i <= text.length; i++) {
    const char = i === text.length ? dot : text.charCodeAt(i);
    if (char === dot) {
      if (value === -1 || part === 4) return false;
      if (bytes !== undefined) bytes[part] = value;
      part++;
      value = -1;
    } else {
      if (char < zero || char > zero + 9 || value === 0) return false;
      value = (value === -1 ? 0 : value * 10) + char - zero;
      if (value > 255) return false;
    }
  }
  return part === 4;
}

const dot = 46;
const zero = 48;

function parseIpv6(text: string): Uint8Array | undefined {
  if (text.length > 45) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = hextets(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? hextets(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const bytes = new Uint8Array(16);
  for (const [i, word] of all.entries()) {
    bytes[2 * i] = word >> 8;
    bytes[2 * i + 1] = word & 0xff;
  }
  return bytes;
}

/** The 16-bit words of one side of `::`; the last group of the text may be a dotted quad. */
function hextets(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const words: number[] = [];
  for (const [i, group] of groups.entries()) {
    if (group.includes('.')) {
      const quad = mayEndInIpv4 && i === groups.length - 1 ? parseIpv4(group) : undefined;
      if (quad === undefined) return undefined;
      words.push(((quad[0] ?? 0) << 8) | (quad[1] ?? 0), ((quad[2] ?? 0) << 8) | (quad[3] ?? 0));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      words.push(Number.parseInt(group, 16));
    } else {
      return undefined;
    }
  }
  return words;
}

function ipv6Text(bytes: Uint8Array): string {
  const words: number[] = [];
  for (let i = 0; i < 16; i += 2) words.push(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0));
  if (words.slice(0, 5).every((w) => w === 0) && words[5] === 0xffff) return `::ffff:${bytes.slice(12).join('.')}`;
  const run = longestZeroRun(words);
  const hex = words.map((w) => w.toString(16));
  if (run.length < 2) return hex.join(':');
  return `${hex.slice(0, run.start).join(':')}::${hex.slice(run.start + run.length).join(':')}`;
}

function longestZeroRun(words: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let i = 0; i <= words.length; i++) {
    if (i < words.length && words[i] === 0) continue;
    if (i - start > best.length) best = { start, length: i - start };
    start = i + 1;
  }
  return best;
}
