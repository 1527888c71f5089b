import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';

/** nb_get_retry is the old name of retry: of two numbers the last one counts. */
export const twoRetries: Rule = {
  id: 'two-retries',
  severity: 'warning',
  title: 'retry and nb_get_retry in one check',
  *check(director) {
    for (const { statement } of director.lines) {
      if (!/^(?:HTTP|SSL)_GET$/.test(statement.keyword.text)) continue;
      const lines = statement.block?.statements ?? [];
      const old = lines.find(({ keyword }) => keyword.text === 'nb_get_retry');
      const now = lines.find(({ keyword }) => keyword.text === 'retry');
      if (old === undefined || now === undefined || old.args[0]?.text === now.args[0]?.text) continue;
      yield {
        at: spanOf(old),
        message: `${statement.keyword.text} has retry and nb_get_retry, two names of one setting: the last one counts`,
        hint: 'leave nb_get_retry out',
        related: [{ span: spanOf(now), message: 'the other' }],
      };
    }
  },
};
