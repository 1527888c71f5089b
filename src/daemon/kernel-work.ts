/**
 * What is asked of the kernel, and what must come after it, in the order in which it was said. The kernel does what it is asked in
 * order, so that more can be asked before it has answered: of a takeover of a thousand instances many fit one datagram.
 */
export class KernelWork {
  /** Ends when all that came before has been asked. */
  #asked: Promise<void> = Promise.resolve();
  /** Ends when what was to be announced before is announced. */
  #announced: Promise<void> = Promise.resolve();
  /** Ends when all that came before is done. */
  #done: Promise<void> = Promise.resolve();

  get done(): Promise<void> {
    return this.#done;
  }

  /** Begins when all before it is done; nothing after it begins before it is done. */
  after(work: () => Promise<void> | void): void {
    this.#done = this.#done.then(work);
    this.#asked = this.#done;
  }

  /** Begins when all before it has been asked; `work` sends its requests before it waits for anything. */
  ask(work: () => Promise<void>): void {
    this.#askAfter(this.#asked, work);
  }

  /** As `ask`; but what is taken back must not be announced afterwards. */
  takeBack(work: () => Promise<void>): void {
    this.#askAfter(
      Promise.all([this.#asked, this.#announced]).then(() => undefined),
      work,
    );
  }

  /** Follows what came before it; what is taken back later waits for it. */
  announce(work: () => void): void {
    this.tell(work);
    this.#announced = this.#done;
  }

  /** Follows what came before it; nothing that is asked waits for it. */
  tell(work: () => void): void {
    this.#done = this.#done.then(work);
  }

  #askAfter(before: Promise<void>, work: () => Promise<void>): void {
    let answered: Promise<void> | undefined;
    this.#asked = before.then(() => {
      answered = work();
    });
    this.#done = Promise.all([this.#done, this.#asked]).then(() => answered);
  }
}
