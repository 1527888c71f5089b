import { Reading, type Findings } from '../read.ts';

const schedulers: ReadonlySet<string> = new Set('rr wrr lc wlc lblc lblcr sh mh dh fo ovf sed nq twos'.split(' '));

export function readScheduler(findings: Findings, object: string, reading: Reading): string | undefined {
  const entry = reading.entry('lb_algo') ?? reading.entry('lvs_sched');
  const word = entry?.statement.args[0];
  if (word === undefined || schedulers.has(word.text)) return word?.text;
  findings.error(
    'bad-argument',
    word.span,
    `scheduler '${word.text}' of ${object} is not known`,
    `it takes one of ${[...schedulers].join(', ')}`,
  );
  return undefined;
}

/** The lines of a virtual_server without those that the reference takes only after the line that they belong to. */
export function inOrder(findings: Findings, object: string, reading: Reading): Reading {
  let scheduler = '';
  let sorry = false;
  const entries = reading.entries.filter(({ keyword, statement }) => {
    const { name } = keyword;
    if (name === 'lb_algo' || name === 'lvs_sched') scheduler = statement.args[0]?.text ?? '';
    if (name === 'sorry_server') sorry = true;
    const needed = /^(?:sh|mh)-(?:port|fallback)$/.test(name) ? name.slice(0, 2) : name === 'hashed' ? 'sh' : undefined;
    const ofSorry = name === 'sorry_server_inhibit' || name === 'sorry_server_lvs_method';
    const early = needed === undefined ? ofSorry && !sorry : needed !== scheduler;
    if (early)
      findings.warning(
        'out-of-order',
        statement.keyword.span,
        `'${name}' in ${object} has no effect`,
        `it belongs after '${needed === undefined ? 'sorry_server' : `lb_algo ${needed}`}'`,
      );
    return !early;
  });
  return entries.length === reading.entries.length ? reading : new Reading(findings, object, entries);
}
