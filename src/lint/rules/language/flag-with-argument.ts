import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';

/** A flag is on where it stands; what follows it is not read. */
export const flagWithArgument: Rule = {
  id: 'flag-with-argument',
  severity: 'error',
  title: 'a flag that is switched on by a line that says off',
  *check(director) {
    for (const { statement, keyword } of director.lines) {
      const [first] = statement.args;
      if (keyword?.args.kind !== 'flag' || first === undefined) continue;
      if (!/^(?:false|no|off|0|disabled?|never)$/i.test(first.text)) continue;
      yield {
        at: spanOf(statement),
        message: `'${keyword.name} ${first.text}' switches ${keyword.name} on: it takes no argument, and none is read`,
        hint: 'remove the line',
      };
    }
  },
};
