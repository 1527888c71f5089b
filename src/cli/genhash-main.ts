import { genhash } from './genhash.ts';

/** The program `genhash`. */
export function main(words: readonly string[]): Promise<number> {
  return genhash(words);
}
