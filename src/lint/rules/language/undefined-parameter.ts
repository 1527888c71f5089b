import type { Statement, Word } from '../../../parser/index.ts';
import { spanOf, type Director } from '../../director.ts';
import type { Report, Rule } from '../../rule.ts';
import { commandsOf } from './command-line.ts';
import { everyLine } from './every-line.ts';

/** What is not defined stays as it is: `${NAME}` with braces that open and close a block. */
export const undefinedParameter: Rule = {
  id: 'undefined-parameter',
  severity: 'error',
  title: 'a parameter that is not defined before its use',
  *check(director) {
    if (![...director.sources.values()].some(({ text }) => text.includes('$'))) return;
    const commands = new Set(commandsOf(director).map(({ statement }) => statement));
    for (const statement of everyLine(director.statements)) {
      if (definesNothing(statement)) {
        yield {
          at: spanOf(statement),
          message: `'${statement.keyword.text} =' defines nothing: no blank may stand before the '='`,
          hint: `write ${statement.keyword.text}=${statement.args[1]?.text ?? 'value'}`,
        };
        continue;
      }
      yield* braces(statement, director);
      // A command may mean a variable of its own, which is another rule's; a $ in a password or an expression is one.
      if (commands.has(statement) || /^(?:auth_pass|regex|password|key)$/.test(statement.keyword.text)) continue;
      for (const word of [statement.keyword, ...statement.args]) yield* plain(word);
    }
  },
};

function definesNothing({ keyword, args }: Statement): boolean {
  return (
    keyword.text.startsWith('$') && /^\$[A-Za-z_]\w*$/.test(keyword.text) && args[0]?.text.startsWith('=') === true
  );
}

/** The braces have become those of a block, so the file is asked what stands after the `$`. */
function* braces(statement: Statement, director: Director): Iterable<Report> {
  const last = statement.args.at(-1) ?? statement.keyword;
  if (last.quoted || !last.text.endsWith('$')) return;
  const { span } = last;
  const source = director.sources.get(span.file);
  const end = source?.offset(span.endLine, span.endColumn);
  if (source === undefined || end === undefined) return;
  const [parameter, name] = /^\{([A-Za-z_]\w*)\}/.exec(source.text.slice(end, end + 100)) ?? [];
  if (parameter === undefined || name === undefined) return;
  yield {
    at: source.span(end - 1, end + parameter.length),
    message: `$${parameter} is not defined here, so it stays as it is, and its braces open and close a block`,
    hint: `define it on a line before: $${name}=…`,
  };
}

function* plain(word: Word): Iterable<Report> {
  if (!word.text.includes('$')) return;
  const name = /^\$([A-Za-z_]\w*)$/.exec(word.text)?.[1] ?? /\$\{([A-Za-z_]\w*)\}/.exec(word.text)?.[1];
  if (name === undefined) return;
  yield {
    at: word.span,
    message: `$${name} is not defined here, so '${word.text}' stays as it is`,
    hint: `define it on a line before: $${name}=…`,
  };
}
