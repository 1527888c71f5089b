import type { Dice } from './dice.ts';

/** How many there are of each; their names are the letter and the number. */
export const tracked = { interfaces: 3, scripts: 4, files: 3 } as const;

export const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, k) => k);

export function block(head: string, lines: readonly string[]): string {
  return `${head} {\n${lines
    .filter((line) => line !== '')
    .map((line) => `  ${line}\n`)
    .join('')}}\n`;
}

/** Entries of a track list, each `NAME` or `NAME weight W [reverse]`. */
export function trackList(dice: Dice, kind: string, count: number, probability: number): string {
  const letter = kind[0] ?? '';
  const entries = dice.some(numbers(count), probability).map((k) => {
    const weight = dice.maybe(0.6, () => {
      const value = dice.pick([-60, -30, -5, 0, 5, 30, 60]);
      // At a reload keepalived takes every script for one that is well, and no notice of one without weight that should not be.
      return ` weight ${String(value)}${value === 0 ? '' : dice.maybe(0.2, () => ' reverse')}`;
    });
    const small =
      kind === 'file'
        ? dice.maybe(0.6, () => ` weight ${String(dice.pick([-2, -1, 0, 1, 2]))}${dice.maybe(0.2, () => ' reverse')}`)
        : weight;
    return `${kind === 'interface' ? 't' : letter}${String(k)}${small}`;
  });
  return entries.length === 0 ? '' : block(`track_${kind}`, entries);
}
