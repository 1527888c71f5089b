import { printable } from '../../core/index.ts';
import type { Finding } from '../finding.ts';
import type { ReportInput } from './report-input.ts';

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** Workflow commands of GitHub Actions, which show as annotations in the changed files. */
export function githubReport({ findings }: ReportInput): string {
  return findings.map(annotation).join('');
}

function annotation({ severity, rule, message, hint, span }: Finding): string {
  const places =
    span === undefined
      ? []
      : [
          `file=${property(span.file)}`,
          `line=${String(span.line)}`,
          `endLine=${String(span.endLine)}`,
          // Columns only count within one line.
          ...(span.line === span.endLine ? [`col=${String(span.column)}`, `endColumn=${String(span.endColumn)}`] : []),
        ];
  const properties = [...places, `title=${property(rule)}`].join(',');
  return `::${commands[severity]} ${properties}::${data(hint === undefined ? message : `${message}: ${hint}`)}\n`;
}

function data(text: string): string {
  return printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
