import { closingQuote } from './lexer.ts';
import { isBlank, SourceFile } from './source-text.ts';

const sharedLength = 64;
const sharedLines = 10_000;

/** One piece of a line. All pieces one after the other are the line: nothing of the file is lost. */
export interface Piece {
  readonly kind: 'blank' | 'word' | 'quoted' | 'open' | 'close' | 'comment';
  readonly text: string;
}

export interface LayoutLine {
  readonly pieces: readonly Piece[];
  /** What ends the line: nothing only for the last line of a file. */
  readonly end: '\n' | '\r\n' | '';
}

/** A file as it stands on the disk: comments, blank lines and unexpanded parameters included. */
export interface Layout {
  readonly source: SourceFile;
  readonly lines: readonly LayoutLine[];
}

export function readLayout(path: string, bytes: Uint8Array): Layout {
  return layoutOf(new SourceFile(path, bytes));
}

export function layoutOf(source: SourceFile): Layout {
  const lines: LayoutLine[] = [];
  const known = new Map<string, LayoutLine>();
  for (let start = 0; start < source.text.length;) {
    const newline = source.text.indexOf('\n', start);
    const stop = newline === -1 ? source.text.length : newline + 1;
    // Lines that are the same share an object: a file of ten million bytes may have five million lines.
    const text = stop - start > sharedLength ? undefined : source.text.slice(start, stop);
    const shared = text === undefined ? undefined : known.get(text);
    const line = shared ?? readLine(source.text, start, stop);
    if (text !== undefined && shared === undefined && known.size < sharedLines) known.set(text, line);
    lines.push(line);
    start = stop;
  }
  return { source, lines };
}

function readLine(text: string, start: number, stop: number): LayoutLine {
  const ends = text[stop - 1] === '\n';
  const returned = ends && stop - 2 >= start && text[stop - 2] === '\r';
  const end = !ends ? '' : returned ? '\r\n' : '\n';
  return { pieces: piecesOf(text, start, stop - end.length), end };
}

/** The bytes of a layout: for one that was read, those of its file. */
export function printLayout(layout: Layout): Uint8Array {
  const text = layout.lines.map((line) => line.pieces.map((piece) => piece.text).join('') + line.end).join('');
  return layout.source.encode(text);
}

const singles: Readonly<Record<string, Piece>> = {
  '{': { kind: 'open', text: '{' },
  '}': { kind: 'close', text: '}' },
  ' ': { kind: 'blank', text: ' ' },
};

function piecesOf(text: string, from: number, to: number): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = from; at < to;) {
    const [kind, end] = pieceAt(text, at, to);
    const single = end === at + 1 ? singles[text[at] ?? ''] : undefined;
    pieces.push(single ?? { kind, text: text.slice(at, end) });
    at = end;
  }
  return pieces;
}

function pieceAt(text: string, at: number, to: number): readonly [Piece['kind'], number] {
  const char = text[at];
  if (char === '#' || char === '!') return ['comment', to];
  if (char === '{') return ['open', at + 1];
  if (char === '}') return ['close', at + 1];
  if (char === '"') {
    const end = closingQuote(text, at, to);
    return ['quoted', end === -1 ? to : end + 1];
  }
  let end = at;
  if (isBlank(text.charCodeAt(at))) {
    while (end < to && isBlank(text.charCodeAt(end))) end++;
    return ['blank', end];
  }
  for (; end < to; end++) {
    const one = text[end] ?? '';
    // A parameter is part of its word, braces and all.
    const parameter = one === '$' && text[end + 1] === '{' ? parameterEnd(text, end + 2, to) : -1;
    if (parameter !== -1) end = parameter;
    else if (one === '\\' && end + 1 < to && (text[end + 1] === '#' || text[end + 1] === '!')) end++;
    else if ('{}"#!'.includes(one) || isBlank(one.charCodeAt(0))) break;
  }
  return ['word', end];
}

/** Where the `}` of a parameter stands, or -1: no brace and no line end stands in its name. */
function parameterEnd(text: string, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const char = text[at];
    if (char === '}') return at;
    if (char === '{') return -1;
  }
  return -1;
}
