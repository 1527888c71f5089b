import type { SourceSpan } from '../../../core/index.ts';
import type { Statement } from '../../../parser/index.ts';
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
  const words = wordsOf(raw, statement.keyword.text.length);
  const [first, second] = words;
  const text = first?.text ?? '';
  const last = words.at(-1)?.unclosed ?? innerUnclosed(text);
  const whole = spanOf(statement);
  const source = director.sources.get(whole.file);
  const stands = source !== undefined && textAt(source, whole) === raw;
  return {
    command: /^(["'])[^]*\1$/.test(text) ? text.slice(1, -1) : text,
    quoted: /^["']/.test(text),
    rest: words.slice(1).map((word) => word.text),
    restSpan: stands && second !== undefined ? { ...whole, column: whole.column + second.start } : whole,
    ...(last === undefined ? {} : { unclosed: last }),
  };
}

/** A quote inside a command in double quotes: single quotes group there again, and double ones with a backslash. */
function innerUnclosed(text: string): string | undefined {
  if (!text.startsWith('"')) return undefined;
  let quote = '';
  for (let at = 1; at < text.length - 1; at++) {
    const escaped = text[at] === '\\';
    if (escaped) at++;
    const char = text[at] ?? '';
    if (escaped ? char !== '"' : char !== "'") continue;
    if (quote === '') quote = char;
    else if (quote === char) quote = '';
  }
  return quote === '' ? undefined : quote;
}

interface RawWord {
  readonly text: string;
  readonly start: number;
  readonly unclosed?: string;
}

function wordsOf(raw: string, from: number): readonly RawWord[] {
  const words: RawWord[] = [];
  let start = -1;
  let quote = '';
  for (let at = from; at <= raw.length; at++) {
    const char = raw[at];
    if (char === undefined || (quote === '' && /\s/.test(char))) {
      if (start !== -1) words.push({ text: raw.slice(start, at), start, ...(quote === '' ? {} : { unclosed: quote }) });
      start = -1;
      continue;
    }
    if (start === -1) start = at;
    if (char === '\\') at++;
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
  }
  return words;
}
