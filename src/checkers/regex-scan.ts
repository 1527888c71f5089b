/** Looks for a regex in an answer as it comes, so that no answer need be held whole. */

/** What searches: see the platform's searchRegex. */
export type SearchRegex = (query: {
  readonly pattern: string;
  readonly options: readonly string[];
  readonly subject: Uint8Array;
  readonly from: number;
  readonly to?: number;
  readonly open: boolean;
  readonly withinMs: number;
}) =>
  | { readonly kind: 'found' }
  | { readonly kind: 'not-found'; readonly keep: number; readonly from: number }
  | { readonly kind: 'error'; readonly reason: string };

export interface RegexSettings {
  readonly pattern: string;
  readonly options: readonly string[];
  /** Bytes before the place where a match may begin, at least and at most. */
  readonly minOffset: number;
  readonly maxOffset?: number;
}

export type ScanOutcome = 'found' | 'not-found' | { readonly error: string };

/** So much is searched at once: most answers are searched when they are complete, and only then. */
const blockBytes = 65_536;
/** A match that may have begun longer ago than this is given up. */
const heldLimit = 65_536;
/** What the searches in one answer may take in all. */
const budgetMs = 200;

export class RegexScan {
  readonly #search: SearchRegex;
  readonly #settings: RegexSettings;
  readonly #pieces: Buffer[] = [];
  #heldBytes = 0;
  #fresh = 0;
  /** Where the held bytes begin in the answer. */
  #base = 0;
  /** Where in the held bytes the next search begins. */
  #from = 0;
  #leftMs = budgetMs;
  #outcome: ScanOutcome | undefined;

  constructor(search: SearchRegex, settings: RegexSettings) {
    this.#search = search;
    this.#settings = settings;
  }

  push(bytes: Buffer): void {
    if (this.#outcome !== undefined) return;
    this.#pieces.push(bytes);
    this.#heldBytes += bytes.length;
    this.#fresh += bytes.length;
    if (this.#fresh >= blockBytes) this.#look(true);
  }

  /** The outcome over all that was pushed. */
  finish(): ScanOutcome {
    if (this.#outcome === undefined) this.#look(false);
    return this.#outcome ?? 'not-found';
  }

  #look(open: boolean): void {
    const all = Buffer.concat(this.#pieces, this.#heldBytes);
    // A character may be cut at the end; its bytes wait for the rest.
    const subject = open ? all.subarray(0, characterEnd(all)) : all;
    const { minOffset, maxOffset, pattern, options } = this.#settings;
    const from = Math.max(this.#from, minOffset - this.#base);
    this.#fresh = 0;
    if (maxOffset !== undefined && maxOffset < this.#base + from) {
      this.#decide('not-found');
      return;
    }
    if (from > subject.length) {
      this.#keep(all, subject.length, 0);
      return;
    }
    const to = maxOffset === undefined ? {} : { to: maxOffset - this.#base };
    const startedMs = performance.now();
    const finding = this.#search({ pattern, options, subject, from, ...to, open, withinMs: this.#leftMs });
    this.#leftMs -= performance.now() - startedMs;
    if (finding.kind === 'found') this.#decide('found');
    else if (finding.kind === 'error') this.#decide({ error: finding.reason });
    else if (!open) this.#decide('not-found');
    else if (finding.keep > heldLimit) this.#keep(all, subject.length, 1);
    else this.#keep(all, subject.length - finding.keep + finding.from, finding.from);
  }

  /** Goes on at `next` of the held bytes, with some before it for context. */
  #keep(all: Buffer, next: number, context: number): void {
    const kept = Math.min(next, Math.max(1, context));
    const rest = Buffer.from(all.subarray(next - kept));
    this.#pieces.splice(0, this.#pieces.length, rest);
    this.#heldBytes = rest.length;
    this.#base += next - kept;
    this.#from = kept;
  }

  #decide(outcome: ScanOutcome): void {
    this.#outcome = outcome;
    this.#pieces.length = 0;
    this.#heldBytes = 0;
  }
}

/** The end of the last whole character of UTF-8; in text of another kind a few bytes may wait in vain, and are searched at the end. */
function characterEnd(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}
