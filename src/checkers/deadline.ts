/** Later than that, this process was held up and did not listen. */
const lateMs = 50;

/**
 * How long a server may take. What has arrived by then is read before it is told to be late, and when this process itself was late, by
 * a long turn of the event loop or a machine that stood still, the server has once more as long as that took.
 */
export class Deadline {
  readonly #ms: number;
  readonly #passed: () => void;
  #timer: NodeJS.Timeout;
  #turn: NodeJS.Immediate | undefined;
  #dueMs: number;
  #extended = false;

  constructor(ms: number, passed: () => void) {
    this.#ms = ms;
    this.#passed = passed;
    this.#dueMs = performance.now() + ms;
    this.#timer = this.#wait(ms);
  }

  /** It has the whole time again. */
  refresh(): void {
    clearImmediate(this.#turn);
    this.#dueMs = performance.now() + this.#ms;
    if (!this.#extended) {
      this.#timer.refresh();
      return;
    }
    this.#extended = false;
    clearTimeout(this.#timer);
    this.#timer = this.#wait(this.#ms);
  }

  clear(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
  }

  #wait(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      const late = performance.now() - this.#dueMs;
      if (late <= lateMs || this.#extended) {
        this.#turn = setImmediate(this.#passed);
        return;
      }
      this.#extended = true;
      this.#timer = this.#wait(Math.min(late, this.#ms));
    }, ms);
  }
}
