import { splitCommand } from '../../../parser/index.ts';
import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { commandsOf } from './command-line.ts';

/** A folder of /home belongs to a user, who can replace what root runs in it. */
export const scriptInHome: Rule = {
  id: 'script-in-home',
  severity: 'warning',
  title: "root runs a script out of somebody's home",
  *check(director) {
    const { scriptUser, enableScriptSecurity } = director.config.global;
    for (const { statement, line, within } of commandsOf(director)) {
      const [program = ''] = splitCommand(line.command);
      const owner = /^\/home\/([^/]+)\/./.exec(program)?.[1];
      if (owner === undefined) continue;
      const own = within?.block?.statements.findLast(({ keyword }) => keyword.text === 'user')?.args[0]?.text;
      const user = own ?? line.rest[0] ?? scriptUser?.user ?? 'root';
      if (user !== 'root') continue;
      yield {
        at: spanOf(statement),
        message: `${statement.keyword.text} runs ${program} as root, and ${owner}, whose home it is in, can replace it${
          enableScriptSecurity ? ': with enable_script_security keepalived refuses to run it' : ''
        }`,
        hint: `move it to a folder of root, as /etc/keepalived, or run it as ${owner}`,
        // It is said already that scripts are not checked; this is what would come of it.
        ...(enableScriptSecurity ? {} : { severity: 'info' }),
      };
    }
  },
};
