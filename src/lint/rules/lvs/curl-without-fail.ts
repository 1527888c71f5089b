import { splitCommand } from '../../../parser/index.ts';
import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';

/** curl(1): without --fail the exit status is 0 for every reply, 500 included. */
export const curlWithoutFail: Rule = {
  id: 'curl-without-fail',
  severity: 'warning',
  title: 'a check with curl that takes every reply for a success',
  *check(director) {
    for (const { statement, block } of director.lines) {
      const { text } = statement.keyword;
      const isCheck = text === 'misc_path' || (text === 'script' && block === 'vrrp_script');
      if (!isCheck) continue;
      const [program = '', ...words] = splitCommand(statement.args[0]?.text ?? '');
      if (!/(?:^|\/)curl$/.test(program) || !words.some((word) => /^https?:\/\//.test(word))) continue;
      if (words.some((word) => /^-[a-zA-Z#0-9]*f|^--fail/.test(word))) continue;
      yield {
        at: spanOf(statement),
        message: `'${program}' in ${text} succeeds with every reply, also with status 500`,
        hint: `add '--fail': "${program} --fail ${words.join(' ')}"`,
      };
    }
  },
};
