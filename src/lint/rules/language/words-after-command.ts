import type { Rule } from '../../rule.ts';
import { commandsOf } from './command-line.ts';

const states = /^(?:(?:master|backup|fault|stop|start|up|down|on|off|add|del|primary|secondary|enter|leave)|\d+)$/i;
const neverUser = /^[-$<>|&"'/]|[/;=]|&&/;

/** Words after a command are the user and the group that it runs as, and not its arguments. */
export const wordsAfterCommand: Rule = {
  id: 'words-after-command',
  severity: 'error',
  title: 'arguments of a command outside its quotes',
  *check(director) {
    for (const { statement, line } of commandsOf(director)) {
      const [user] = line.rest;
      if (user === undefined || line.unclosed !== undefined) continue;
      const known = director.facts?.users?.includes(user);
      const sure = known === false || states.test(user) || neverUser.test(user) || line.rest.length > 2;
      if (known === true || !sure) continue;
      const words = line.rest.join(' ');
      const effect =
        statement.keyword.text === 'script' || statement.keyword.text === 'misc_path'
          ? `'${words}' after the command of ${statement.keyword.text} is not passed to it`
          : `${statement.keyword.text} runs its command as user '${user}', without '${words}' as arguments`;
      yield {
        at: line.restSpan,
        message: effect,
        hint: /^(?:\/\/|--|;)/.test(user)
          ? "a comment begins with '#' or '!'"
          : line.quoted
            ? 'after the closing quote only user and group may follow: move the words into the quotes, or remove them'
            : `put the whole command into quotes: ${statement.keyword.text} "${[line.command, ...line.rest].join(' ').replaceAll('"', "'")}"`,
      };
    }
  },
};
