import type { IncludeCheck } from '../model/global-defs.ts';
import type { Reading } from '../read.ts';

const all: readonly IncludeCheck[] = ['read', 'match', 'wildcard_match', 'brace_match'];

/** `include_check [NAME] [+NAME|-NAME]…`: without a name all, with a plain one that and `read`. Several lines go on from each other. */
export function readIncludeCheck(reading: Reading): readonly IncludeCheck[] {
  let checks = new Set<IncludeCheck>();
  for (const { statement } of reading.all('include_check')) {
    if (statement.args.length === 0) checks = new Set(all);
    for (const [i, { text, span }] of statement.args.entries()) {
      const check = all.find((one) => one === text.replace(/^[+-]/, ''));
      const plain = !/^[+-]/.test(text);
      if (check === undefined || (plain && i > 0)) {
        reading.findings.error(
          'bad-argument',
          span,
          `'include_check ${text}' in ${reading.object} is not valid`,
          `it takes ${all.join(', ')}; those after the first begin with '+' or '-'`,
        );
        continue;
      }
      if (plain) checks = new Set(['read', check]);
      else if (text.startsWith('+')) checks.add(check);
      else checks.delete(check);
    }
  }
  return all.filter((check) => checks.has(check));
}
