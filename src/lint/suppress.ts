import type { SourceSpan } from '../core/index.ts';
import { layoutOf, type LayoutLine, type SourceFile } from '../parser/index.ts';
import type { Finding } from './finding.ts';

/**
 * `# lint:ignore RULE[,RULE] reason`: behind a line it is about that line; on a line of its own about the next line, and about
 * the whole block where that line begins one.
 */
interface Suppression {
  readonly rules: readonly string[];
  readonly reason: string;
  readonly span: SourceSpan;
  readonly firstLine: number;
  readonly lastLine: number;
  used: boolean;
}

/** Also behind an extension, which is itself a comment. */
const form = /^[#!]+\s*(?:watchkeeper:(?:"[^"]*"|[^"#!])*[#!]+\s*)?lint:ignore(?:\s+(.*))?$/;
const extensionForm = /^[#!]+\s*watchkeeper:/;

export interface Suppressed {
  readonly findings: readonly Finding[];
  readonly suppressed: number;
}

/** Takes out what the files say is to be ignored; a comment that ignores nothing, or does not say why, is a finding itself. */
export function applySuppressions(
  findings: readonly Finding[],
  sources: readonly SourceFile[],
  knownRules: ReadonlySet<string>,
): Suppressed {
  const byFile = new Map<string, Suppression[]>();
  for (const source of sources) {
    // Most files have none: their lines need not be looked at.
    if (source.text.includes('lint:ignore')) byFile.set(source.path, suppressionsOf(source));
  }
  const kept = findings.filter(({ rule, span }) => {
    const matching = (span === undefined ? [] : (byFile.get(span.file) ?? [])).filter(
      (one) =>
        one.rules.includes(rule) && span !== undefined && span.line >= one.firstLine && span.line <= one.lastLine,
    );
    for (const one of matching) one.used = true;
    return matching.length === 0;
  });
  const own = [...byFile.values()].flat().flatMap((one) => complaints(one, knownRules));
  return { findings: [...kept, ...own], suppressed: findings.length - kept.length };
}

function complaints({ rules, reason, span, used }: Suppression, known: ReadonlySet<string>): readonly Finding[] {
  const finding = (message: string, hint: string): readonly Finding[] => [
    { rule: 'bad-ignore', severity: 'warning', message, hint, span },
  ];
  const unknown = rules.find((rule) => !known.has(rule));
  if (rules.length === 0 || unknown !== undefined)
    return finding(
      unknown === undefined ? 'lint:ignore names no rule' : `lint:ignore names '${unknown}', which is not a rule`,
      "write '# lint:ignore RULE reason'; watchkeeper lint --list-rules lists the rules",
    );
  if (reason === '')
    return finding('lint:ignore gives no reason', `write why: '# lint:ignore ${rules.join(',')} reason'`);
  if (!used) return finding(`lint:ignore ${rules.join(',')} ignores nothing`, 'remove it');
  return [];
}

function suppressionsOf(source: SourceFile): Suppression[] {
  const { lines } = layoutOf(source);
  return lines.flatMap((line, index): Suppression[] => {
    const comment = line.pieces.find(({ kind }) => kind === 'comment');
    const match = comment === undefined ? null : form.exec(comment.text.trimEnd());
    if (comment === undefined || match === null) return [];
    const [first = '', ...rest] = (match[1] ?? '').split(/\s+/);
    const column = line.pieces.slice(0, line.pieces.indexOf(comment)).reduce((sum, { text }) => sum + text.length, 1);
    const alone = line.pieces.every(({ kind }) => kind === 'blank' || kind === 'comment');
    const ignoresExtension = extensionForm.test(comment.text);
    const target = ignoresExtension || !alone ? index : nextLine(lines, index, extensionForm);
    const number = index + 1;
    return [
      {
        rules: first === '' ? [] : first.split(',').filter((rule) => rule !== ''),
        reason: rest.join(' '),
        span: {
          file: source.path,
          line: number,
          column,
          endLine: number,
          endColumn: column + comment.text.trimEnd().length,
        },
        firstLine: target + 1,
        lastLine: (alone && !isExtension(lines[target]) ? blockEnd(lines, target) : target) + 1,
        used: false,
      },
    ];
  });
}

/** Alone on its line. */
function isExtension(line: LayoutLine | undefined): boolean {
  const first = line?.pieces.find(({ kind }) => kind !== 'blank');
  return first?.kind === 'comment' && extensionForm.test(first.text);
}

/** Blank lines and comments are passed over, but for comments of this form. */
function nextLine(lines: readonly LayoutLine[], from: number, unless?: RegExp): number {
  const next = lines.findIndex(
    ({ pieces }, i) =>
      i > from &&
      pieces.some(({ kind, text }) => (kind === 'comment' ? unless?.test(text) === true : kind !== 'blank')),
  );
  return next === -1 ? lines.length - 1 : next;
}

/** The line where the block ends that a line begins; the line itself where it begins none. */
function blockEnd(lines: readonly LayoutLine[], from: number): number {
  const braces = (line: LayoutLine | undefined): readonly string[] =>
    (line?.pieces ?? []).map(({ kind }) => kind).filter((kind) => kind !== 'blank' && kind !== 'comment');
  const next = nextLine(lines, from);
  // The '{' may stand on the next line.
  const open = braces(lines[from]).includes('open') ? from : braces(lines[next])[0] === 'open' ? next : -1;
  if (open === -1) return from;
  let depth = 0;
  for (let i = open; i < lines.length; i++) {
    for (const kind of braces(lines[i])) depth += kind === 'open' ? 1 : kind === 'close' ? -1 : 0;
    if (depth <= 0) return i;
  }
  return lines.length - 1;
}
