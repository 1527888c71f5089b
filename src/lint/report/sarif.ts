import type { Log, Region, ReportingDescriptor, Result } from 'sarif';
import type { SourceSpan } from '../../core/index.ts';
import { allRules } from '../lint.ts';
import { textAt } from '../edit.ts';
import type { Finding } from '../finding.ts';
import { fingerprints } from './fingerprint.ts';
import type { ReportInput } from './report-input.ts';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/** SARIF 2.1.0 (OASIS): one run, all rules with their pages, and a fingerprint for each result that survives moved lines. */
export function sarifReport({ version, findings, sources }: ReportInput): string {
  const rules = allRules();
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]));
  const prints = fingerprints(findings);
  const paths = new Map(sources.map((source) => [source.path, source]));
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'watchkeeper lint',
            version,
            semanticVersion: version,
            rules: rules.map(({ id, title, severity }): ReportingDescriptor => ({
              id,
              shortDescription: { text: title },
              help: { text: `watchkeeper lint --explain ${id} (docs/rules/${id}.md)` },
              defaultConfiguration: { level: levels[severity] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        artifacts: [...paths.keys()].map((path) => ({ location: { uri: uriOf(path) } })),
        results: findings.map((finding, index): Result => ({
          ruleId: finding.rule,
          ...(indexOf.has(finding.rule) ? { ruleIndex: indexOf.get(finding.rule) ?? 0 } : {}),
          level: levels[finding.severity],
          message: { text: finding.hint === undefined ? finding.message : `${finding.message}: ${finding.hint}` },
          ...(finding.span === undefined ? {} : { locations: [{ physicalLocation: locationOf(finding.span) }] }),
          ...(finding.related === undefined || finding.related.length === 0
            ? {}
            : {
                relatedLocations: finding.related.map(({ span, message }) => ({
                  physicalLocation: locationOf(span),
                  message: { text: message },
                })),
              }),
          partialFingerprints: { 'watchkeeper/v1': prints[index] ?? '' },
          ...fixesOf(finding, paths),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function locationOf(span: SourceSpan): {
  readonly artifactLocation: { readonly uri: string };
  readonly region: Region;
} {
  return { artifactLocation: { uri: uriOf(span.file) }, region: regionOf(span) };
}

function regionOf({ line, column, endLine, endColumn }: SourceSpan): Region {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/** A relative path stays relative: it is looked for below the checkout. */
function uriOf(path: string): string {
  const uri = path.split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${uri}` : uri;
}

function fixesOf(
  { fix }: Finding,
  sources: ReadonlyMap<string, Parameters<typeof textAt>[0]>,
): Pick<Result, 'fixes'> | undefined {
  const [first] = fix?.edits ?? [];
  if (fix === undefined || first === undefined) return undefined;
  const source = sources.get(first.span.file);
  if (source === undefined || textAt(source, first.span) !== first.old) return undefined;
  return {
    fixes: [
      {
        description: { text: fix.title },
        artifactChanges: [
          {
            artifactLocation: { uri: uriOf(first.span.file) },
            replacements: fix.edits.map(({ span, text }) => ({
              deletedRegion: regionOf(span),
              insertedContent: { text },
            })),
          },
        ],
      },
    ],
  };
}
