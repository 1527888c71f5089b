import type { Word } from '../../parser/index.ts';

/** A port that may be left out: 0. Undefined where the word is none. */
export function parsePort(word: Word | undefined): number | undefined {
  if (word === undefined) return 0;
  const port = /^\d{1,5}$/.test(word.text) ? Number(word.text) : Number.NaN;
  return port <= 65_535 ? port : undefined;
}
