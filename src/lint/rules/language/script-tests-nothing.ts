import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { checkCommands } from './check-command.ts';

/** The exit status of a check decides, and that of these programs never changes. */
export const scriptTestsNothing: Rule = {
  id: 'script-tests-nothing',
  severity: 'warning',
  title: 'a check whose result is always the same',
  *check(director) {
    for (const { statement, words } of checkCommands(director)) {
      const [program = ''] = words;
      if (!/^(?:echo|printf|true|false|:)$/.test(program)) continue;
      const meant = program === 'true' || program === 'false';
      yield {
        at: spanOf(statement),
        message: `'${words.join(' ')}' in ${statement.keyword.text} ${program === 'false' ? 'fails' : 'succeeds'} always: it tests nothing`,
        hint: 'run a program whose exit status tells whether the service works',
        // Nobody writes it by mistake.
        ...(meant ? { severity: 'info' } : {}),
      };
    }
  },
};
