import { defaultTarget, rulesOf, type Target } from './target.ts';

/** A line with a command: the command itself, and the words behind it, which are a user and a group. */
export interface CommandLine {
  /** Without the quotes around it: what `splitCommand` splits. */
  readonly command: string;
  readonly rest: readonly string[];
  /** A single quote that nothing closes: keepalived has no script then. */
  readonly unclosed: boolean;
}

/** Reads what follows a keyword for commands. */
export function readCommandLine(text: string): CommandLine {
  const words = commandWords(text);
  const [first = '', ...rest] = words.map((word) => word.text);
  return {
    command: unquoted(first),
    rest: rest.map(unquoted),
    unclosed: words.at(-1)?.unclosed === "'" || openQuoteInside(first) === "'",
  };
}

/** A word of a line with a command as it stands there: quotes and backslashes included. */
export interface CommandWord {
  readonly text: string;
  /** Where it begins in the text that was read. */
  readonly start: number;
  /** The quote that nothing closes. */
  readonly unclosed?: string;
}

/** The words from a place on. Single quotes group as double ones do, also inside a word; a backslash keeps the next character. */
export function commandWords(text: string, from = 0): readonly CommandWord[] {
  const words: CommandWord[] = [];
  let start = -1;
  let quote = '';
  for (let at = from; at <= text.length; at++) {
    const char = text[at];
    if (char === undefined || (quote === '' && /\s/.test(char))) {
      if (start !== -1)
        words.push({ text: text.slice(start, at), start, ...(quote === '' ? {} : { unclosed: quote }) });
      start = -1;
      continue;
    }
    if (start === -1) start = at;
    if (char === '\\') at = Math.min(at + 1, text.length - 1);
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
  }
  return words;
}

/** A word without the quotes around it. */
export function unquoted(word: string): string {
  return word.replace(/^(["'])([^]*)\1$/, '$2');
}

/** A quote that nothing closes inside a word in double quotes: single ones group there again, and double ones with a backslash. */
export function openQuoteInside(word: string): string | undefined {
  if (!word.startsWith('"')) return undefined;
  let quote = '';
  for (let at = 1; at < word.length - 1; at++) {
    const escaped = word[at] === '\\';
    if (escaped) at++;
    const char = word[at] ?? '';
    if (escaped ? char !== '"' : char !== "'") continue;
    if (quote === '') quote = char;
    else if (quote === char) quote = '';
  }
  return quote === '' ? undefined : quote;
}

/**
 * The words of a script command: split at blanks, single and (escaped) double quotes group, backslashes escape as in C.
 * Nothing else is special, since no shell sees it. 2.2.7 takes the escapes twice.
 */
export function splitCommand(command: string, target: Target = defaultTarget): readonly string[] {
  const text = rulesOf(target) === '2.2.7' ? unescapeAll(command) : command;
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length;) {
    const escaped = text[i] === '\\';
    const step = escaped ? unescape(text, i + 1) : { text: text[i] ?? '', end: i + 1 };
    const grouping = escaped ? step.text === '"' : step.text === '"' || step.text === "'";
    if (grouping && (quote === '' || quote === step.text)) {
      quote = quote === '' ? step.text : '';
      word ??= '';
    } else if (quote === '' && !escaped && /\s/.test(step.text)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + step.text;
    }
    i = step.end;
  }
  if (word !== undefined) words.push(word);
  return words;
}

function unescapeAll(text: string): string {
  let plain = '';
  for (let i = 0; i < text.length;) {
    const step = text[i] === '\\' ? unescape(text, i + 1) : { text: text[i] ?? '', end: i + 1 };
    plain += step.text;
    i = step.end;
  }
  return plain;
}

const letters: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unescape(text: string, at: number): { readonly text: string; readonly end: number } {
  const rest = text.slice(at, at + 4);
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest);
  if (hex?.[1] !== undefined)
    return { text: String.fromCharCode(Number.parseInt(hex[1], 16)), end: at + hex[0].length };
  const octal = /^[0-7]{1,3}/.exec(rest);
  if (octal !== null)
    return { text: String.fromCharCode(Number.parseInt(octal[0], 8) & 0xff), end: at + octal[0].length };
  if (rest.startsWith('c') && rest.length > 1)
    return { text: String.fromCharCode(rest.charCodeAt(1) & 0x1f), end: at + 2 };
  const char = rest[0];
  if (char === undefined) return { text: '\\', end: at };
  return { text: letters[char] ?? char, end: at + 1 };
}
