import { layoutOf, type LayoutLine, type SourceFile } from '../../../parser/index.ts';
import type { Report, Rule } from '../../rule.ts';

/** Only definitions go on to the next line. */
export const lineContinuation: Rule = {
  id: 'line-continuation',
  severity: 'error',
  title: 'a backslash at the end of a line that does not go on',
  *check(director) {
    for (const source of director.sources.values()) {
      if (/\\[ \t\r]*$/m.test(source.text)) yield* judge(source);
    }
  },
};

function* judge(source: SourceFile): Iterable<Report> {
  let defining = false;
  for (const [index, line] of layoutOf(source).lines.entries()) {
    const code = codeOf(line).trimEnd();
    if (!defining && !/^\s*(?:@\S+\s+)?\$[A-Za-z_]\w*=/.test(code)) {
      if (code.endsWith('\\')) {
        const place = { file: source.path, line: index + 1, column: code.length };
        yield {
          at: { ...place, endLine: place.line, endColumn: place.column + 1 },
          message: 'the line does not go on: outside a definition the backslash is a word of its own, or part of one',
          hint: 'write it all in one line',
        };
      }
      continue;
    }
    if (defining && code.trim() === '' && line.pieces.length > 0) {
      yield {
        at: { file: source.path, line: index + 1, column: 1, endLine: index + 1, endColumn: code.length + 2 },
        message: 'a blank or comment line does not end the definition: the line after it belongs to the definition too',
        hint: "end the definition with a line that has no '\\', or with a line that is quite empty",
      };
      continue;
    }
    defining = code.endsWith('\\');
  }
}

/** A line without its comment. */
function codeOf({ pieces }: LayoutLine): string {
  return pieces
    .filter(({ kind }) => kind !== 'comment')
    .map(({ text }) => text)
    .join('');
}
