import type { Finding } from '../finding.ts';
import type { ReportInput } from './report-input.ts';
import { attributes } from './xml.ts';

/** Checkstyle's XML, which most CI servers read. */
export function checkstyleReport({ files, findings }: ReportInput): string {
  const names = [...new Set([...files, ...findings.flatMap(({ span }) => span?.file ?? [])])];
  const body = names
    .map((name) => {
      const errors = findings.filter(({ span }) => (span?.file ?? files[0]) === name).map(oneError);
      return `  <file${attributes({ name })}>\n${errors.join('')}  </file>\n`;
    })
    .join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n${body}</checkstyle>\n`;
}

function oneError({ rule, severity, message, hint, span }: Finding): string {
  return `    <error${attributes({
    line: span?.line ?? 1,
    column: span?.column ?? 1,
    severity,
    message: hint === undefined ? message : `${message}: ${hint}`,
    source: `watchkeeper.${rule}`,
  })}/>\n`;
}
