import type { SourceSpan } from '../core/index.ts';

/** Where the text of a token comes from: a file, or a line that was made by a definition or a repetition. */
export interface Origin {
  readonly text: string;
  span(start: number, end: number): SourceSpan;
  readonly definedAt?: SourceSpan | undefined;
}

/** A file as text. Bytes that are not UTF-8 are read one to one (ISO 8859-1), so that every file can be given back. */
export class SourceFile implements Origin {
  readonly path: string;
  readonly text: string;
  readonly encoding: 'utf-8' | 'latin1';
  readonly byteOrderMark: boolean;
  #lineStarts: readonly number[] | undefined;

  constructor(path: string, bytes: Uint8Array) {
    this.path = path;
    const utf8 = decodeUtf8(bytes);
    this.encoding = utf8 === undefined ? 'latin1' : 'utf-8';
    const text = utf8 ?? decodeLatin1(bytes);
    this.byteOrderMark = text.startsWith('\ufeff');
    this.text = this.byteOrderMark ? text.slice(1) : text;
  }

  /** Made when first asked for: a file without findings never needs it. */
  span(start: number, end: number): SourceSpan {
    const starts = (this.#lineStarts ??= lineStarts(this.text));
    const line = lineAt(starts, start);
    const endLine = lineAt(starts, Math.max(start, end - 1));
    return {
      file: this.path,
      line: line + 1,
      column: start - (starts[line] ?? 0) + 1,
      endLine: endLine + 1,
      endColumn: end - (starts[endLine] ?? 0) + 1,
    };
  }

  /** Where in the text a line and column (both from 1) stand; undefined for a place that the file does not have. */
  offset(line: number, column: number): number | undefined {
    const starts = (this.#lineStarts ??= lineStarts(this.text));
    const start = starts[line - 1];
    const end = starts[line] ?? this.text.length + 1;
    return start === undefined || column < 1 || start + column > end ? undefined : start + column - 1;
  }

  /** The column, from 0, of what stands at an offset; undefined where it is not the first of its line. */
  indentAt(offset: number): number | undefined {
    let start = offset;
    while (start > 0 && (this.text[start - 1] === ' ' || this.text[start - 1] === '\t')) start--;
    return start === 0 || this.text[start - 1] === '\n' ? offset - start : undefined;
  }

  /** The bytes that the file was read from. */
  encode(text: string): Uint8Array {
    const whole = this.byteOrderMark ? `\ufeff${text}` : text;
    if (this.encoding === 'utf-8') return new TextEncoder().encode(whole);
    return Uint8Array.from(whole, (char) => char.charCodeAt(0));
  }
}

export function isBlank(char: number): boolean {
  return char === 32 || (char >= 9 && char <= 13);
}

/** A piece of a file. */
export interface Place {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A line that stands in no file as it is. All its words point to the line that uses the definition. */
export class MadeLine implements Origin {
  readonly text: string;
  readonly #place: Place;
  readonly #definedAt: Place | undefined;

  constructor(text: string, place: Place, definedAt: Place | undefined) {
    this.text = text;
    this.#place = place;
    this.#definedAt = definedAt;
  }

  get definedAt(): SourceSpan | undefined {
    return this.#definedAt === undefined ? undefined : spanOf(this.#definedAt);
  }

  span(): SourceSpan {
    return spanOf(this.#place);
  }
}

export function spanOf({ file, start, end }: Place): SourceSpan {
  return file.span(start, end);
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

// TextDecoder's "latin1" is windows-1252.
function decodeLatin1(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 8192) parts.push(String.fromCharCode(...bytes.subarray(i, i + 8192)));
  return parts.join('');
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
