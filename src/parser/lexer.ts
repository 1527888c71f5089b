import { createTokenInstance, type IToken } from 'chevrotain';
import type { SourceSpan } from '../core/index.ts';
import { LeftBrace, LineEnd, Quoted, RightBrace, Plain } from './tokens.ts';
import type { ParseDiagnostic } from './tree.ts';

/** A line as the lexer reads it: after includes, conditions and definitions. */
export interface SourceLine {
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

const offsetShift = 1024 * 1024;

/**
 * Words, quoted strings and braces of the lines. `startOffset` of a token is its line's place in `lines` and its column, packed:
 * see `spanOf`. Blocks are balanced here, so that the grammar needs no recovery: what closes nothing is dropped and what is
 * never closed is closed at the end, each with one diagnostic.
 */
export function tokenize(lines: readonly SourceLine[], diagnostics: ParseDiagnostic[]): IToken[] {
  const tokens: IToken[] = [];
  const open: number[] = [];
  const push = (
    type: Parameters<typeof createTokenInstance>[0],
    text: string,
    line: number,
    start: number,
    end: number,
  ): void => {
    const at = line * offsetShift + Math.min(start, offsetShift - 1);
    tokens.push(
      createTokenInstance(type, text, at, at + Math.min(end - start, offsetShift) - 1, line, line, start + 1, end),
    );
  };
  for (const [l, source] of lines.entries()) {
    const { text } = source;
    let i = 0;
    let sawWord = false;
    while (i < text.length) {
      const char = text[i] ?? '';
      if (isBlank(char)) {
        i++;
      } else if (char === '!' || char === '#') {
        break;
      } else if (char === '{') {
        openBlock(l, i);
        i++;
        sawWord = false;
      } else if (char === '}') {
        if (sawWord) push(LineEnd, '', l, i, i);
        closeBlock(l, i);
        i++;
        sawWord = false;
      } else if (char === '"') {
        const end = text.indexOf('"', i + 1);
        if (end === -1) {
          report(
            'unterminated-quote',
            'a double quote is not closed on its line',
            'close it; the text runs to the end of the line',
            l,
            i,
            text.length,
          );
        }
        const stop = end === -1 ? text.length : end;
        push(Quoted, text.slice(i + 1, stop), l, i, end === -1 ? stop : stop + 1);
        i = stop + 1;
        sawWord = true;
      } else {
        const start = i;
        let word = '';
        for (; i < text.length; i++) {
          const c = text[i] ?? '';
          if (c === '\\' && (text[i + 1] === '!' || text[i + 1] === '#')) {
            word += text[++i] ?? '';
            continue;
          }
          if (isBlank(c) || c === '{' || c === '}' || c === '"' || c === '!' || c === '#') break;
          word += c;
        }
        push(Plain, word, l, start, i);
        sawWord = true;
      }
    }
    push(LineEnd, '', l, text.length, text.length);
  }
  const last = Math.max(0, lines.length - 1);
  for (const opened of open.reverse()) {
    const at = spanOf(opened, lines);
    diagnostics.push({
      severity: 'error',
      code: 'missing-brace',
      message: `the block opened here is never closed`,
      hint: "add its '}'",
      class: 'general',
      span: at,
    });
    push(RightBrace, '}', last, lines[last]?.text.length ?? 0, lines[last]?.text.length ?? 0);
    push(LineEnd, '', last, 0, 0);
  }
  return tokens;

  function report(code: string, message: string, hint: string, line: number, start: number, end: number): void {
    const span = lineSpan(lines[line], start, end);
    diagnostics.push({ severity: 'error', code, message, hint, class: 'general', span });
  }

  function openBlock(line: number, column: number): void {
    // The '{' may stand on a later line than its keyword: the line ends between them do not count.
    while (tokens.at(-1)?.tokenType === LineEnd) tokens.pop();
    const before = tokens.at(-1)?.tokenType;
    if (before === undefined || before === LeftBrace || before === RightBrace) {
      if (before !== undefined) push(LineEnd, '', line, column, column);
      report(
        'unexpected-brace',
        "a '{' that no keyword stands before",
        'remove it, or name the block',
        line,
        column,
        column + 1,
      );
      // It is kept as a block without a name, so that its '}' does not close another.
      push(Plain, '', line, column, column);
    }
    if (open.length >= depthLimit) {
      report(
        'too-deep',
        `blocks are nested more than ${String(depthLimit)} deep`,
        'no block of keepalived.conf needs this',
        line,
        column,
        column + 1,
      );
      return;
    }
    open.push(line * offsetShift + column);
    push(LeftBrace, '{', line, column, column + 1);
  }

  function closeBlock(line: number, column: number): void {
    if (open.length === 0) {
      report(
        'extra-brace',
        "a '}' that closes nothing",
        'remove it, or look for the block that ends too early',
        line,
        column,
        column + 1,
      );
      return;
    }
    open.pop();
    push(RightBrace, '}', line, column, column + 1);
    push(LineEnd, '', line, column + 1, column + 1);
  }
}

/** The deepest blocks of the language are four deep; more guards the parser's stack. */
const depthLimit = 64;

function isBlank(char: string): boolean {
  return char === ' ' || (char >= '\t' && char <= '\r');
}

function lineSpan(line: SourceLine | undefined, start: number, end: number): SourceSpan {
  const at = line?.line ?? 1;
  return { file: line?.file ?? '', line: at, column: start + 1, endLine: at, endColumn: end + 1 };
}

/** The place of a token in its file. */
export function spanOf(offset: number, lines: readonly SourceLine[], length = 1): SourceSpan {
  const line = Math.floor(offset / offsetShift);
  const start = offset % offsetShift;
  return lineSpan(lines[line], start, start + length);
}
