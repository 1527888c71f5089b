import { splitCommand } from '../../../parser/index.ts';
import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { commandsOf } from './command-line.ts';

/** What others than root can change, they can run as root. */
export const scriptInsecure: Rule = {
  id: 'script-insecure',
  severity: 'error',
  title: 'a program that others than root can change is run as root',
  *check(director) {
    const { programs } = director.facts ?? {};
    if (programs === undefined) return;
    const { scriptUser, enableScriptSecurity } = director.config.global;
    const usual =
      scriptUser?.user ??
      (director.facts?.users?.includes('keepalived_script') === true ? 'keepalived_script' : 'root');
    for (const { statement, line, within } of commandsOf(director)) {
      const [program = ''] = splitCommand(line.command);
      const insecure = programs[program]?.insecure;
      const own = within?.block?.statements.findLast(({ keyword }) => keyword.text === 'user')?.args[0]?.text;
      const user = own ?? line.rest[0] ?? usual;
      if (insecure === undefined || user !== 'root') continue;
      yield {
        at: spanOf(statement),
        message: enableScriptSecurity
          ? `${program} of ${statement.keyword.text} is not run: ${insecure}`
          : `${program} of ${statement.keyword.text} is run as root, and ${insecure}`,
        hint: `chown root ${program} and the folders above it, and take write permission from others`,
      };
    }
  },
};
