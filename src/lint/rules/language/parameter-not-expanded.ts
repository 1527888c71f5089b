import type { SourceFile } from '../../../parser/index.ts';
import { lineText } from '../../edit.ts';
import type { Report, Rule } from '../../rule.ts';
import { definitionsOf } from './definitions.ts';

/** Without braces a parameter is replaced only before a blank, a comma, a closing parenthesis or the end of the line. */
export const parameterNotExpanded: Rule = {
  id: 'parameter-not-expanded',
  severity: 'error',
  title: 'a parameter that needs braces where it stands',
  *check(director) {
    const names = new Set(definitionsOf(director).map(({ name }) => name));
    if (names.size === 0) return;
    for (const source of director.sources.values()) yield* judge(source, names);
  },
};

function* judge(source: SourceFile, names: ReadonlySet<string>): Iterable<Report> {
  for (const match of source.text.matchAll(/\$([A-Za-z_]\w*)(?=[^\w\s,)=])/g)) {
    const [text, name = ''] = match;
    if (!names.has(name)) continue;
    const at = source.span(match.index, match.index + text.length);
    const before = lineText(source, at.line).slice(0, at.column - 1);
    if (inComment(before)) continue;
    yield {
      at,
      message: `${text} is not replaced here: without braces it ends at a blank, a comma or the end of the line`,
      hint: `write \${${name}}`,
    };
  }
}

/** Whether a comment has begun in this part of a line. */
function inComment(text: string): boolean {
  return /^(?:[^"#!\\]|\\.|"[^"]*")*[#!]/.test(text);
}
