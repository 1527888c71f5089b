import { closingQuote, isBlank } from './lexer.ts';
import { SourceFile } from './source-text.ts';

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
  for (let start = 0; start < source.text.length;) {
    const newline = source.text.indexOf('\n', start);
    const stop = newline === -1 ? source.text.length : newline;
    const returned = newline !== -1 && stop > start && source.text[stop - 1] === '\r';
    const end = newline === -1 ? '' : returned ? '\r\n' : '\n';
    lines.push({ pieces: piecesOf(source.text, start, returned ? stop - 1 : stop), end });
    start = stop + 1;
  }
  return { source, lines };
}

/** The bytes of a layout: for one that was read, those of its file. */
export function printLayout(layout: Layout): Uint8Array {
  const text = layout.lines.map((line) => line.pieces.map((piece) => piece.text).join('') + line.end).join('');
  return layout.source.encode(text);
}

function piecesOf(text: string, from: number, to: number): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = from; at < to;) {
    const [kind, end] = pieceAt(text, at, to);
    pieces.push({ kind, text: text.slice(at, end) });
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
