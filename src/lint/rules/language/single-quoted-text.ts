import type { Word } from '../../../parser/index.ts';
import type { Rule } from '../../rule.ts';
import { isSecret } from './secret.ts';

/** Single quotes are letters but in commands and expressions. */
export const singleQuotedText: Rule = {
  id: 'single-quoted-text',
  severity: 'warning',
  title: 'single quotes become part of a text',
  *check(director) {
    for (const { statement, keyword } of director.lines) {
      const kind = keyword?.args.kind;
      const [first] = statement.args;
      if (first === undefined || keyword?.name === 'regex' || !quoted(first, statement.args)) continue;
      if (kind !== 'text' && kind !== 'path' && kind !== 'interface' && kind !== 'block' && kind !== 'words') continue;
      const text = statement.args.map((word) => word.text).join(' ');
      const secret = isSecret(statement.keyword.text);
      yield {
        at: first.span,
        message: secret
          ? `the single quotes are part of ${statement.keyword.text}, and count among its characters`
          : `${statement.keyword.text} is "${first.text}", with the single quote: only double quotes group here`,
        hint: secret ? 'write it without quotes, or in double ones' : `write "${text.replace(/^'|'$/g, '')}"`,
      };
    }
  },
};

function quoted(first: Word, words: readonly Word[]): boolean {
  const last = words.at(-1);
  return !first.quoted && /^'./.test(first.text) && last !== undefined && !last.quoted && /.'$/.test(last.text);
}
