import type { Forwarding } from '../model/lvs.ts';
import type { Entry, Findings } from '../read.ts';

export function readForwarding(findings: Findings, object: string, entry: Entry | undefined): Forwarding | undefined {
  if (entry === undefined) return undefined;
  const [kind, ...rest] = entry.statement.args.map((word) => word.text);
  const { span } = entry.statement.args[0] ?? entry.statement.keyword;
  const takes = 'it takes NAT, DR or TUN [type ipip|gue|gre] [port 1..65535] [nocsum|csum|remcsum]';
  if (kind === 'NAT' || kind === 'DR') {
    const [extra] = entry.statement.args.slice(1);
    if (extra !== undefined)
      findings.error('bad-argument', extra.span, `'${extra.text}' after ${kind} in ${object} is not valid`, takes);
    return { lbKind: kind };
  }
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
    else if (word === 'port' && /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535)
      tunnel.tunPort = Number(value);
    else if (word === 'nocsum' || word === 'csum' || word === 'remcsum') tunnel.tunChecksum = word;
    else {
      findings.error('bad-argument', span, `'${entry.keyword.name} TUN … ${word}' in ${object} is not valid`, takes);
      return undefined;
    }
  }
  const problem = tunnelProblem(tunnel);
  if (problem === undefined) return { lbKind: 'TUN', ...tunnel };
  findings.error('bad-argument', span, `'${entry.keyword.name} TUN' in ${object} is not valid`, problem);
  return undefined;
}

function tunnelProblem({
  tunType,
  tunPort,
  tunChecksum,
}: Omit<Extract<Forwarding, { lbKind: 'TUN' }>, 'lbKind'>): string | undefined {
  if ((tunType === 'gue') !== (tunPort !== undefined)) return 'type gue needs a port, and only that has one';
  if (tunType === 'ipip' && tunChecksum !== undefined && tunChecksum !== 'nocsum') return 'type ipip has no checksum';
  return tunType === 'gre' && tunChecksum === 'remcsum' ? 'type gre has no remote checksum' : undefined;
}
