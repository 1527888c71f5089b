import type { Statement } from '../../parser/index.ts';
import type { LvsProtocol, VirtualServerGroup, VirtualServerKey } from '../model/lvs.ts';
import type { Findings, Reading } from '../read.ts';

/** Whether it is reached by firewall marks alone, which stand for every protocol. */
export function hasOnlyMarks(key: VirtualServerKey, groups: ReadonlyMap<string, VirtualServerGroup>): boolean {
  if (key.kind !== 'group') return key.kind === 'fwmark';
  const members = groups.get(key.group)?.entries ?? [];
  return members.length > 0 && members.every(({ kind }) => kind === 'fwmark');
}

export function readProtocol(
  findings: Findings,
  object: string,
  reading: Reading,
  {
    key,
    groups,
    span,
  }: {
    readonly key: VirtualServerKey;
    readonly groups: ReadonlyMap<string, VirtualServerGroup>;
    readonly span: Statement['keyword']['span'];
  },
): LvsProtocol {
  const protocol = reading.text('protocol');
  const entry = reading.entry('protocol');
  const members = key.kind === 'group' ? (groups.get(key.group)?.entries ?? []) : [];
  const byAddress = key.kind === 'address' || members.some(({ kind }) => kind === 'range');
  if (hasOnlyMarks(key, groups) && entry !== undefined)
    findings.warning(
      'protocol-of-fwmark',
      entry.statement.keyword.span,
      `'protocol' in ${object} has no effect`,
      'a firewall mark stands for all protocols that are marked: remove it',
    );
  if (protocol === 'TCP' || protocol === 'UDP' || protocol === 'SCTP') return protocol;
  if (byAddress) {
    findings.warning(
      'missing-keyword',
      span,
      `${object} has no protocol`,
      "'UDP' is taken, as keepalived does: write 'protocol TCP' or 'protocol UDP'",
    );
    return 'UDP';
  }
  return 'TCP';
}
