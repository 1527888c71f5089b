import type { BlockShape } from './block-shape.ts';
import { SourceFile } from './source-text.ts';
import { LeftBrace, type BraceToken, type PlacedToken, type WordsToken } from './tokens.ts';

interface ClosedBlock {
  readonly block: OpenBlock;
  readonly at: number;
}

/** A block whose end has not been seen, with what its name and its indent say about the lines in it. */
export class OpenBlock {
  /** The top level has none. */
  readonly opener: WordsToken | undefined;
  readonly brace: BraceToken | undefined;
  /** Undefined where its name is not known. */
  readonly shape: BlockShape | undefined;
  /** The blocks in this one that were closed last, the latest first, and where in the balanced tokens. */
  closed: readonly ClosedBlock[] = [];
  readonly #indent: number | undefined;
  /** Whether its first line stands further in than its name: only then do indents say where it ends. */
  #indented: boolean | undefined;

  constructor(opener: WordsToken | undefined, brace: BraceToken | undefined, shape: BlockShape | undefined) {
    this.opener = opener;
    this.brace = brace;
    this.shape = shape;
    this.#indent = opener === undefined ? undefined : indentOf(opener);
  }

  get name(): string {
    if (this.opener === undefined) return 'the top level';
    return [this.opener.keyword, ...this.opener.args].map((word) => word.text).join(' ');
  }

  get line(): number {
    return this.opener?.keyword.span.line ?? 1;
  }

  get indent(): number | undefined {
    return this.#indent;
  }

  noteClosed(block: OpenBlock, at: number): void {
    this.closed = [{ block, at }, ...this.closed.slice(0, 3)];
  }

  /** To be called with each line in the block; the first counts. */
  noteIndent(line: PlacedToken): void {
    if (this.#indented !== undefined) return;
    const [own, first] = [this.indent, indentOf(line)];
    this.#indented = own !== undefined && first !== undefined && first > own;
  }

  /** Whether a line can stand in this block, as its name says; `around` are the blocks around it, the top level first. */
  fits(line: WordsToken, hasBlock: boolean, around: readonly OpenBlock[]): boolean {
    const name = line.keyword.text;
    const { shape } = this;
    if (shape === undefined) return !hasBlock || typeof around[0]?.shape?.line(name) !== 'object';
    if (shape.values) {
      const elsewhere = around.some((one) => one.shape?.values === false && one.shape.line(name) !== undefined);
      return !hasBlock && !elsewhere;
    }
    const what = shape.line(name);
    if (what !== 'plain' || !hasBlock) return what !== undefined;
    return !around.some((one) => typeof one.shape?.line(name) === 'object');
  }

  /** Whether its indent says that a line, or a `}`, stands after the end of this block. */
  endsBefore(token: PlacedToken, around: readonly OpenBlock[]): boolean {
    const [own, indent] = [this.indent, indentOf(token)];
    if (this.#indented !== true || own === undefined || indent === undefined) return false;
    if (token.tokenType === LeftBrace || token.origin !== this.brace?.origin) return false;
    if (token.tokenType === this.opener?.tokenType) return indent <= own;
    return indent < own && around.some((block) => block.indent === indent);
  }
}

/** How far in the first thing of a line stands; undefined for what is not first, and for lines out of definitions. */
export function indentOf(token: PlacedToken): number | undefined {
  const { origin } = token;
  return origin instanceof SourceFile ? origin.indentAt(token.startOffset) : undefined;
}
