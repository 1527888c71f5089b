import type { RealServer } from '../model/lvs.ts';
import type { Findings, Reading } from '../read.ts';

/** The quorum cannot exceed what the servers can reach, and the hysteresis must stay below the quorum. */
export function quorumOf(
  findings: Findings,
  object: string,
  reading: Reading,
  servers: readonly RealServer[],
): { readonly quorum: number; readonly hysteresis: number } {
  let quorum = reading.number('quorum') ?? 1;
  let hysteresis = reading.number('hysteresis') ?? 0;
  const most = servers.reduce((sum, { weight }) => sum + weight, 0);
  const at = reading.entry('quorum')?.statement.keyword.span;
  if (at !== undefined && servers.length > 0 && quorum > most) {
    findings.warning(
      'quorum-too-high',
      at,
      `quorum ${String(quorum)} of ${object} is more than the weights of all its servers`,
      `${String(most)} is used`,
    );
    quorum = Math.max(1, most);
  }
  if (hysteresis >= quorum) {
    const span = reading.entry('hysteresis')?.statement.keyword.span;
    if (span !== undefined)
      findings.warning(
        'hysteresis-too-high',
        span,
        `hysteresis of ${object} is not below its quorum`,
        `${String(quorum - 1)} is used`,
      );
    hysteresis = quorum - 1;
  }
  return { quorum, hysteresis };
}
