import { compareIp, ipFamily, ipFromBytes, ipToBytes, parseIp, type IpAddress } from '../../core/index.ts';

export interface AddressRange {
  readonly first: IpAddress;
  readonly last: IpAddress;
}

/** Addresses of one range. Each is a service of the kernel with all its servers. */
export const mostAddresses = 65_536;

/** `ADDRESS`, `ADDRESS-LAST`, where LAST is an address or its last part, or `ADDRESS/PREFIX`; undefined for what is none. */
export function readAddressRange(text: string): AddressRange | undefined {
  const [, address = '', mark, end = ''] = /^([^-/]*)(?:([-/])(.*))?$/.exec(text) ?? [];
  const parsed = parseIp(address);
  if (!parsed.ok) return undefined;
  const first = parsed.value;
  if (mark === undefined) return { first, last: first };
  return mark === '-' ? rangeTo(first, end) : rangeOfPrefix(first, end);
}

function rangeTo(first: IpAddress, text: string): AddressRange | undefined {
  const whole = parseIp(text);
  if (whole.ok) {
    const last = whole.value;
    return ipFamily(first) === ipFamily(last) && compareIp(first, last) <= 0 ? { first, last } : undefined;
  }
  const bytes = ipToBytes(first);
  const six = bytes.length === 16;
  const digits = six ? /^[0-9a-fA-F]{1,4}$/ : /^\d{1,3}$/;
  const value = digits.test(text) ? Number.parseInt(text, six ? 16 : 10) : -1;
  if (!six && value > 255) return undefined;
  if (six) bytes[14] = value >> 8;
  bytes[bytes.length - 1] = value & 0xff;
  const last = ipFromBytes(bytes);
  return value >= 0 && compareIp(first, last) < 0 ? { first, last } : undefined;
}

function rangeOfPrefix(first: IpAddress, prefix: string): AddressRange | undefined {
  const bytes = ipToBytes(first);
  const length = /^\d{1,3}$/.test(prefix) ? Number(prefix) : 0;
  if (length < 1 || length > bytes.length * 8) return undefined;
  const host = bytes.map((_, i) => 0xff >> Math.min(8, Math.max(0, length - 8 * i)));
  if (bytes.some((byte, i) => (byte & (host[i] ?? 0)) !== 0)) return undefined;
  return { first, last: ipFromBytes(bytes.map((byte, i) => byte | (host[i] ?? 0))) };
}

export function isTooLong({ first, last }: AddressRange): boolean {
  return numberOf(last) - numberOf(first) >= BigInt(mostAddresses);
}

function numberOf(address: IpAddress): bigint {
  return ipToBytes(address).reduce((number, byte) => number * 256n + BigInt(byte), 0n);
}
