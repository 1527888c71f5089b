import type { Word } from '../../../parser/index.ts';
import type { Rule } from '../../rule.ts';
import { commandsOf } from './command-line.ts';
import { everyLine } from './every-line.ts';
import { isSecret } from './secret.ts';

/** A double quote begins and ends a word wherever it stands, but in commands and expressions. */
export const quoteInsideWord: Rule = {
  id: 'quote-inside-word',
  severity: 'warning',
  title: 'a double quote inside a word splits it in two',
  *check(director) {
    const commands = new Set(commandsOf(director).map(({ statement }) => statement));
    for (const statement of everyLine(director.statements)) {
      if (statement.keyword.text === 'regex' || commands.has(statement)) continue;
      const words = [statement.keyword, ...statement.args];
      if (!words.some((word) => word.quoted)) continue;
      const at = words.findIndex((word, i) => touches(words[i - 1], word));
      const [before, after] = [words[at - 1], words[at]];
      if (before === undefined || after === undefined) continue;
      const cut = isSecret(statement.keyword.text) ? 'the value' : `'${written(before)}${written(after)}'`;
      yield {
        at: { ...before.span, endLine: after.span.endLine, endColumn: after.span.endColumn },
        message: `${cut} in ${statement.keyword.text} is two words: a double quote ends a word`,
        hint: after.text === ';' ? "remove the ';': lines end by themselves" : 'put the quotes around the whole word',
      };
    }
  },
};

function touches(before: Word | undefined, word: Word): boolean {
  if (before === undefined || !(before.quoted || word.quoted)) return false;
  return before.span.endLine === word.span.line && before.span.endColumn === word.span.column;
}

function written({ text, quoted }: Word): string {
  return quoted ? `"${text}"` : text;
}
