import type { SourceSpan } from '../core/index.ts';
import type { SourceFile } from '../parser/index.ts';
import type { Edit, Finding, Fix } from './finding.ts';

/** Replaces a word, where the file holds it as it is (and not a definition or a repetition that it came from). */
export function replaceText(
  source: SourceFile | undefined,
  span: SourceSpan,
  text: string,
  title: string,
): Fix | undefined {
  const old = source === undefined ? undefined : textAt(source, span);
  if (old === undefined || old === text) return undefined;
  return { title, edits: [{ span, old, text }] };
}

/** Removes what stands at a span, and its line with it where nothing else stands there. */
export function removeText(source: SourceFile | undefined, span: SourceSpan, title: string): Fix | undefined {
  if (source === undefined || span.line !== span.endLine) return undefined;
  const whole = lineText(source, span.line);
  const [before, after] = [whole.slice(0, span.column - 1), whole.slice(span.endColumn - 1)];
  if (before.trim() === '' && after.trim() === '') {
    const line = { ...span, column: 1, endLine: span.line + 1, endColumn: 1 };
    const old = textAt(source, line);
    return old === undefined ? undefined : { title, edits: [{ span: line, old, text: '' }] };
  }
  const blanks = before.trim() === '' ? after.length - after.trimStart().length : 0;
  return replaceText(source, { ...span, endColumn: span.endColumn + blanks }, '', title);
}

/** The text of a span; undefined where the file does not reach so far. */
export function textAt(source: SourceFile, span: SourceSpan): string | undefined {
  const start = source.offset(span.line, span.column);
  const end = source.offset(span.endLine, span.endColumn);
  return start === undefined || end === undefined || end < start ? undefined : source.text.slice(start, end);
}

/** A line without its end; '' for one that is not there. */
export function lineText(source: SourceFile, line: number): string {
  const start = source.offset(line, 1);
  if (start === undefined) return '';
  const end = source.text.indexOf('\n', start);
  return source.text.slice(start, end === -1 ? undefined : end).replace(/\r$/, '');
}

export interface Fixed {
  /** The new bytes of each file that changes. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly applied: readonly Finding[];
}

/** Makes the fixes that do not touch each other; the others wait for the next round. */
export function applyFixes(findings: readonly Finding[], sources: readonly SourceFile[]): Fixed {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const wanted = new Map<string, { readonly from: number; readonly to: number; readonly text: string }[]>();
  const applied: Finding[] = [];
  for (const finding of findings) {
    const places = finding.fix?.edits.map((edit) => place(edit, byPath));
    if (places === undefined || places.length === 0 || places.some((one) => one === undefined)) continue;
    const sound = places.filter((one) => one !== undefined);
    if (
      sound.some(({ file, from, to }) => (wanted.get(file) ?? []).some((other) => from < other.to && other.from < to))
    )
      continue;
    for (const { file, ...edit } of sound) wanted.set(file, [...(wanted.get(file) ?? []), edit]);
    applied.push(finding);
  }
  const files = new Map<string, Uint8Array>();
  for (const [path, edits] of wanted) {
    const source = byPath.get(path);
    if (source === undefined) continue;
    let { text } = source;
    for (const { from, to, text: replacement } of [...edits].sort((a, b) => b.from - a.from))
      text = text.slice(0, from) + replacement + text.slice(to);
    files.set(path, source.encode(text));
  }
  return { files, applied };
}

function place(
  { span, old, text }: Edit,
  sources: ReadonlyMap<string, SourceFile>,
): { readonly file: string; readonly from: number; readonly to: number; readonly text: string } | undefined {
  const source = sources.get(span.file);
  const from = source?.offset(span.line, span.column);
  if (source === undefined || from === undefined || !source.text.startsWith(old, from)) return undefined;
  return { file: span.file, from, to: from + old.length, text };
}
