import { err, ok, type Result } from '../core/index.ts';

/**
 * A release of keepalived to be equal to, from 2.0.20 to 2.4.3. What releases before 2.0.20 did otherwise has not been collected, and
 * of the releases between only this: which keywords they have, and whether they follow the rules of 2.2.7 or of 2.4.3.
 */
export type Target = `2.${number}.${number}`;

export const defaultTarget = '2.4.3' satisfies Target;
const oldest = '2.0.20';

/** The release that a user names. The error says what would be right. */
export function parseTarget(text: string): Result<Target> {
  const wanted = /^v?(2\.\d{1,3}\.\d{1,3})$/.exec(text)?.[1];
  if (wanted === undefined || isLater(oldest, wanted) || isLater(wanted, defaultTarget))
    return err(
      `'${text}' is not a version of keepalived that is known: it takes ${oldest} to ${defaultTarget}, such as 2.2.8`,
    );
  return ok(wanted as Target);
}

/** Whose rules a release follows where they differ: those of 2.2.7 hold up to 2.2.x, those of 2.4.3 from 2.3.0 on. */
export function rulesOf(target: Target): '2.2.7' | '2.4.3' {
  let rules = rulesKnown.get(target);
  if (rules === undefined) rulesKnown.set(target, (rules = isLater('2.3.0', target) ? '2.2.7' : '2.4.3'));
  return rules;
}

/** It is asked for at every command, and few releases are. */
const rulesKnown = new Map<Target, '2.2.7' | '2.4.3'>();

/** Whether one release comes after another. What is no release, such as a development state, comes after all. */
export function isLater(release: string, other: string): boolean {
  const [a, b] = [release, other].map(numbers);
  const differing = a?.findIndex((part, i) => part !== b?.[i]) ?? -1;
  return differing !== -1 && (a?.[differing] ?? 0) > (b?.[differing] ?? 0);
}

function numbers(release: string): readonly number[] {
  const parts = /^(\d+)\.(\d+)\.(\d+)$/.exec(release)?.slice(1);
  return parts?.map(Number) ?? [Infinity, 0, 0];
}
