import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';

/** keepalived.conf has blanks between keyword and value. */
export const equalsSign: Rule = {
  id: 'equals-sign',
  severity: 'error',
  title: 'an = or : between a keyword and its value is taken as the value',
  *check(director) {
    for (const { statement, keyword } of director.lines) {
      const [first, second] = statement.args;
      const kind = keyword?.args.kind;
      if (first === undefined || second === undefined || !(first.text === '=' || first.text === ':')) continue;
      // Of numbers and the like the reader says that they are none.
      if (kind !== 'text' && kind !== 'path' && kind !== 'interface' && kind !== 'command' && kind !== 'words')
        continue;
      yield {
        at: spanOf(statement),
        message: `the value of ${statement.keyword.text} is '${first.text}': nothing but a blank stands between keyword and value`,
        hint: `write ${statement.keyword.text} ${second.quoted ? `"${second.text}"` : second.text}`,
      };
    }
  },
};
