import type { Log } from './messages.ts';

/** Tells of what goes wrong when it begins, and not each time. */
export class TroubleLog {
  readonly #log: Log;
  readonly #told = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** `what` is in trouble, or, undefined, is not any more. */
  say(what: string, trouble: string | undefined): void {
    if (trouble === undefined) {
      this.#told.delete(what);
    } else if (!this.#told.has(what)) {
      this.#told.add(what);
      this.#log('error', trouble);
    }
  }
}
