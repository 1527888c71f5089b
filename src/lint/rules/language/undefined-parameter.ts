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
    const commands = new Set([...commandsOf(director)].map(({ statement }) => statement));
    for (const statement of everyLine(director.statements)) {
      if (definesNothing(statement)) {
        yield {
          at: spanOf(statement),
          message: `'${statement.keyword.text} =' defines nothing: no blank may stand before the '='`,
          hint: `write ${statement.keyword.text}=${statement.args[1]?.text ?? 'value'}`,
        };
        continue;
      }
      yield* braces(statement);
      // A command may mean a variable of its own, which is another rule's; a $ in a password or an expression is one.
      if (commands.has(statement) || /^(?:auth_pass|regex|password|key)$/.test(statement.keyword.text)) continue;
      for (const word of [statement.keyword, ...statement.args]) yield* plain(word, director);
    }
  },
};

function definesNothing({ keyword, args }: Statement): boolean {
  return /^\$[A-Za-z_]\w*$/.test(keyword.text) && args[0]?.text.startsWith('=') === true;
}

function* braces(statement: Statement): Iterable<Report> {
  const { block } = statement;
  const last = statement.args.at(-1) ?? statement.keyword;
  if (block?.closed !== true || !last.text.endsWith('$')) return;
  const { span } = last;
  const [name, more] = block.statements;
  if (name === undefined || more !== undefined || name.args.length > 0 || block.open.line !== span.endLine) return;
  if (block.open.column !== span.endColumn && last.definedAt === undefined) return;
  const parameter = `\${${name.keyword.text}}`;
  yield {
    at: { ...span, column: span.endColumn - 1, endColumn: block.close.endColumn, endLine: block.close.endLine },
    message: `${parameter} is not defined here, so it stays as it is, and its braces open and close a block`,
    hint: `define it on a line before: $${name.keyword.text}=…`,
  };
}

function* plain(word: Word, director: Director): Iterable<Report> {
  const name = /^\$([A-Za-z_]\w*)$/.exec(word.text)?.[1] ?? /\$\{([A-Za-z_]\w*)\}/.exec(word.text)?.[1];
  if (name === undefined || director.sources.get(word.span.file) === undefined) return;
  yield {
    at: word.span,
    message: `$${name} is not defined here, so '${word.text}' stays as it is`,
    hint: `define it on a line before: $${name}=…`,
  };
}
