import type { Statement } from '../../parser/index.ts';
import type { GroupEntry, VirtualServerGroup } from '../model/lvs.ts';
import { reportTwoNames } from '../named.ts';
import { isTooLong, mostAddresses, readAddressRange } from './address-range.ts';
import { memberFamily } from './key.ts';
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
    const text = [line.keyword, ...line.args].map((word) => word.text).join(' ');
    if (entry === undefined) {
      findings.error(
        'bad-argument',
        line.keyword.span,
        `'${text}' in virtual_server_group ${name} is not valid`,
        'it takes ADDRESS[-LAST|/PREFIX] [PORT] or fwmark NUMBER [inet|inet6]',
        line.keyword.text === 'fwmark' && line.args.length === 0 ? 'missing-parameter' : 'general',
      );
    } else if (entry.kind === 'range' && isTooLong(entry)) {
      findings.error(
        'bad-argument',
        line.keyword.span,
        `'${text}' in virtual_server_group ${name} stands for more than ${String(mostAddresses)} addresses`,
        'each would be a service of the kernel: mark the packets, and write fwmark NUMBER; the line is ignored',
        'none',
      );
      return [];
    }
    return entry ?? [];
  });
  const families = new Set(entries.map(memberFamily));
  if (families.has('ipv4') && families.has('ipv6') && families.has(undefined)) {
    findings.error(
      'mixed-families',
      span,
      `virtual_server_group ${name} has entries of both families and a fwmark of neither`,
      "write 'fwmark NUMBER inet' or 'fwmark NUMBER inet6'; the group is ignored",
    );
    return undefined;
  }
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
  const range = readAddressRange(keyword.text);
  return range === undefined || port === undefined ? undefined : { kind: 'range', ...range, port };
}
