import type { Severity, SourceSpan } from '../core/index.ts';

/** A change of a file's text that does not change what keepalived does with it. */
export interface Fix {
  /** What it does, in words: `remove the line`. */
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** The text `old` at this place becomes `text`; where something else stands there by now, the edit is not made. */
export interface Edit {
  readonly span: SourceSpan;
  readonly old: string;
  readonly text: string;
}

/** Another place that a finding is about: the object of the other director, the first of two definitions. */
export interface Related {
  readonly span: SourceSpan;
  readonly message: string;
}

/** One finding of the linter. */
export interface Finding {
  /** The permanent id of the rule: docs/rules/<id>.md explains it. */
  readonly rule: string;
  readonly severity: Severity;
  /** Names the object and says what is wrong. */
  readonly message: string;
  /** What would be right. */
  readonly hint?: string;
  /** Absent for what is about a whole file that could not be read. */
  readonly span?: SourceSpan;
  readonly related?: readonly Related[];
  readonly fix?: Fix;
}

const rank: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** Whether a severity is at least another. */
export function isAtLeast(severity: Severity, level: Severity): boolean {
  return rank[severity] >= rank[level];
}

/** By file, line and column; the graver first where two stand at one place. */
export function compareFindings(a: Finding, b: Finding): number {
  const [left, right] = [a.span, b.span];
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  if (left.file !== right.file) return left.file < right.file ? -1 : 1;
  return (
    left.line - right.line ||
    left.column - right.column ||
    rank[b.severity] - rank[a.severity] ||
    (a.rule < b.rule ? -1 : Number(a.rule > b.rule))
  );
}
