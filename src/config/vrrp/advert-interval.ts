import type { Findings, Reading } from '../read.ts';

/** Milliseconds as the version counts them: whole seconds, or hundredths. */
export function advertInterval(findings: Findings, object: string, reading: Reading, version: 2 | 3): number {
  const ms = reading.number('advert_int') ?? 1000;
  const at = reading.entry('advert_int')?.statement.args[0]?.span;
  if (version === 2 && ms % 1000 !== 0) {
    const rounded = Math.max(1000, Math.round(ms / 1000) * 1000);
    if (at !== undefined) {
      findings.warning(
        'fractional-advert-int',
        at,
        `'advert_int ${String(ms / 1000)}' in ${object} is rounded to ${String(rounded / 1000)} s`,
        "VRRP version 2 has whole seconds: add 'version 3' on all directors",
      );
    }
    return rounded;
  }
  if (version === 3 && ms > 40_950) {
    if (at !== undefined)
      findings.error(
        'bad-argument',
        at,
        `'advert_int ${String(ms / 1000)}' in ${object} is too long for VRRP version 3`,
        'at most 40.95 s',
      );
    return 40_950;
  }
  if (version === 2) return ms;
  const rounded = Math.max(10, Math.round(ms / 10) * 10);
  if (rounded !== ms && at !== undefined) {
    findings.warning(
      'fractional-advert-int',
      at,
      `'advert_int ${String(ms / 1000)}' in ${object} is rounded to ${String(rounded / 1000)} s`,
      'VRRP version 3 counts hundredths of a second',
    );
  }
  return rounded;
}
