import type { ParseFindings } from './findings.ts';
import type { Origin } from './source-text.ts';
import { BraceToken, LeftBrace, RightBrace, SourceWord, Words, WordsToken, type PlacedToken } from './tokens.ts';

/** The deepest blocks of the language are four deep; more guards the parser's stack. */
const depthLimit = 64;
const namelessLimit = 1000;

const quote = 34;
const hash = 35;
const bang = 33;
const backslash = 92;
const leftBrace = 123;
const rightBrace = 125;

/** Lines to tokens. What comes out is balanced but for blocks that are still open at the end: see balance.ts. */
export class LineLexer {
  readonly tokens: PlacedToken[] = [];
  readonly #findings: ParseFindings;
  #depth = 0;
  /** Blocks without a place in the tree: too deep, or without a name once too often. */
  #ignored = 0;

  constructor(findings: ParseFindings) {
    this.#findings = findings;
  }

  /** How many blocks are open. */
  get depth(): number {
    return this.#depth;
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
      if (char === hash || char === bang) break;
      if (char === leftBrace || char === rightBrace) {
        if (keyword !== undefined) this.tokens.push(new WordsToken(keyword, args));
        keyword = args = undefined;
        if (char === leftBrace) this.#open(origin, at);
        else this.#close(origin, at);
        at++;
        continue;
      }
      const word = char === quote ? this.#quoted(origin, at, to) : plain(origin, at, to);
      at = word.end;
      if (keyword === undefined) keyword = word;
      else if (args === undefined) args = [word];
      else args.push(word);
    }
    if (keyword !== undefined) this.tokens.push(new WordsToken(keyword, args));
  }

  #quoted(origin: Origin, from: number, to: number): SourceWord {
    const end = closingQuote(origin.text, from, to);
    if (end !== -1) return new SourceWord(origin.text.slice(from + 1, end), origin, from, end + 1);
    this.#findings.report(
      'unterminated-quote',
      'a double quote is not closed on its line',
      'close it; the text runs to the end of the line',
      () => origin.span(from, to),
    );
    const stop = origin.text.charCodeAt(to - 1) === 13 ? to - 1 : to;
    return new SourceWord(origin.text.slice(from + 1, stop), origin, from, stop);
  }

  #open(origin: Origin, at: number): void {
    if (this.#depth >= depthLimit || this.#ignored > 0) {
      if (this.#ignored === 0) {
        this.#findings.report(
          'too-deep',
          `blocks are nested more than ${String(depthLimit)} deep`,
          'no block of keepalived.conf needs this',
          () => origin.span(at, at + 1),
        );
      }
      this.#ignored++;
      return;
    }
    // The '{' may stand on a later line than its keyword.
    const before = this.tokens.at(-1);
    if (before?.tokenTypeIdx !== Words.tokenTypeIdx) {
      this.#findings.report(
        'unexpected-brace',
        "a '{' that no keyword stands before",
        'remove it, or name the block',
        () => origin.span(at, at + 1),
      );
      if (this.#findings.count('unexpected-brace') > namelessLimit) {
        this.#ignored++;
        return;
      }
      // It is kept as a block without a name, so that its '}' does not close another.
      this.tokens.push(new WordsToken(new SourceWord('', origin, at, at), undefined));
    }
    this.#depth++;
    this.tokens.push(new BraceToken(LeftBrace, origin, at, true));
  }

  #close(origin: Origin, at: number): void {
    if (this.#ignored > 0) {
      this.#ignored--;
    } else if (this.#depth === 0) {
      this.#findings.report(
        'extra-brace',
        "a '}' that closes nothing",
        'remove it, or look for the block that ends too early',
        () => origin.span(at, at + 1),
      );
    } else {
      this.#depth--;
      this.tokens.push(new BraceToken(RightBrace, origin, at, true));
    }
  }
}

export function isBlank(char: number): boolean {
  return char === 32 || (char >= 9 && char <= 13);
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
  const image = text.slice(from, at);
  return new SourceWord(escaped ? image.replace(/\\([!#])/g, '$1') : image, origin, from, at);
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
