import { spanOf, type PlacedLine } from '../../director.ts';
import type { Report, Rule } from '../../rule.ts';
import { splitCommand } from '../../../parser/index.ts';

const shellWords = /^(?:\||\|\||&&|&|;|\d?>{1,2}(?:&\d|\S*)|&>\S*|<)$|;$/;
const shells = /(?:^|\/)(?:ba|da|z|k)?sh$/;

/** Scripts run without a shell: what only a shell understands reaches the program as plain words. */
export const shellSyntax: Rule = {
  id: 'shell-syntax',
  severity: 'error',
  title: 'a command that needs a shell, where there is none',
  *check(director) {
    for (const line of director.lines) {
      const kind = line.keyword?.args.kind;
      if (kind === 'command' || kind === 'optional-command') yield* judge(line);
    }
  },
};

function* judge({ statement }: PlacedLine): Iterable<Report> {
  const words = splitCommand(statement.args[0]?.text ?? '');
  if (shells.test(words[0] ?? '')) return;
  const wrong = words.find((word) => shellWords.test(word)) ?? words.find((word) => /\$\(|`|\$\{?[A-Za-z_]/.test(word));
  if (wrong === undefined) return;
  yield {
    at: spanOf(statement),
    message: `'${wrong}' in ${statement.keyword.text} needs a shell, and scripts run without one: the program gets it as a plain word`,
    hint: 'put the commands into a script file and name that, or write "/bin/sh -c \'…\'"',
  };
}
