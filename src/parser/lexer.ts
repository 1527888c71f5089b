import type { TokenType } from 'chevrotain';
import { depthLimit } from './balance.ts';
import { readExtension, type PlacedExtension } from './extensions.ts';
import type { ParseFindings } from './findings.ts';
import { isBlank, type Origin } from './source-text.ts';
import { repeatedText } from './repeated-text.ts';
import { BraceToken, LeftBrace, RightBrace, SourceWord, Words, WordsToken, type PlacedToken } from './tokens.ts';

/** Lines and braces; the largest configurations that anybody has have a tenth of it. */
const tokenLimit = 1_500_000;
const extensionLimit = 200_000;

const quote = 34;
const hash = 35;
const bang = 33;
const backslash = 92;
const leftBrace = 123;
const rightBrace = 125;

/** Lines to tokens. Where their braces do not match, balance.ts sees to it. */
export class LineLexer {
  readonly tokens: PlacedToken[] = [];
  /** Lines in comments that are ours. */
  readonly extensions: PlacedExtension[] = [];
  /** Whether there was more than is kept. */
  full = false;
  /** Whether each `{` stands after a line and each `}` ends a block, none too deep. */
  regular = true;
  /** How many more `{` than `}` there are. */
  excess = 0;
  readonly #findings: ParseFindings;
  /** Quotes after a backslash in the words of this statement, and the first word that has one. */
  #escapedQuotes = 0;
  #escapedAt: SourceWord | undefined;

  constructor(findings: ParseFindings) {
    this.#findings = findings;
  }

  /** One line, from offset `from` to `to` of its origin. */
  line(origin: Origin, from: number, to: number): void {
    const { text } = origin;
    let keyword: SourceWord | undefined;
    let args: SourceWord[] | undefined;
    let at = from;
    while (at < to) {
      const char = text.charCodeAt(at);
      if (isBlank(char)) {
        at++;
        continue;
      }
      if (char === hash || char === bang) {
        this.#statement(keyword, args);
        keyword = args = undefined;
        this.#comment(origin, at, to);
        break;
      }
      if (char === leftBrace || char === rightBrace) {
        this.#statement(keyword, args);
        keyword = args = undefined;
        this.#brace(char === leftBrace ? LeftBrace : RightBrace, origin, at);
        at++;
        continue;
      }
      const word = char === quote ? this.#quoted(origin, at, to) : plain(origin, at, to);
      if (word === undefined) break;
      at = word.end;
      if (keyword === undefined) keyword = word;
      else if (args === undefined) args = [word];
      else args.push(word);
    }
    this.#statement(keyword, args);
  }

  #statement(keyword: SourceWord | undefined, args: SourceWord[] | undefined): void {
    // An array that grew has room to spare, a copy has none.
    if (keyword !== undefined) this.#push(new WordsToken(keyword, args?.slice()));
    if (this.#escapedQuotes % 2 === 1 && this.#escapedAt !== undefined) {
      const word = this.#escapedAt;
      this.#findings.report(
        'unmatched-quote',
        'the number of double quotes is odd, those after a backslash counted',
        'keepalived counts them all: use single quotes inside the double ones',
        () => word.span,
      );
    }
    this.#escapedQuotes = 0;
    this.#escapedAt = undefined;
  }

  /** The word in quotes; none where the line ends before the quote does, as the reference leaves it out. */
  #quoted(origin: Origin, from: number, to: number): SourceWord | undefined {
    const { text } = origin;
    const end = closingQuote(text, from, to);
    const open = end === -1 || isEscaped(text, end);
    if (open) {
      this.#findings.report(
        'unterminated-quote',
        'a double quote is not closed on its line',
        end === -1 ? 'close it; what follows it is left out' : 'close it: a quote after a backslash does not',
        () => origin.span(from, to),
      );
      this.#escapedQuotes = 0;
      this.#escapedAt = undefined;
      if (end === -1) return undefined;
    }
    const word = new SourceWord(text.slice(from + 1, end), origin, from, end + 1);
    if (!open && word.text.includes('\\"')) {
      for (let at = from + 1; at < end; at++) if (text.charCodeAt(at) === quote) this.#escapedQuotes++;
      this.#escapedAt ??= word;
    }
    return word;
  }

  #comment(origin: Origin, from: number, to: number): void {
    this.#backslash(origin, from, to);
    const statement = readExtension(origin, from, to);
    if (statement === undefined) return;
    if (this.extensions.length < extensionLimit) this.extensions.push({ statement, after: this.tokens.at(-1) });
    else this.full = true;
  }

  /** The reference takes a backslash that ends a comment for one that ends the line. */
  #backslash(origin: Origin, from: number, to: number): void {
    const end = origin.text.charCodeAt(to - 1) === 13 ? to - 1 : to;
    if (end - 1 <= from || origin.text.charCodeAt(end - 1) !== backslash || isEscaped(origin.text, end - 1)) return;
    this.#findings.report(
      'backslash-after-comment',
      'a backslash ends this comment, which keepalived takes for a word of its own',
      'remove it, or put a blank or a full stop behind it',
      () => origin.span(end - 1, end),
    );
  }

  #brace(type: TokenType, origin: Origin, at: number): void {
    const opens = type === LeftBrace;
    // A '{' may stand on a later line than its keyword.
    const fits = opens
      ? this.tokens.at(-1)?.tokenTypeIdx === Words.tokenTypeIdx && this.excess < depthLimit
      : this.excess > 0;
    if (!fits) this.regular = false;
    this.#push(new BraceToken(type, origin, at, true));
    if (!this.full) this.excess += opens ? 1 : -1;
  }

  #push(token: PlacedToken): void {
    if (this.tokens.length < tokenLimit) this.tokens.push(token);
    else this.full = true;
  }
}

function plain(origin: Origin, from: number, to: number): SourceWord {
  const { text } = origin;
  let escaped = false;
  let at = from;
  for (; at < to; at++) {
    const char = text.charCodeAt(at);
    if (char > rightBrace) continue;
    if (char === backslash) {
      const next = text.charCodeAt(at + 1);
      if (at + 1 < to && (next === hash || next === bang)) {
        escaped = true;
        at++;
      }
    } else if (
      char <= hash
        ? isBlank(char) || char === quote || char === hash || char === bang
        : char === leftBrace || char === rightBrace
    ) {
      break;
    }
  }
  const image = escaped ? text.slice(from, at).replace(/\\([!#])/g, '$1') : repeatedText(text, from, at);
  return new SourceWord(image, origin, from, at);
}

/** Whether the character at an offset has a backslash before it that counts. */
export function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (before > 0 && text.charCodeAt(before - 1) === backslash) before--;
  return (at - before) % 2 === 1;
}

/**
 * The offset of the quote that ends the word, or -1. A `\"` does not end it (commands and expressions have it), unless
 * no other quote would.
 */
export function closingQuote(text: string, from: number, to: number): number {
  let last = -1;
  for (let at = from + 1; at < to; at++) {
    const char = text.charCodeAt(at);
    if (char === quote) return at;
    if (char !== backslash) continue;
    at++;
    if (text.charCodeAt(at) === quote && at < to) last = at;
  }
  return last;
}
