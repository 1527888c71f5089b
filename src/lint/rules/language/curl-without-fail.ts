import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { checkCommands } from './check-command.ts';

/** curl ends with 0 as soon as it has an answer, whatever that says. */
export const curlWithoutFail: Rule = {
  id: 'curl-without-fail',
  severity: 'warning',
  title: 'curl takes an error page for a success',
  *check(director) {
    for (const { statement, words } of checkCommands(director)) {
      const [program, ...args] = words;
      if (
        program !== 'curl' ||
        args.some((word) => isFail(word)) ||
        !args.some((word) => /^(?:https?:\/\/|\w)/.test(word))
      )
        continue;
      if (args.some((word) => /^(?:telnet|tcp|smtp|imap|pop3|ldap)s?:/.test(word))) continue;
      yield {
        at: spanOf(statement),
        message: `curl in ${statement.keyword.text} succeeds with every answer, also 500 and 503`,
        hint: "add '-f': curl then fails from status 400 on",
      };
    }
  },
};

function isFail(word: string): boolean {
  return word.startsWith('--fail') || /^-[a-zA-Z0-9#]*f/.test(word);
}
