import { createToken, Lexer, type IToken, type TokenType } from 'chevrotain';
import type { SourceSpan } from '../core/index.ts';
import type { Origin } from './source-text.ts';
import type { Block, Statement, Word } from './tree.ts';

/**
 * The tokens of the grammar: the words of a line (up to a brace) are one token, made by a lexer of our own, since quoting
 * and comments follow the reference's rules line by line. The token of a line becomes the statement of the tree: a
 * configuration may have 600,000 lines, and each is one object.
 */
export const Words = createToken({ name: 'Words', pattern: Lexer.NA });
export const LeftBrace = createToken({ name: 'LeftBrace', pattern: Lexer.NA });
export const RightBrace = createToken({ name: 'RightBrace', pattern: Lexer.NA });

export const allTokens = [Words, LeftBrace, RightBrace];

/** A token that knows the text it stands in. */
export interface PlacedToken extends IToken {
  readonly origin: Origin;
}

/** The token of a line, to which the grammar gives its block. */
export interface Line extends PlacedToken, Statement {
  block?: Block;
}

/** A brace; `real` is false for one that the file lacks. */
export interface Brace extends PlacedToken {
  readonly real: boolean;
  readonly span: SourceSpan;
}

export class SourceWord implements Word {
  readonly text: string;
  readonly origin: Origin;
  readonly start: number;
  readonly end: number;

  constructor(text: string, origin: Origin, start: number, end: number) {
    this.text = text;
    this.origin = origin;
    this.start = start;
    this.end = end;
  }

  get quoted(): boolean {
    return this.end > this.start && this.origin.text.charCodeAt(this.start) === 34;
  }
  get span(): SourceSpan {
    return this.origin.span(this.start, this.end);
  }
  get definedAt(): SourceSpan | undefined {
    return this.origin.definedAt;
  }
}

const none: readonly SourceWord[] = [];

export class WordsToken implements Line {
  readonly keyword: SourceWord;
  readonly args: readonly SourceWord[];
  block?: Block;

  constructor(keyword: SourceWord, args: readonly SourceWord[] | undefined) {
    this.keyword = keyword;
    this.args = args ?? none;
  }

  get origin(): Origin {
    return this.keyword.origin;
  }

  get raw(): string {
    return this.keyword.origin.text.slice(this.keyword.start, (this.args.at(-1) ?? this.keyword).end);
  }
  get image(): string {
    return this.keyword.text;
  }
  get startOffset(): number {
    return this.keyword.start;
  }
  get tokenType(): TokenType {
    return Words;
  }
  get tokenTypeIdx(): number {
    return Words.tokenTypeIdx ?? 0;
  }
}

/** Small, since there are hundreds of thousands: what it is and whether the file has it are one number. */
export class BraceToken implements Brace {
  readonly origin: Origin;
  readonly startOffset: number;
  readonly #flags: number;

  constructor(type: TokenType, origin: Origin, at: number, real: boolean) {
    this.origin = origin;
    this.startOffset = at;
    this.#flags = (type === LeftBrace ? opens : 0) | (real ? stands : 0);
  }

  get tokenType(): TokenType {
    return (this.#flags & opens) === 0 ? RightBrace : LeftBrace;
  }
  get tokenTypeIdx(): number {
    return this.tokenType.tokenTypeIdx ?? 0;
  }
  get real(): boolean {
    return (this.#flags & stands) !== 0;
  }
  get image(): string {
    return this.tokenType === LeftBrace ? '{' : '}';
  }
  get span(): SourceSpan {
    return braceSpan(this.origin, this.startOffset, this.real);
  }
}

const opens = 1;
const stands = 2;

function braceSpan(origin: Origin, at: number, real: boolean): SourceSpan {
  return origin.span(at, at + (real ? 1 : 0));
}

const noStatements: readonly Statement[] = [];

/** Keeps where its braces are and not their tokens. */
export class SourceBlock implements Block {
  readonly statements: readonly Statement[];
  extensions: readonly Statement[] = noStatements;
  readonly closed: boolean;
  readonly #opened: boolean;
  readonly #origin: Origin;
  readonly #openAt: number;
  readonly #closeOrigin: Origin;
  readonly #closeAt: number;

  constructor(statements: readonly Statement[], open: Brace, close: Brace) {
    this.statements = statements;
    this.closed = close.real;
    this.#opened = open.real;
    this.#origin = open.origin;
    this.#openAt = open.startOffset;
    this.#closeOrigin = close.origin;
    this.#closeAt = close.startOffset;
  }

  get open(): SourceSpan {
    return braceSpan(this.#origin, this.#openAt, this.#opened);
  }
  get close(): SourceSpan {
    return braceSpan(this.#closeOrigin, this.#closeAt, this.closed);
  }
}
