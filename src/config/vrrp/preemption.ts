import type { VrrpInstance } from '../model/vrrp.ts';
import type { Findings, Reading } from '../read.ts';

/** nopreempt and preempt_delay, where they have an effect. */
export function preemption(
  findings: Findings,
  object: string,
  reading: Reading,
  { state, priority }: Pick<VrrpInstance, 'state' | 'priority'>,
): Pick<VrrpInstance, 'nopreempt' | 'preemptDelayMs'> {
  const last = reading.entries.findLast(({ keyword }) => keyword.name === 'preempt' || keyword.name === 'nopreempt');
  const nopreempt = last?.keyword.name === 'nopreempt';
  const delay = reading.entry('preempt_delay');
  const delayed = delay !== undefined && delay.value !== 0;
  // The owner of the addresses begins as MASTER, whatever the file says.
  const master = state === 'MASTER' || priority === 255;
  if (master && delayed) {
    findings.warning(
      'preempt-delay-master',
      delay.statement.keyword.span,
      `'preempt_delay' in ${object} does not go with ${state === 'MASTER' ? "'state MASTER'" : "'priority 255'"} and is ignored`,
      state === 'MASTER' ? "write 'state BACKUP' on both directors" : 'give a priority below 255',
    );
  }
  if (nopreempt && !master && delayed) {
    findings.warning(
      'preempt-delay-nopreempt',
      delay.statement.keyword.span,
      `'preempt_delay' in ${object} does not go with 'nopreempt' and is ignored`,
      'remove one of them',
    );
  }
  if (nopreempt && master) {
    findings.warning(
      'nopreempt-master',
      last.statement.keyword.span,
      `'nopreempt' in ${object} does not go with ${state === 'MASTER' ? "'state MASTER'" : "'priority 255'"} and is ignored`,
      state === 'MASTER' ? "write 'state BACKUP' on both directors" : 'give a priority below 255',
    );
  }
  return {
    nopreempt: nopreempt && !master,
    preemptDelayMs: master || nopreempt ? 0 : (reading.number('preempt_delay') ?? 0),
  };
}
