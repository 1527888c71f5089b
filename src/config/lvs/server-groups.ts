import { ipFamily, ipFromBytes, ipToBytes, parseIp, type IpAddress } from '../../core/index.ts';
import type { Statement } from '../../parser/index.ts';
import type { GroupEntry, VirtualServerGroup } from '../model/lvs.ts';
import { reportTwoNames } from '../named.ts';
import { parsePort } from './port.ts';
import type { Entry, Findings } from '../read.ts';

export function buildServerGroup(findings: Findings, { statement }: Entry): VirtualServerGroup | undefined {
  const name = statement.args[0]?.text;
  const { span } = statement.keyword;
  if (name === undefined) {
    findings.error(
      'missing-argument',
      span,
      "'virtual_server_group' lacks its name",
      "it takes a name before its '{'",
      'missing-parameter',
    );
    return undefined;
  }
  if (statement.args.length > 1) {
    reportTwoNames(findings, statement, 'missing-parameter');
    return undefined;
  }
  const lines = statement.block?.statements ?? [];
  if (lines.length === 0)
    findings.error(
      'missing-keyword',
      span,
      `virtual_server_group ${name} has no entries`,
      "add 'ADDRESS PORT' or 'fwmark NUMBER' a line; the group is ignored",
    );
  const entries = lines.flatMap((line) => {
    const entry = groupEntry(line);
    if (entry === undefined) {
      const text = [line.keyword, ...line.args].map((word) => word.text).join(' ');
      findings.error(
        'bad-argument',
        line.keyword.span,
        `'${text}' in virtual_server_group ${name} is not valid`,
        'it takes ADDRESS[-LAST|/PREFIX] [PORT] or fwmark NUMBER [inet|inet6]',
        line.keyword.text === 'fwmark' && line.args.length === 0 ? 'missing-parameter' : 'general',
      );
    }
    return entry ?? [];
  });
  return { name, span, entries };
}

function groupEntry({ keyword, args }: Statement): GroupEntry | undefined {
  if (keyword.text === 'fwmark') {
    const fwmark = /^\d{1,10}$/.test(args[0]?.text ?? '') ? Number(args[0]?.text) : 0;
    if (fwmark <= 0 || fwmark > 0xffffffff) return undefined;
    const family = args[1]?.text;
    if (family === undefined) return { kind: 'fwmark', fwmark };
    if (family !== 'inet' && family !== 'inet6') return undefined;
    return { kind: 'fwmark', fwmark, family: family === 'inet' ? 'ipv4' : 'ipv6' };
  }
  const port = parsePort(args[0]);
  const [firstText = '', lastText] = keyword.text.split('-');
  const [addressText = '', prefix] = firstText.split('/');
  const first = parseIp(addressText);
  if (!first.ok || port === undefined) return undefined;
  const last =
    prefix !== undefined
      ? lastOfPrefix(first.value, prefix)
      : lastText === undefined
        ? first.value
        : lastOfRange(first.value, lastText);
  return last === undefined ? undefined : { kind: 'range', first: first.value, last, port };
}

/** `10.0.0.1-9` or `2001:db8::1-ff`: the last byte, or the last 16 bits in hex. */
function lastOfRange(first: IpAddress, text: string): IpAddress | undefined {
  const whole = parseIp(text);
  const bytes = ipToBytes(first);
  const start = bytes.slice();
  if (ipFamily(first) === 'ipv4') {
    const value = whole.ok ? (ipToBytes(whole.value)[3] ?? 0) : /^\d{1,3}$/.test(text) ? Number(text) : 256;
    if (value > 255 || value < (start[3] ?? 0)) return undefined;
    bytes[3] = value;
  } else {
    const value = whole.ok
      ? Number(`0x${text.split(':').at(-1) ?? ''}`)
      : /^[0-9a-fA-F]{1,4}$/.test(text)
        ? Number.parseInt(text, 16)
        : -1;
    if (value < (((start[14] ?? 0) << 8) | (start[15] ?? 0))) return undefined;
    bytes[14] = value >> 8;
    bytes[15] = value & 0xff;
  }
  const last = ipFromBytes(bytes);
  return whole.ok && whole.value !== last ? undefined : last;
}

function lastOfPrefix(first: IpAddress, prefix: string): IpAddress | undefined {
  const bits = ipFamily(first) === 'ipv4' ? 32 : 128;
  const length = /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  const hostBits = bits - length;
  if (hostBits < 0 || hostBits > (bits === 32 ? 8 : 16)) return undefined;
  const bytes = ipToBytes(first);
  const low = bytes.length - 2;
  const value = ((bytes[low] ?? 0) << 8) | (bytes[low + 1] ?? 0);
  const mask = 2 ** hostBits - 1;
  if ((value & mask) !== 0) return undefined;
  bytes[low] = (value | mask) >> 8;
  bytes[low + 1] = (value | mask) & 0xff;
  return ipFromBytes(bytes);
}
