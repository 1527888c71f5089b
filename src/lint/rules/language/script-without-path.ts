import { splitCommand } from '../../../parser/index.ts';
import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { commandsOf } from './command-line.ts';

/** keepalived asks for this itself, in its log: "resolved by path search. Please specify full path." */
export const scriptWithoutPath: Rule = {
  id: 'script-without-path',
  severity: 'info',
  title: 'a program that is looked up in the PATH',
  *check(director) {
    for (const { statement, line } of commandsOf(director)) {
      const [program = ''] = splitCommand(line.command);
      if (!/^[\w.+-]+$/.test(program)) continue;
      yield {
        at: spanOf(statement),
        message: `${program} of ${statement.keyword.text} is looked up in the PATH that the daemon was started with`,
        hint: `write its whole path: command -v ${program}`,
      };
    }
  },
};
