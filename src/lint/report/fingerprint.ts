import type { Finding } from '../finding.ts';

/**
 * What stays the same of a finding when lines are added above it: rule, file and message, and its number among those that are
 * equal in all three. Messages name objects and not lines.
 */
export function fingerprints(findings: readonly Finding[]): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map(({ rule, span, message }) => {
    const key = `${rule}:${span?.file ?? ''}:${message.replace(/\bline \d+\b/g, 'line')}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return `${key}:${String(count)}`;
  });
}
