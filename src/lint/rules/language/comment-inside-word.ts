import type { Word } from '../../../parser/index.ts';
import type { SourceFile } from '../../../parser/index.ts';
import { textAt } from '../../edit.ts';
import type { Rule } from '../../rule.ts';
import { commandsOf } from './command-line.ts';
import { isSecret } from './secret.ts';

/** A # or ! begins a comment also in the middle of a word, where it is not in double quotes. */
export const commentInsideWord: Rule = {
  id: 'comment-inside-word',
  severity: 'warning',
  title: 'a # or ! inside a word begins a comment',
  *check(director) {
    const commands = new Set(commandsOf(director).map(({ statement }) => statement));
    for (const { statement, keyword } of director.lines) {
      const kind = keyword?.args.kind;
      const word = statement.args.at(-1);
      // After a number, an interface or an address nothing can be meant to follow.
      if (word === undefined || word.quoted || !(kind === 'text' || kind === 'path' || commands.has(statement)))
        continue;
      const source = director.sources.get(word.span.file);
      const comment = source === undefined ? '' : commentAfter(source, word);
      if (comment === '') continue;
      const secret = isSecret(statement.keyword.text);
      yield {
        at: { ...word.span, endColumn: word.span.endColumn + comment.length },
        message: `'${comment[0] ?? ''}' begins a comment also inside a word: ${statement.keyword.text} is ${
          secret ? 'cut off there' : `'${word.text}'`
        }`,
        hint: `write ${statement.keyword.text} "${secret ? '…' : word.text + comment}", or a blank before the comment if it is one`,
      };
    }
  },
};

/** What stands right after a word, if it begins a comment; up to the next blank. */
function commentAfter(source: SourceFile, { span, text }: Word): string {
  const end = source.offset(span.endLine, span.endColumn);
  if (end === undefined || textAt(source, span) !== text) return '';
  return /^[#!]\S*/.exec(source.text.slice(end, end + 200))?.[0] ?? '';
}
