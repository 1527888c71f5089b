/**
 * What reading a configuration may cost: far more than anybody needs, and little enough that a hostile one ends within
 * a second or two. A sequence of a billion, definitions that double each other and files that include each other end here.
 */
const limits = {
  /** Files, each as often as it is included. */
  files: 10_000,
  fileBytes: 64 * 1024 * 1024,
  /** Patterns that are looked up. */
  lookups: 20_000,
  /** Lines that are more than words and braces. */
  specialLines: 1_000_000,
  /** What definitions and repetitions make. */
  madeLines: 500_000,
  madeChars: 32 * 1024 * 1024,
};

type Cost = keyof typeof limits;

const words: Readonly<Record<Cost, string>> = {
  files: 'files are included',
  fileBytes: 'bytes are included',
  lookups: 'names are included',
  specialLines: 'lines are definitions, conditions, includes or repetitions',
  madeLines: 'lines are made by definitions and repetitions',
  madeChars: 'characters are made by definitions and repetitions',
};

export class Budget {
  readonly #spent = new Map<Cost, number>();
  /** What has been used up first, in words. */
  overdrawn: { readonly code: 'too-long' | 'too-many-files'; readonly what: string } | undefined;

  /** False where it is more than is left. */
  spend(cost: Cost, amount = 1): boolean {
    const spent = (this.#spent.get(cost) ?? 0) + amount;
    this.#spent.set(cost, spent);
    if (spent <= limits[cost]) return true;
    const code = words[cost].endsWith('included') ? 'too-many-files' : 'too-long';
    this.overdrawn ??= { code, what: `more than ${String(limits[cost])} ${words[cost]}` };
    return false;
  }
}
