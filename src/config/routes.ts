import type { Statement } from '../parser/index.ts';
import type { Findings } from './read.ts';

/** What the reference says of route lines; routes and rules themselves are not done yet. */
export function checkRoutes(findings: Findings, object: string, lines: readonly Statement[]): void {
  for (const { keyword, args } of lines) {
    const words = [keyword, ...args].map((word) => word.text);
    const nexthop = words.findIndex((word) => word === 'nexthop' || word === 'or');
    const own = nexthop === -1 ? words : words.slice(0, nexthop);
    for (const [old, today] of [
      ['or', 'nexthop'],
      ['gw', 'via'],
    ] as const) {
      if (!words.includes(old)) continue;
      findings.warning(
        'deprecated-keyword',
        keyword.span,
        `'${old}' in a route of ${object} is deprecated`,
        `use '${today}'`,
      );
    }
    if (own.includes('dev') || own.includes('oif') || words.includes('no_track')) continue;
    findings.warning(
      'route-not-tracked',
      keyword.span,
      `route '${words.join(' ')}' of ${object} names no interface and cannot be tracked`,
      "add 'dev INTERFACE', or 'no_track' where that is meant",
    );
  }
}

export function checkRules(findings: Findings, object: string, lines: readonly Statement[]): void {
  for (const { keyword, args } of lines) {
    const words = [keyword, ...args].map((word) => word.text);
    if (words.some((word) => word === 'preference' || word === 'order' || word === 'priority')) continue;
    findings.warning(
      'rule-without-preference',
      keyword.span,
      `rule '${words.join(' ')}' of ${object} has no preference`,
      "add 'preference NUMBER'; keepalived counts down from 16384",
    );
  }
}
