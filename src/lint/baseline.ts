import { err, ok, type Result } from '../core/index.ts';
import type { Finding } from './finding.ts';
import { fingerprints } from './report/fingerprint.ts';

/** The findings that are known and accepted for now, so that only new ones are told. */
export type Baseline = ReadonlySet<string>;

export function writeBaseline(findings: readonly Finding[]): string {
  return `${JSON.stringify({ formatVersion: 1, findings: [...fingerprints(findings)].sort() }, null, 2)}\n`;
}

/** Reads a baseline file. The error says what is wrong with it. */
export function parseBaseline(text: string): Result<Baseline> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('it is not JSON');
  }
  const list = typeof value === 'object' && value !== null && 'findings' in value ? value.findings : undefined;
  if (!Array.isArray(list) || !list.every((one) => typeof one === 'string'))
    return err('it has no list of findings: write it with --write-baseline');
  return ok(new Set<string>(list));
}

export function withoutKnown(findings: readonly Finding[], baseline: Baseline): readonly Finding[] {
  const prints = fingerprints(findings);
  return findings.filter((_, index) => !baseline.has(prints[index] ?? ''));
}
