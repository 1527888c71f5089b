import type { BlockShape } from './block-shape.ts';
import type { ParseFindings } from './findings.ts';
import { indentOf, OpenBlock } from './open-block.ts';
import { BraceToken, LeftBrace, RightBrace, SourceWord, WordsToken, type PlacedToken } from './tokens.ts';

/** The deepest blocks of the language are four deep; more guards the parser's stack. */
export const depthLimit = 64;
/** More blocks without a name than this are left out of the tree. */
const namelessLimit = 1000;

/**
 * Makes every `{` stand after a line and have its `}`. Where braces do not match, the names of the lines and their indents
 * say where one is missing or too many; each is one finding. `excess` is how many `{` there are more than `}`.
 */
export function balance(
  tokens: readonly PlacedToken[],
  excess: number,
  root: BlockShape | undefined,
  findings: ParseFindings,
): PlacedToken[] {
  const balancer = new Balancer(excess, root, findings);
  for (const [i, token] of tokens.entries()) balancer.take(token, tokens[i + 1], tokens[i + 2]);
  return balancer.finish(tokens.at(-1));
}

class Balancer {
  readonly #balanced: (PlacedToken | undefined)[] = [];
  readonly #open: OpenBlock[] = [];
  readonly #root: OpenBlock;
  readonly #findings: ParseFindings;
  /** Which block each `}` has ended. */
  readonly #ended = new Map<PlacedToken, OpenBlock>();
  #excess: number;
  /** Blocks without a place in the tree: too deep, or without a name once too often. */
  #ignored = 0;
  #nameless = 0;

  constructor(excess: number, root: BlockShape | undefined, findings: ParseFindings) {
    this.#excess = excess;
    this.#root = new OpenBlock(undefined, undefined, root);
    this.#findings = findings;
  }

  /** One token, with the two that follow it. */
  take(token: PlacedToken, next: PlacedToken | undefined, afterNext: PlacedToken | undefined): void {
    if (token instanceof WordsToken) {
      const strayRight = this.#excess < 0 && next?.tokenType === RightBrace && afterNext?.tokenType === LeftBrace;
      if (this.#ignored === 0) this.#line(token, strayRight ? afterNext : next);
    } else if (token instanceof BraceToken) {
      if (token.tokenType === LeftBrace) this.#leftBrace(token);
      else if (this.#excess < 0 && next?.tokenType === LeftBrace && this.#opener !== undefined) this.#strayRight(token);
      else this.#rightBrace(token);
    }
  }

  /** The tokens, with a `}` for each block that is still open. */
  finish(last: PlacedToken | undefined): PlacedToken[] {
    const { brace, name } = this.#level;
    if (brace !== undefined && last !== undefined) {
      const around = this.#open.length - 1;
      const others = ['', ', nor is the one around it'][around] ?? `, nor are the ${String(around)} around it`;
      this.#report('missing-brace', `the block '${name}' is never closed${others}`, "add its '}'", brace);
      const { origin } = last;
      for (; this.#open.length > 0; this.#open.pop())
        this.#balanced.push(new BraceToken(RightBrace, origin, origin.text.length, false));
    }
    return this.#balanced.filter((token) => token !== undefined);
  }

  get #level(): OpenBlock {
    return this.#open.at(-1) ?? this.#root;
  }

  /** The line that a `{` would belong to. */
  get #opener(): WordsToken | undefined {
    const last = this.#balanced.at(-1);
    return last instanceof WordsToken ? last : undefined;
  }

  #line(line: WordsToken, next: PlacedToken | undefined): void {
    const hasBlock = next?.tokenType === LeftBrace;
    for (let ended = this.#endedBefore(line, hasBlock); ended > 0; ended--) this.#addRight(line);
    if (this.#excess < 0) this.#reopenFor(line, hasBlock);
    this.#level.noteIndent(line);
    const split = this.#excess < 0 ? this.#splitAtLeft(line, next) : undefined;
    this.#balanced.push(split?.name ?? line);
    if (split === undefined) return;
    this.#addLeft(split.name, split.shape);
    if (split.first !== undefined) this.#line(split.first, next);
  }

  /** How many blocks must have ended before a line, since it stands too far out or belongs to a block around them. */
  #endedBefore(line: WordsToken, hasBlock: boolean): number {
    if (this.#excess <= 0) return 0;
    const levels = [this.#root, ...this.#open];
    const top = levels.length - 1;
    const fits = (i: number): boolean => levels[i]?.fits(line, hasBlock, levels.slice(0, i)) ?? false;
    let level = top;
    while (top - level < this.#excess && levels[level]?.endsBefore(line, this.#open) === true && fits(level - 1))
      level--;
    if (fits(level)) return top - level;
    const home = levels.findLastIndex((_, i) => i < level && fits(i));
    return home !== -1 && top - home <= this.#excess ? top - home : top - level;
  }

  /** Takes back the `}` that ended the block to which a line belongs. */
  #reopenFor(line: WordsToken, hasBlock: boolean): void {
    const level = this.#level;
    if (level.fits(line, hasBlock, [])) return;
    const around = [this.#root, ...this.#open];
    const known = level.closed.filter(({ block }) => block.shape !== undefined && block.fits(line, hasBlock, around));
    const home =
      known.find(({ block }) => block.shape?.values === false) ?? known.find((one) => one === level.closed[0]);
    if (home === undefined) return;
    const { block, at } = home;
    const where = `'${line.keyword.text}' of line ${String(line.keyword.span.line)}`;
    this.#reportRight(at, `a '}' too many: ${where} belongs in '${block.name}'`);
    this.#excess++;
    this.#balanced[at] = undefined;
    level.closed = [];
    this.#open.push(block);
  }

  #leftBrace(brace: BraceToken): void {
    if (this.#ignored > 0 || this.#open.length >= depthLimit) {
      if (this.#ignored++ > 0) return;
      const message = `blocks are nested more than ${String(depthLimit)} deep`;
      this.#report('too-deep', message, 'no block of keepalived.conf needs this', brace);
      return;
    }
    const opener = this.#opener;
    const level = this.#level.shape;
    const what = opener === undefined ? undefined : level?.line(opener.keyword.text);
    const hasNone = this.#excess > 0 && (what === 'plain' || level?.values === true);
    if (opener === undefined || hasNone) {
      const [message, hint] =
        opener === undefined
          ? ["a '{' that no keyword stands before", 'remove it, or name the block']
          : [`a '{' after '${opener.keyword.text}', which has no block`, 'remove it'];
      this.#report('unexpected-brace', message, hint, brace);
      if (this.#excess > 0) {
        this.#excess--;
        return;
      }
      if (++this.#nameless > namelessLimit) {
        this.#ignored++;
        return;
      }
    }
    // A block without a name is kept, so that its '}' does not close another.
    const name =
      opener ?? new WordsToken(new SourceWord('', brace.origin, brace.startOffset, brace.startOffset), undefined);
    if (opener === undefined) this.#balanced.push(name);
    this.#balanced.push(brace);
    this.#open.push(new OpenBlock(name, brace, typeof what === 'object' ? what : undefined));
  }

  /** A `}` between a name and its `{`. */
  #strayRight(brace: BraceToken): void {
    this.#report('extra-brace', `a '}' that stands before a '{'`, 'remove it', brace);
    this.#excess++;
  }

  #rightBrace(brace: BraceToken): void {
    if (this.#ignored > 0) {
      this.#ignored--;
      return;
    }
    while (this.#excess > 0 && this.#level.endsBefore(brace, this.#open)) this.#addRight(brace);
    const block = this.#open.pop();
    this.#balanced.push(brace);
    const at = this.#balanced.length - 1;
    if (block === undefined) {
      this.#reportRight(at, "a '}' that closes nothing");
      this.#excess++;
      this.#balanced.pop();
    } else {
      this.#ended.set(brace, block);
      this.#level.noteClosed(block, at);
    }
  }

  #addRight(before: PlacedToken): void {
    const block = this.#open.pop();
    if (block === undefined) return;
    this.#excess--;
    this.#balanced.push(new BraceToken(RightBrace, before.origin, before.startOffset, false));
    const message = `a '}' is missing before this line: '${block.name}' of line ${String(block.line)} is still open`;
    this.#report('missing-brace', message, "add its '}'", before);
  }

  /** A line that lacks its `{`: the name of its block, and what stands in the block on the same line. */
  #splitAtLeft(
    line: WordsToken,
    next: PlacedToken | undefined,
  ): { readonly name: WordsToken; readonly shape: BlockShape; readonly first?: WordsToken } | undefined {
    const { keyword, args } = line;
    const shape = this.#level.shape?.line(keyword.text);
    if (typeof shape !== 'object') return undefined;
    const hasBlock = next?.tokenType === LeftBrace;
    const at = shape.values ? shape.nameWords : args.findIndex(({ text }) => shape.line(text) !== undefined);
    const first = args[at];
    if (first !== undefined && (!hasBlock || typeof shape.line(first.text) === 'object')) {
      const name = new WordsToken(keyword, args.slice(0, at));
      return { name, shape, first: new WordsToken(first, args.slice(at + 1)) };
    }
    const inside = new OpenBlock(line, undefined, shape);
    if (hasBlock || (next instanceof WordsToken && !inside.fits(next, false, [this.#root, ...this.#open])))
      return undefined;
    return { name: line, shape };
  }

  #addLeft(name: WordsToken, shape: BlockShape): void {
    const brace = new BraceToken(LeftBrace, name.origin, (name.args.at(-1) ?? name.keyword).end, false);
    const block = new OpenBlock(name, brace, shape);
    this.#excess++;
    this.#balanced.push(brace);
    this.#open.push(block);
    this.#report('missing-brace', `the block '${block.name}' lacks its '{'`, "add a '{' after its name", name);
  }

  /** Tells of the `}` at an index of the balanced tokens, or of one right before it whose indent is not that of its block. */
  #reportRight(at: number, message: string): void {
    let wrong = this.#balanced[at];
    for (let i = at; this.#balanced[i]?.tokenType === RightBrace; i--) {
      const brace = this.#balanced[i];
      if (brace === undefined) break;
      const [own, indent] = [this.#ended.get(brace)?.indent, indentOf(brace)];
      if (own !== undefined && indent !== undefined && own !== indent) wrong = brace;
    }
    if (wrong === undefined) return;
    this.#report('extra-brace', message, 'remove it, or look for the block that ends too early', wrong);
  }

  #report(
    code: 'missing-brace' | 'unexpected-brace' | 'too-deep' | 'extra-brace',
    message: string,
    hint: string,
    at: PlacedToken,
  ): void {
    this.#findings.report(code, message, hint, () => at.origin.span(at.startOffset, at.startOffset + 1));
  }
}
