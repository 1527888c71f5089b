import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { checkCommands } from './check-command.ts';

/** The kill of Debian and others (procps) takes process ids only; that of util-linux takes names as well. */
export const killByName: Rule = {
  id: 'kill-by-name',
  severity: 'warning',
  title: 'kill is given the name of a process',
  *check(director) {
    for (const { statement, words } of checkCommands(director)) {
      const [program, signal = '', name = ''] = words;
      if (program !== 'kill' || !/^-(?:\d+|[A-Z]\w*)$/.test(signal) || !/^[A-Za-z]/.test(name)) continue;
      yield {
        at: spanOf(statement),
        message: `kill takes process ids, and '${name}' in ${statement.keyword.text} is a name: the check fails always`,
        hint: `write /usr/bin/killall -q ${signal} ${name}, or /usr/bin/pgrep -x ${name}`,
      };
    }
  },
};
