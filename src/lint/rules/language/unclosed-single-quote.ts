import { spanOf } from '../../director.ts';
import { lineText } from '../../edit.ts';
import type { Rule } from '../../rule.ts';
import { commandsOf } from './command-line.ts';

/** keepalived says "missing terminating '" and has no script then; a # or ! begins a comment also inside single quotes. */
export const unclosedSingleQuote: Rule = {
  id: 'unclosed-single-quote',
  severity: 'error',
  title: 'a single quote in a command is not closed',
  *check(director) {
    for (const { statement, line } of commandsOf(director)) {
      if (line.unclosed !== "'") continue;
      const source = director.sources.get(spanOf(statement).file);
      const { endLine, endColumn } = spanOf(statement);
      const after =
        source === undefined
          ? ''
          : lineText(source, endLine)
              .slice(endColumn - 1)
              .trimStart()
              .charAt(0);
      const cut = after === '#' || after === '!';
      yield {
        at: spanOf(statement),
        message: `the single quote in ${statement.keyword.text} is not closed, and the script is not run`,
        hint: cut
          ? `'${after}' begins a comment inside single quotes: use double quotes around the command`
          : 'close it, or leave the apostrophe out: 2.2.7 has no way to write one',
      };
    }
  },
};
