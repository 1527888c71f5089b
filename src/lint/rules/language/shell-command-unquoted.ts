import { splitCommand } from '../../../parser/index.ts';
import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { commandsOf } from './command-line.ts';

const shells = /(?:^|\/)(?:ba|da|z|k)?sh$/;

/** A shell takes one word after -c as the commands; what follows are their parameters. */
export const shellCommandUnquoted: Rule = {
  id: 'shell-command-unquoted',
  severity: 'warning',
  title: "only the first word after 'sh -c' is run",
  *check(director) {
    for (const { statement, line } of commandsOf(director)) {
      const words = splitCommand(line.command);
      const [shell = '', option = '', commands = '', next] = words;
      if (!shells.test(shell) || !/^-[a-z]*c$/.test(option) || next === undefined || /[\s$]/.test(commands)) continue;
      const all = words.slice(2).join(' ');
      yield {
        at: spanOf(statement),
        message: `${statement.keyword.text} runs '${commands}' only: a shell takes one word after ${option}, and '${next}' is its parameter`,
        hint: `put the commands into single quotes: "${shell} ${option} '${all}'"`,
      };
    }
  },
};
