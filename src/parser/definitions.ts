import { closingQuote, isEscaped } from './lexer.ts';
import type { Place } from './source-text.ts';

export interface Definition {
  /** One line, or several. */
  readonly lines: readonly string[];
  /** None where it is not written in a file. */
  readonly place: Place | undefined;
}

export interface Substituted {
  /** The line with one round of parameters replaced; several where the last of them has several lines. */
  readonly lines: readonly string[];
  readonly definedAt: Place | undefined;
}

/** `$NAME` counts only before a blank, a comma, a closing parenthesis or the end of the line; `${NAME}` anywhere. */
const parameter = /\$\{([^{}]*)\}|\$([A-Za-z_]\w*)(?=[ \t\r,)]|$)/g;

/** Replaces the parameters of a line once; undefined where it has none that is known. */
export function substitute(
  text: string,
  find: (name: string) => Definition | undefined,
  sizeLimit: number,
): Substituted | 'too-long' | undefined {
  let made = '';
  let copied = 0;
  let tail: readonly string[] = [];
  let definedAt: Place | undefined;
  let found = false;
  parameter.lastIndex = 0;
  for (let match = parameter.exec(text); match !== null; match = parameter.exec(text)) {
    const definition = find(match[1] ?? match[2] ?? '');
    if (definition === undefined) continue;
    const end = match.index + match[0].length;
    // A parameter of several lines counts only as the last thing on its line.
    if (definition.lines.length > 1 && text.slice(end).trim() !== '') continue;
    made += text.slice(copied, match.index) + (definition.lines[0] ?? '');
    tail = definition.lines.slice(1);
    copied = end;
    definedAt = definition.place ?? definedAt;
    found = true;
    if (made.length > sizeLimit) return 'too-long';
  }
  if (!found) return undefined;
  return { lines: [made + text.slice(copied), ...tail], definedAt };
}

/** Comments begin at `!` or `#` outside double quotes; `\!` and `\#` are the characters themselves. */
export function withoutComment(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') {
      const end = closingQuote(text, i, text.length);
      if (end === -1) return text;
      i = end;
    } else if (char === '\\' && (text[i + 1] === '!' || text[i + 1] === '#')) i++;
    else if (char === '!' || char === '#') return text.slice(0, i);
  }
  return text;
}

/** A line of a definition: whether it goes on in the next line, as one does that ends in `\`, be it that of a comment. */
export function definitionLine(text: string): { readonly value: string; readonly goesOn: boolean } {
  const bare = withoutComment(text);
  const value = bare.trimEnd();
  if (value.endsWith('\\')) return { value: value.slice(0, -1), goesOn: true };
  const last = text.length - (text.endsWith('\r') ? 2 : 1);
  return { value, goesOn: bare.length < text.length && text[last] === '\\' && !isEscaped(text, last) };
}

export interface Surroundings {
  readonly directory: string;
  readonly configId: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Gives numbers in [0, 1). */
  readonly random: () => number;
}

/** The parameters that need no definition: `_PWD`, `_INSTANCE`, `_HASH`, `_BANG`, `_RANDOM [min [max]]`, `_ENV NAME`. */
export function builtIn(name: string, around: Surroundings): string | undefined {
  const [word = '', ...args] = name.trim().split(/\s+/);
  switch (word) {
    case '_PWD':
      return around.directory;
    case '_INSTANCE':
      return around.configId;
    case '_HASH':
      return '#';
    case '_BANG':
      return '!';
    case '_RANDOM': {
      const low = Number(args[0] ?? 0);
      const high = Number(args[1] ?? 32_767);
      if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || high < low) return undefined;
      return String(low + Math.floor(around.random() * (high - low + 1)));
    }
    case '_ENV':
      return args[0] === undefined ? undefined : (around.environment[args[0]] ?? '');
    default:
      return undefined;
  }
}
