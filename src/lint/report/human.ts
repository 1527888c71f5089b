import { printable } from '../../core/index.ts';
import type { SourceFile } from '../../parser/index.ts';
import { lineText } from '../edit.ts';
import type { Finding } from '../finding.ts';
import { countOf, plural, type ReportInput } from './report-input.ts';

export interface HumanOptions {
  /** ANSI colours; only for a terminal. */
  readonly color: boolean;
}

const colors = { error: 31, warning: 33, info: 36 } as const;
const widest = 160;

/**
 * `file:line:col: severity: message [rule]`, the line with what is meant underlined, and what would be right; a summary at the end.
 */
export function humanReport(input: ReportInput, { color }: HumanOptions): string {
  const paint = (code: number, text: string): string => (color ? `\x1b[${String(code)}m${text}\x1b[0m` : text);
  const sources = new Map(input.sources.map((source) => [source.path, source]));
  const blocks = input.findings.map((finding) => oneFinding(finding, sources, paint));
  return [...blocks, summary(input)].join('\n');
}

type Paint = (code: number, text: string) => string;

function oneFinding(
  { rule, severity, message, hint, span, related = [], fix }: Finding,
  sources: ReadonlyMap<string, SourceFile>,
  paint: Paint,
): string {
  const place = span === undefined ? '' : `${placeOf(span)}: `;
  const lines = [`${paint(1, place)}${paint(colors[severity], severity)}: ${printable(message)} [${rule}]`];
  const source = span === undefined ? undefined : sources.get(span.file);
  if (span !== undefined && source !== undefined) lines.push(...excerpt(source, span, paint));
  if (hint !== undefined) lines.push(`    = ${fix === undefined ? '' : '(--fix) '}${printable(hint)}`);
  for (const other of related) lines.push(`    ${placeOf(other.span)}: ${printable(other.message)}`);
  return `${lines.join('\n')}\n`;
}

function placeOf({ file, line, column }: NonNullable<Finding['span']>): string {
  return printable(`${file}:${String(line)}:${String(column)}`);
}

/** The line, and carets under the words; tabs stay tabs, so that the carets stand where they should. */
function excerpt(source: SourceFile, span: NonNullable<Finding['span']>, paint: Paint): readonly string[] {
  const text = lineText(source, span.line);
  if (text.trim() === '' || span.column > widest) return [];
  const shown = withoutSecrets(
    printable(text.length > widest ? `${text.slice(0, widest)}…` : text).replaceAll('\r', '\ufffd'),
  );
  const end = span.endLine === span.line ? span.endColumn : text.length + 1;
  const length = Math.max(1, Math.min(end, shown.length + 1) - span.column);
  const margin = shown.slice(0, span.column - 1).replace(/[^\t]/g, ' ');
  const number = String(span.line).padStart(4);
  return [`${number} | ${shown}`, `${' '.repeat(number.length)} | ${margin}${paint(32, '^'.repeat(length))}`];
}

/** What is printed in CI is read by many. */
function withoutSecrets(text: string): string {
  return text.replace(
    /(\b(?:auth_pass|password|key)[ \t]+)(\S.*)/,
    (_, keyword: string, secret: string) => keyword + secret.replace(/\S/g, '*'),
  );
}

function summary({ files, findings, suppressed }: ReportInput): string {
  const found = [
    plural(countOf(findings, 'error'), 'error'),
    plural(countOf(findings, 'warning'), 'warning'),
    ...(countOf(findings, 'info') > 0 ? [`${String(countOf(findings, 'info'))} info`] : []),
    ...(suppressed > 0 ? [`${String(suppressed)} ignored`] : []),
  ].join(', ');
  const fixable = findings.filter(({ fix }) => fix !== undefined).length;
  const fixes = fixable === 0 ? '' : `; --fix mends ${String(fixable)}`;
  return `${plural(files.length, 'file')}: ${found}${fixes}\n`;
}
