import type { Forwarding } from './model/lvs.ts';
import type { Entry, Findings } from './read.ts';

export function readForwarding(findings: Findings, object: string, entry: Entry | undefined): Forwarding | undefined {
  if (entry === undefined) return undefined;
  const [kind, ...rest] = entry.statement.args.map((word) => word.text);
  const { span } = entry.statement.args[0] ?? entry.statement.keyword;
  if (kind === 'NAT' || kind === 'DR') return { lbKind: kind };
  const takes = 'it takes NAT, DR or TUN [type ipip|gue|gre] [port 1..65535] [nocsum|csum|remcsum]';
  if (kind !== 'TUN') {
    findings.error('bad-argument', span, `'${entry.keyword.name} ${kind ?? ''}' in ${object} is not valid`, takes);
    return undefined;
  }
  const tunnel: { tunType: 'ipip' | 'gue' | 'gre'; tunPort?: number; tunChecksum?: 'nocsum' | 'csum' | 'remcsum' } = {
    tunType: 'ipip',
  };
  while (rest.length > 0) {
    const word = rest.shift() ?? '';
    const value = word === 'type' || word === 'port' ? (rest.shift() ?? '') : word;
    if (word === 'type' && (value === 'ipip' || value === 'gue' || value === 'gre')) tunnel.tunType = value;
    else if (word === 'port' && /^\d{1,5}$/.test(value) && Number(value) <= 65_535) tunnel.tunPort = Number(value);
    else if (word === 'nocsum' || word === 'csum' || word === 'remcsum') tunnel.tunChecksum = word;
    else {
      findings.error('bad-argument', span, `'${entry.keyword.name} TUN … ${word}' in ${object} is not valid`, takes);
      return undefined;
    }
  }
  return { lbKind: 'TUN', ...tunnel };
}
