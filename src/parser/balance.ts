import type { ParseFindings } from './findings.ts';
import { SourceFile } from './source-text.ts';
import { BraceToken, LeftBrace, RightBrace, WordsToken, type Brace, type Line, type PlacedToken } from './tokens.ts';

interface OpenBlock {
  readonly opener: Line;
  readonly brace: Brace;
  readonly indent: number | undefined;
  /** Whether its first line stands further in than the block's name: only then do indents say where it ends. */
  indented: boolean | undefined;
}

/**
 * Gives blocks that are never closed their `}`: before the first line that stands as far out as the block's own name, or
 * at the end. `missing` is how many there are.
 */
export function closeOpenBlocks(
  tokens: readonly PlacedToken[],
  missing: number,
  findings: ParseFindings,
): PlacedToken[] {
  const balanced: PlacedToken[] = [];
  const open: OpenBlock[] = [];
  let left = missing;
  for (const [i, token] of tokens.entries()) {
    while (left > 0 && endsBefore(open, token)) {
      closeMissing(token);
      left--;
    }
    const top = open.at(-1);
    if (token instanceof WordsToken && top !== undefined && top.indented === undefined) {
      const indent = indentOf(token);
      top.indented = indent !== undefined && top.indent !== undefined && indent > top.indent;
    }
    if (token.tokenType === RightBrace && top === undefined) {
      // The guess was wrong, or one '}' too many stands here.
      findings.report(
        'extra-brace',
        "a '}' that closes nothing",
        'remove it, or look for the block that ends too early',
        () => token.origin.span(token.startOffset, token.startOffset + 1),
      );
      continue;
    }
    balanced.push(token);
    const before = tokens[i - 1];
    if (token instanceof BraceToken) {
      if (token.tokenType === RightBrace) open.pop();
      else if (before instanceof WordsToken)
        open.push({ opener: before, brace: token, indent: indentOf(before), indented: undefined });
    }
  }
  const last = tokens.at(-1);
  while (open.length > 0 && last !== undefined) closeMissing(last, true);
  return balanced;

  function closeMissing(token: PlacedToken, atEnd = false): void {
    const block = open.pop();
    if (block === undefined) return;
    const { origin } = token;
    const at = atEnd ? origin.text.length : token.startOffset;
    balanced.push(new BraceToken(RightBrace, origin, at, false));
    const name = [block.opener.keyword, ...block.opener.args].map((word) => word.text).join(' ');
    const { line } = block.opener.keyword.span;
    findings.report(
      'missing-brace',
      atEnd
        ? `the block '${name}' is never closed`
        : `a '}' is missing before this line: '${name}' of line ${String(line)} is still open`,
      "add its '}'",
      () => (atEnd ? block.brace.span : origin.span(at, at + 1)),
    );
  }
}

/** Whether the indent of a token says that the innermost block has ended before it. */
function endsBefore(open: readonly OpenBlock[], token: PlacedToken): boolean {
  const top = open.at(-1);
  if (top?.indent === undefined || top.indented !== true || token.tokenType === LeftBrace) return false;
  const indent = indentOf(token);
  if (indent === undefined) return false;
  if (token.origin !== top.brace.origin) return false;
  if (token instanceof WordsToken) return indent <= top.indent;
  return indent < top.indent && open.some((block) => block.indent === indent);
}

/** How far in the first thing of a line stands; undefined for what is not first, and for lines out of definitions. */
function indentOf(token: PlacedToken): number | undefined {
  const { origin } = token;
  return origin instanceof SourceFile ? origin.indentAt(token.startOffset) : undefined;
}
