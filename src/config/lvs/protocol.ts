import type { Statement } from '../../parser/index.ts';
import type { LvsProtocol, VirtualServerGroup, VirtualServerKey } from '../model/lvs.ts';
import type { Findings, Reading } from '../read.ts';

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
  const onlyMarks = key.kind === 'fwmark' || (members.length > 0 && !byAddress);
  if (onlyMarks && entry !== undefined)
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
