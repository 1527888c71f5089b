import type { SourceSpan } from '../../../core/index.ts';
import { commandWords, openQuoteInside, unquoted, type Statement } from '../../../parser/index.ts';
import { spanOf, type Director, type PlacedLine } from '../../director.ts';
import { textAt } from '../../edit.ts';

/** A line with a command, split as keepalived does: single quotes group as well as double ones, also inside a word. */
export interface CommandLine {
  /** The first word without the quotes around it: what is split into a program and its arguments. */
  readonly command: string;
  /** Whether quotes hold the command together. */
  readonly quoted: boolean;
  /** What follows it: user and group, quotes included. */
  readonly rest: readonly string[];
  /** Where `rest` stands, or the line where the file does not hold it as it is. */
  readonly restSpan: SourceSpan;
  /** A single or double quote that nothing closes. */
  readonly unclosed?: string;
}

export interface PlacedCommand extends PlacedLine {
  readonly line: CommandLine;
}

/** Many rules ask for them, and there may be 100,000. */
const found = new WeakMap<Director, readonly PlacedCommand[]>();

/** The lines of all commands. */
export function commandsOf(director: Director): readonly PlacedCommand[] {
  const known = found.get(director);
  if (known !== undefined) return known;
  const commands = director.lines
    .filter(({ keyword, statement }) => {
      const kind = keyword?.args.kind;
      return (kind === 'command' || kind === 'optional-command') && statement.args.length > 0;
    })
    .map((placed) => ({ ...placed, line: readCommand(placed.statement, director) }));
  found.set(director, commands);
  return commands;
}

function readCommand(statement: Statement, director: Director): CommandLine {
  const { raw } = statement;
  const words = commandWords(raw, statement.keyword.text.length);
  const [first, second] = words;
  const text = first?.text ?? '';
  const last = words.at(-1)?.unclosed ?? openQuoteInside(text);
  const whole = spanOf(statement);
  const source = director.sources.get(whole.file);
  const stands = source !== undefined && textAt(source, whole) === raw;
  return {
    command: unquoted(text),
    quoted: /^["']/.test(text),
    rest: words.slice(1).map((word) => word.text),
    restSpan: stands && second !== undefined ? { ...whole, column: whole.column + second.start } : whole,
    ...(last === undefined ? {} : { unclosed: last }),
  };
}
