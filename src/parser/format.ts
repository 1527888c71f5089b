import { err, ok, type Result, type SourceSpan } from '../core/index.ts';
import { definitionLine } from './definitions.ts';
import { layoutOf, type LayoutLine, type Piece } from './layout.ts';
import { parseConfig } from './parse.ts';
import { SourceFile } from './source-text.ts';
import type { Statement } from './tree.ts';

const indent = '    ';
/** Longer lines are left as they are, since the reference reads no more than 1022 bytes of one. */
const longest = 1000;

export interface FormatProblem {
  readonly text: string;
  readonly span?: SourceSpan;
}

/**
 * A file in the one stable form: four blanks for each block, `{` behind its keyword, one blank between words, at most one empty line.
 * Comments, quotes, definitions, conditions and includes stay as they are. What was read from the file is the same before and
 * after; where that cannot be had (its braces do not match, so that the indent decides what is meant), the error says why.
 */
export function format(path: string, bytes: Uint8Array): Result<Uint8Array, FormatProblem> {
  const source = new SourceFile(path, bytes);
  const { lines } = layoutOf(source);
  const writer = new FormatWriter();
  for (const line of lines) writer.line(line);
  const windows = lines.filter(({ end }) => end === '\r\n').length * 2 > lines.length;
  const text = writer.lines.map((line) => line + (windows ? '\r\n' : '\n')).join('');
  const formatted = source.encode(text);
  const [before, after] = [readings(path, source, bytes), readings(path, source, formatted)];
  if (before.meaning === after.meaning) return ok(formatted);
  const brace = before.brace ?? after.brace;
  return err(
    brace === undefined
      ? { text: 'it cannot be formatted without changing what it says' }
      : { text: 'its braces do not match: mend them first', span: brace },
  );
}

/** What a kind of line is: only plain ones are taken apart. */
type Kind = 'empty' | 'comment' | 'plain' | 'special' | 'verbatim';

class FormatWriter {
  readonly lines: string[] = [];
  #depth = 0;
  #continued = false;
  /** Whether an empty line is to come before the next. */
  #gap = false;
  /** Whether the last line is a plain statement that a '{' may be put behind. */
  #awaitsBrace = false;
  #lastCondition: number | undefined;

  line({ pieces }: LayoutLine): void {
    const text = pieces.map((piece) => piece.text).join('');
    if (this.#continued) {
      this.lines.push(text);
      const { value, goesOn } = definitionLine(text);
      if (text === '' || (value.trim() !== '' && !goesOn)) this.#continued = false;
      return;
    }
    const kind = kindOf(text, pieces);
    const condition = this.#lastCondition;
    if (kind !== 'empty' && kind !== 'comment') this.#lastCondition = undefined;
    switch (kind) {
      case 'empty':
        this.#gap = true;
        break;
      case 'comment':
        this.#emit(text.trim());
        break;
      case 'verbatim':
        this.#emitRaw(text.replace(/^[ \t\v\f\r]+/, ''));
        break;
      case 'special':
        this.#special(trimmed(text), pieces, condition);
        break;
      case 'plain':
        this.#plain(pieces);
        break;
    }
  }

  /** Conditions, definitions, repetitions and includes: only their indent changes. */
  #special(text: string, pieces: readonly Piece[], condition: number | undefined): void {
    const definition = /^(?:@\S+\s+)?\$[A-Za-z_]\w*=/.test(text);
    const change = definition
      ? 0
      : pieces.reduce((sum, { kind }) => sum + (kind === 'open' ? 1 : kind === 'close' ? -1 : 0), 0);
    // Of conditions that exclude each other only one opens or closes a block: they stand side by side.
    const alternative = condition === change && change !== 0;
    if (change < 0 !== alternative) this.#depth = Math.max(0, this.#depth - Math.abs(change));
    this.#emit(text);
    if (change > 0) this.#depth += change;
    if (text.startsWith('@')) this.#lastCondition = change;
    this.#continued = definition && definitionLine(text).goesOn;
  }

  #plain(pieces: readonly Piece[]): void {
    const rest = [...pieces];
    const comment = rest.at(-1)?.kind === 'comment' ? (rest.pop()?.text.trimEnd() ?? '') : '';
    // A command may group words by single quotes and backslashes, which only its reader knows: then each blank may count.
    const exact = rest.some(({ kind, text }) => kind === 'word' && /['\\]/.test(text));
    let line = '';
    const flush = (): void => {
      const text = trimmed(line);
      if (text !== '') this.#emit(text);
      this.#awaitsBrace = text !== '';
      line = '';
    };
    for (let i = 0; i < rest.length; i++) {
      const { kind, text = '' } = rest[i] ?? {};
      if (kind === 'blank') line += exact ? text : ' ';
      else if (kind === 'close') {
        flush();
        this.#depth = Math.max(0, this.#depth - 1);
        this.#gap = false;
        this.#emit('}');
      } else if (kind === 'open') {
        const head = trimmed(line);
        const end = inlineEnd(rest, i);
        line = '';
        if (end !== undefined && head !== '') {
          const inside = rest.slice(i + 1, end).map((piece) => (piece.kind === 'blank' && !exact ? ' ' : piece.text));
          this.#emit(`${head} {${` ${trimmed(inside.join(''))} `.replace(/^ {2}$/, ' ')}}`);
          i = end;
          this.#awaitsBrace = false;
        } else this.#open(head);
      } else line += text;
    }
    flush();
    if (comment !== '') this.#comment(comment);
  }

  #open(head: string): void {
    const last = this.lines.at(-1) ?? '';
    if (head !== '') this.#emit(`${head} {`);
    else if (this.#awaitsBrace && last.length < longest) {
      this.lines[this.lines.length - 1] = `${last} {`;
      this.#gap = false;
    } else this.#emit('{');
    this.#depth++;
    this.#awaitsBrace = false;
  }

  /** A comment behind a line; a '{' that follows goes in front of it, so that the line must not take one any more. */
  #comment(text: string): void {
    const last = this.lines.length - 1;
    this.lines[last] = `${this.lines[last] ?? ''} ${text}`;
    this.#awaitsBrace = false;
  }

  #emit(text: string): void {
    this.#emitRaw(indent.repeat(this.#depth) + text);
  }

  #emitRaw(text: string): void {
    const last = this.lines.at(-1);
    // No empty line at the begin of the file or of a block.
    if (this.#gap && last !== undefined && !last.endsWith('{') && text.trim() !== '}') this.lines.push('');
    this.#gap = false;
    this.lines.push(text);
    this.#awaitsBrace = false;
  }
}

/** Without what the reference takes for blanks; others, such as non-breaking ones, are characters of words. */
function trimmed(text: string): string {
  return text.replace(/^[ \t\v\f\r]+|[ \t\v\f\r]+$/g, '');
}

function kindOf(text: string, pieces: readonly Piece[]): Kind {
  if (text.includes('\0') || text.length > longest) return 'verbatim';
  const first = pieces.find(({ kind }) => kind !== 'blank');
  if (first === undefined) return 'empty';
  if (first.kind === 'comment') return 'comment';
  if (pieces.some((piece) => piece.kind === 'quoted' && (piece.text.length < 2 || !piece.text.endsWith('"'))))
    return 'verbatim';
  const start = first.text;
  if (start.startsWith('@') || start.startsWith('~')) return 'special';
  if (/^\$[A-Za-z_]\w*=/.test(start) || /^include[rmwba]?$/.test(start)) return 'special';
  return 'plain';
}

/** Where a block without blocks in it ends that begins and ends on one line. */
function inlineEnd(pieces: readonly Piece[], open: number): number | undefined {
  const next = pieces.findIndex(({ kind }, i) => i > open && kind !== 'word' && kind !== 'quoted' && kind !== 'blank');
  return pieces[next]?.kind === 'close' ? next : undefined;
}

/** What a file says, as a text to compare: for each configuration id that it names, and for another. */
function readings(
  path: string,
  source: SourceFile,
  bytes: Uint8Array,
): { readonly meaning: string; readonly brace: SourceSpan | undefined } {
  const ids = [...source.text.matchAll(/^[ \t]*@\^?([^\s@^]+)[ \t]/gm)].flatMap((match) => match[1] ?? []);
  let brace: SourceSpan | undefined;
  const meanings = [...new Set([...ids.slice(0, 8), 'none of these'])].map((configId) => {
    const { tree, diagnostics } = parseConfig({
      file: path,
      files: { read: () => ok(bytes), glob: (pattern) => (pattern === path ? [path] : []) },
      configId,
      environment: {},
      random: () => 0.5,
      allConfig: false,
    });
    brace ??= diagnostics.find(({ code }) => code === 'missing-brace' || code === 'extra-brace')?.span;
    return { statements: tree.statements.map(plain), codes: diagnostics.map(({ code }) => code) };
  });
  return { meaning: JSON.stringify(meanings), brace };
}

type Plain = readonly [line: string, words: readonly (readonly [string, boolean])[], block?: readonly Plain[]];

function plain({ keyword, args, block, raw }: Statement): Plain {
  const words = [keyword, ...args].map(({ text, quoted }) => [text, quoted] as const);
  const line = words.some(([text, quoted]) => !quoted && /['\\]/.test(text)) ? raw : '';
  return block === undefined ? [line, words] : [line, words, block.statements.map(plain)];
}
