import type { Finding } from '../finding.ts';
import { countOf, type ReportInput } from './report-input.ts';
import { attributes, xml } from './xml.ts';

/** JUnit XML: a suite a file, a test case a finding; warnings pass with their text as output, errors fail. */
export function junitReport({ files, findings }: ReportInput): string {
  const names = [...new Set([...files, ...findings.flatMap(({ span }) => span?.file ?? [])])];
  const suites = names.map((name) =>
    suite(
      name,
      findings.filter(({ span }) => (span?.file ?? files[0]) === name),
    ),
  );
  const totals = { tests: Math.max(findings.length, names.length), failures: countOf(findings, 'error') };
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name: 'watchkeeper lint', ...totals })}>\n${suites.join('')}</testsuites>\n`;
}

function suite(name: string, findings: readonly Finding[]): string {
  const cases =
    findings.length === 0
      ? [`    <testcase${attributes({ name: 'lint', classname: name })}/>\n`]
      : findings.map((finding) => testCase(name, finding));
  const counts = { tests: cases.length, failures: countOf(findings, 'error') };
  return `  <testsuite${attributes({ name, ...counts })}>\n${cases.join('')}  </testsuite>\n`;
}

function testCase(file: string, { rule, severity, message, hint, span }: Finding): string {
  const place = span === undefined ? '' : `:${String(span.line)}:${String(span.column)}`;
  const text = `${file}${place}: ${severity}: ${message}${hint === undefined ? '' : `\n${hint}`}`;
  const inside =
    severity === 'error'
      ? `<failure${attributes({ message, type: rule })}>${xml(text)}</failure>`
      : `<system-out>${xml(text)}</system-out>`;
  return `    <testcase${attributes({ name: `${rule}${place}`, classname: file })}>${inside}</testcase>\n`;
}
