import type { Findings, Reading } from '../read.ts';

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

/** Lines that the reference takes only after the line that they belong to. */
export function checkOrder(findings: Findings, object: string, reading: Reading): void {
  let scheduler = '';
  let sorry = false;
  for (const { keyword, statement } of reading.entries) {
    const { name } = keyword;
    if (name === 'lb_algo' || name === 'lvs_sched') scheduler = statement.args[0]?.text ?? '';
    if (name === 'sorry_server') sorry = true;
    const needed = /^(?:sh|mh)-(?:port|fallback)$/.test(name) ? name.slice(0, 2) : name === 'hashed' ? 'sh' : undefined;
    if (needed !== undefined && needed !== scheduler)
      findings.warning(
        'out-of-order',
        statement.keyword.span,
        `'${name}' in ${object} has no effect`,
        `it belongs after 'lb_algo ${needed}'`,
      );
    if ((name === 'sorry_server_inhibit' || name === 'sorry_server_lvs_method') && !sorry)
      findings.warning(
        'out-of-order',
        statement.keyword.span,
        `'${name}' in ${object} has no effect`,
        "it belongs after 'sorry_server'",
      );
  }
}
