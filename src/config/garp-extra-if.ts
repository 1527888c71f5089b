import type { GarpSettings } from './model/vrrp.ts';
import type { Reading } from './read.ts';

const longestSecs = 86_400;

/** `garp_extra_if [all] SECONDS`; 0 in an instance switches it off. Null where it is off. */
export function readGarpExtraIf(reading: Reading, prefix: '' | 'vrrp_'): GarpSettings['garpExtraIf'] | null {
  const entry = reading.entry(`${prefix}garp_extra_if`) ?? reading.entry(`${prefix}vmac_garp_intvl`);
  if (entry === undefined) return undefined;
  const least = prefix === '' ? 0 : 1;
  const all = entry.statement.args[0]?.text === 'all';
  const word = entry.statement.args[all ? 1 : 0];
  const secs = /^\d{1,5}$/.test(word?.text ?? '') ? Number(word?.text) : Number.NaN;
  if (secs >= least && secs <= longestSecs) return secs === 0 ? null : { intervalMs: secs * 1000, all };
  reading.findings.error(
    'bad-argument',
    (word ?? entry.statement.keyword).span,
    `'${entry.keyword.name} ${entry.statement.args.map(({ text }) => text).join(' ')}' in ${reading.object} is not valid`,
    `it takes [all] SECONDS, from ${String(least)} to ${String(longestSecs)}`,
  );
  return undefined;
}
