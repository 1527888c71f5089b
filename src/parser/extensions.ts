import { isBlank, type Origin } from './source-text.ts';
import { LeftBrace, RightBrace, SourceBlock, SourceWord, WordsToken, type PlacedToken } from './tokens.ts';
import type { Statement } from './tree.ts';

/**
 * Lines of Watchkeeper's own, in comments, which keepalived passes over: `# watchkeeper: tls_verify on`. They belong to the block
 * that they stand in, and are no tokens: what the braces mean must not depend on comments.
 */
export interface PlacedExtension {
  readonly statement: Statement;
  /** The token that it stands behind; undefined at the begin of all. */
  readonly after: PlacedToken | undefined;
}

const mark = 'watchkeeper:';
const quote = 34;
const hash = 35;
const bang = 33;

/** The line in a comment from `from` (its first `#` or `!`) to `to`; undefined where the comment is just one. */
export function readExtension(origin: Origin, from: number, to: number): WordsToken | undefined {
  const { text } = origin;
  let at = from;
  while (at < to && isCommentChar(text.charCodeAt(at))) at++;
  while (at < to && isBlank(text.charCodeAt(at))) at++;
  if (!text.startsWith(mark, at) || at + mark.length > to) return undefined;
  const words: SourceWord[] = [];
  at += mark.length;
  while (at < to) {
    const char = text.charCodeAt(at);
    if (isCommentChar(char)) break;
    if (isBlank(char)) at++;
    else {
      const word = readWord(origin, at, to);
      words.push(word);
      at = word.end;
    }
  }
  const [keyword = new SourceWord('', origin, from, at), ...args] = words;
  return new WordsToken(keyword, args);
}

/** In double quotes, or up to a blank or the next comment. A quote that is not closed ends with the line. */
function readWord(origin: Origin, from: number, to: number): SourceWord {
  const { text } = origin;
  if (text.charCodeAt(from) === quote) {
    const close = text.indexOf('"', from + 1);
    const end = close === -1 || close >= to ? to : close;
    return new SourceWord(text.slice(from + 1, end), origin, from, Math.min(end + 1, to));
  }
  let end = from;
  while (end < to && !isBlank(text.charCodeAt(end)) && !isCommentChar(text.charCodeAt(end))) end++;
  return new SourceWord(text.slice(from, end), origin, from, end);
}

function isCommentChar(char: number): boolean {
  return char === hash || char === bang;
}

/**
 * Gives each extension to its block, in the parsed `tokens`; what is returned belongs to none. `read` are the tokens as the file has
 * them: where braces did not match, an extension may stand behind one that was left out.
 */
export function giveExtensions(
  extensions: readonly PlacedExtension[],
  read: readonly PlacedToken[],
  tokens: readonly PlacedToken[],
): readonly Statement[] {
  if (extensions.length === 0) return [];
  const anchors = keptTokens(extensions, read, tokens);
  const behind = new Map<PlacedToken | undefined, Statement[]>();
  for (const { statement, after } of extensions) {
    const anchor = after === undefined ? undefined : anchors.get(after);
    const list = behind.get(anchor);
    if (list === undefined) behind.set(anchor, [statement]);
    else list.push(statement);
  }
  const ofNone = [...(behind.get(undefined) ?? [])];
  const ofBlocks = new Map<SourceBlock, Statement[]>();
  const open: (SourceBlock | undefined)[] = [];
  let line: WordsToken | undefined;
  for (const token of tokens) {
    if (token instanceof WordsToken) line = token;
    else if (token.tokenType === LeftBrace) open.push(line?.block instanceof SourceBlock ? line.block : undefined);
    else if (token.tokenType === RightBrace) open.pop();
    const found = behind.get(token);
    if (found === undefined) continue;
    const block = open.at(-1);
    const list = block === undefined ? ofNone : (ofBlocks.get(block) ?? []);
    for (const statement of found) list.push(statement);
    if (block !== undefined) ofBlocks.set(block, list);
  }
  for (const [block, list] of ofBlocks) block.extensions = list;
  return ofNone;
}

/** For each token that an extension stands behind, the last one up to it that was kept. */
function keptTokens(
  extensions: readonly PlacedExtension[],
  read: readonly PlacedToken[],
  tokens: readonly PlacedToken[],
): ReadonlyMap<PlacedToken, PlacedToken | undefined> {
  const wanted = new Set(extensions.map(({ after }) => after));
  const kept = new Set(tokens);
  const anchors = new Map<PlacedToken, PlacedToken | undefined>();
  let last: PlacedToken | undefined;
  for (const token of read) {
    if (kept.has(token)) last = token;
    if (wanted.has(token)) anchors.set(token, last);
  }
  return anchors;
}
