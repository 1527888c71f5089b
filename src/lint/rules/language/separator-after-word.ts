import type { Word } from '../../../parser/index.ts';
import type { Report, Rule } from '../../rule.ts';
import { isSecret } from './secret.ts';

/** Words are separated by blanks and lines by their ends; a comma or semicolon is a letter. */
export const separatorAfterWord: Rule = {
  id: 'separator-after-word',
  severity: 'error',
  title: 'a comma or semicolon becomes part of the word before it',
  *check(director) {
    for (const { statement, keyword } of director.lines) {
      // Of numbers and addresses the reader says that they are none; a password may end so.
      if (keyword === undefined || isSecret(keyword.name) || keyword.name === 'regex') continue;
      const { kind } = keyword.args;
      if (kind === 'text' || kind === 'path' || kind === 'interface' || kind === 'block') {
        for (const word of statement.args) yield* judge(word, statement.keyword.text);
      } else if (keyword.name === 'notification_email') {
        for (const line of statement.block?.statements ?? [])
          for (const word of [line.keyword, ...line.args]) yield* judge(word, 'notification_email');
      }
    }
  },
};

function* judge({ text, quoted, span }: Word, keyword: string): Iterable<Report> {
  const mark = /[^,;]([,;])$/.exec(text)?.[1];
  if (mark === undefined || quoted) return;
  yield {
    at: span,
    message: `the '${mark}' is part of '${text}' in ${keyword}`,
    hint: `write ${text.slice(0, -1)}: words are separated by blanks, and lines end by themselves`,
  };
}
