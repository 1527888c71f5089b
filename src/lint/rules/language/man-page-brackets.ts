import type { Word } from '../../../parser/index.ts';
import type { Rule } from '../../rule.ts';
import { everyLine } from './every-line.ts';

const free = /^(?:regex|path|auth_pass|password|digest|payload|status_code|require_reply|Subject)$/;

/** Brackets of the man page say that something may be left out or filled in; they are not written. */
export const manPageBrackets: Rule = {
  id: 'man-page-brackets',
  severity: 'error',
  title: 'brackets of the man page were copied along',
  *check(director) {
    for (const statement of everyLine(director.statements)) {
      const word = statement.args.find((one) => isPlaceholder(one));
      if (word === undefined || free.test(statement.keyword.text)) continue;
      const inside = word.text.slice(1, -1);
      yield {
        at: word.span,
        message: `'${word.text}' in ${statement.keyword.text} has the brackets of the man page, and is taken as it stands`,
        hint: word.text.startsWith('[')
          ? `the brackets say that it may be left out: write ${inside}, or nothing`
          : `write your value in the place of '${word.text}'`,
      };
    }
  },
};

function isPlaceholder({ text, quoted }: Word): boolean {
  const first = text[0];
  return (
    (first === '[' || first === '<') &&
    !quoted &&
    (/^\[[^[\]]+\]$/.test(text) || /^<[A-Za-z][\w-]*>?$/.test(text)) &&
    text.length > 2
  );
}
