import { countOf, type ReportInput } from './report-input.ts';

/** One JSON object; its form is described in docs/lint.md and changes only with its `formatVersion`. */
export function jsonReport({ version, files, findings, suppressed }: ReportInput): string {
  const report = {
    formatVersion: 1,
    program: { name: 'watchkeeper', version },
    files,
    findings,
    summary: {
      errors: countOf(findings, 'error'),
      warnings: countOf(findings, 'warning'),
      infos: countOf(findings, 'info'),
      suppressed,
    },
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
