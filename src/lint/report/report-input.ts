import type { SourceFile } from '../../parser/index.ts';
import type { Finding } from '../finding.ts';

/** What every output form is made from. */
export interface ReportInput {
  /** The version of this program. */
  readonly version: string;
  /** The files that were asked for, whether anything was found in them or not. */
  readonly files: readonly string[];
  readonly findings: readonly Finding[];
  readonly sources: readonly SourceFile[];
  /** Findings that comments or the baseline took out. */
  readonly suppressed: number;
}

export type Format = (input: ReportInput) => string;

export function countOf(findings: readonly Finding[], severity: Finding['severity']): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

/** `1 error`, `2 errors` */
export function plural(count: number, word: string): string {
  return `${String(count)} ${word}${count === 1 ? '' : 's'}`;
}
