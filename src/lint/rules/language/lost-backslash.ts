import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { commandsOf } from './command-line.ts';

/** keepalived takes backslashes away as C does, before the program sees them. */
export const lostBackslash: Rule = {
  id: 'lost-backslash',
  severity: 'warning',
  title: 'a backslash in a command that the program does not get to see',
  *check(director) {
    for (const { statement, line } of commandsOf(director)) {
      // What only an expression or a format has: a class, an anchor, a group, a character that is meant as itself.
      const lost =
        /(?<!\\)\\[dDsSwWB+?|()[\]{}<>^]/.exec(line.command)?.[0] ?? /(?<!\\)\\b(?=[\w|'")]|$)/.exec(line.command)?.[0];
      if (lost === undefined) continue;
      yield {
        at: spanOf(statement),
        message: `keepalived takes the backslash out of '${lost}' in ${statement.keyword.text}: the program gets ${
          lost === '\\b' ? 'a backspace character' : `'${lost.slice(1)}'`
        }`,
        hint: 'put the command into a script file and name that; there is no spelling that all releases take alike',
      };
    }
  },
};
