import type { Result } from '../core/index.ts';
import { formatLeft, longestStateBytes, parseLeft, type LeftByPart } from './left-state.ts';
import { readOwnFile, removeFile, writeFileSafely } from '../platform/index.ts';
import type { Log, StatePlace } from './messages.ts';

export interface StateFileEdges {
  readonly path: string;
  readonly log: Log;
  /** The machine's run that we are in. */
  readonly boot: string;
  readonly read: (path: string, longest: number) => Result<string | undefined>;
  /** Into a fresh file that then takes the name. */
  readonly write: (path: string, text: string) => Promise<Result<void>>;
  readonly remove: (path: string) => Result<void>;
}

/** What is undefined is so no longer. */
type Change<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** The file in which a part leaves its state. It is written whole, one time after the other. */
export class StateFile<P extends keyof LeftByPart> {
  readonly #edges: StateFileEdges;
  readonly #part: P;
  #left: Change<LeftByPart[P]>;
  #written: string | undefined;
  #work: Promise<void> = Promise.resolve();
  #said = '';

  /** `left`: what is in the file and goes on to be true. */
  constructor(part: P, left: LeftByPart[P], edges: StateFileEdges) {
    this.#part = part;
    this.#left = left;
    this.#edges = edges;
  }

  /** What the last run has left; undefined: nothing that could be used. */
  read(): LeftByPart[P] | undefined {
    const { path, boot, read, log } = this.#edges;
    const text = read(path, longestStateBytes);
    if (!text.ok) log('warning', text.error);
    if (!text.ok || text.value === undefined) return undefined;
    const parsed = parseLeft(this.#part, boot, text.value);
    if (!parsed.ok) log('warning', `${path} is not used: ${parsed.error}`);
    return parsed.ok ? parsed.value : undefined;
  }

  /** Resolves when the file says so. */
  update(change: Change<LeftByPart[P]>): Promise<void> {
    this.#left = { ...this.#left, ...change };
    this.#work = this.#work.then(() => this.#write());
    return this.#work;
  }

  async remove(): Promise<void> {
    await this.#work;
    this.#say(this.#edges.remove(this.#edges.path));
  }

  async #write(): Promise<void> {
    const text = formatLeft(this.#part, this.#edges.boot, this.#left);
    if (text === this.#written) return;
    this.#written = text;
    this.#say(await this.#edges.write(this.#edges.path, text));
  }

  #say(done: Result<void>): void {
    const trouble = done.ok ? '' : done.error;
    if (trouble !== '' && trouble !== this.#said) this.#edges.log('warning', trouble);
    this.#said = trouble;
  }
}

export function openStateFile<P extends keyof LeftByPart>(
  part: P,
  left: LeftByPart[P],
  place: StatePlace,
  log: Log,
): StateFile<P> {
  return new StateFile(part, left, { ...place, log, read: readOwnFile, write: writeFileSafely, remove: removeFile });
}
