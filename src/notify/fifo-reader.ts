import type { ScriptCommand } from '../config/index.ts';
import type { ScriptRun, ScriptRunner } from './script-run.ts';

/** The program of a notify_fifo_script and its kin: it reads events from the FIFO whose path is its last argument. */
export interface FifoReaderOptions {
  readonly runner: ScriptRunner;
  readonly log: (level: 'info' | 'warning' | 'error', text: string) => void;
  readonly nowMs: () => number;
  /** Of what the log says. */
  readonly path: string;
  readonly command: ScriptCommand;
  /** A successor was started, which knows nothing of what its predecessor was told. */
  readonly onAnother: () => void;
}

/** A life at least this long clears the delay before the next one. */
const longLifeMs = 60_000;
const firstDelayMs = 1000;
const longestDelayMs = 60_000;
/** From SIGTERM to SIGKILL. */
const killDelayMs = 2000;

/** Keeps one reader running, until it is ended: one that dies is started again, later each time that it lives only shortly. */
export class FifoReader {
  readonly #options: FifoReaderOptions;
  #run: ScriptRun | undefined;
  #startedAtMs = 0;
  #delayMs = firstDelayMs;
  #timer: NodeJS.Timeout | undefined;
  #gone: (() => void) | undefined;

  constructor(options: FifoReaderOptions) {
    this.#options = options;
    this.#start();
  }

  /** TERM to its group, KILL after 2 s; resolves when it is gone, at the latest a little after that. It is not started again. */
  end(): Promise<void> {
    clearTimeout(this.#timer);
    const run = this.#run;
    if (run === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const kill = setTimeout(() => {
        run.kill('SIGKILL');
        resolve();
      }, killDelayMs);
      this.#gone = () => {
        clearTimeout(kill);
        // What it left behind in its group.
        run.kill('SIGKILL');
        resolve();
      };
      run.kill('SIGTERM');
    });
  }

  #start(): void {
    const { runner, command, path, nowMs } = this.#options;
    this.#startedAtMs = nowMs();
    this.#run = runner.start({ ...command, argv: [...command.argv, path] }, (outcome) => {
      this.#run = undefined;
      if (this.#gone !== undefined) {
        this.#gone();
        return;
      }
      const why = {
        exit: () => (outcome.type === 'exit' ? `ended with status ${String(outcome.code)}` : ''),
        signal: () => (outcome.type === 'signal' ? `was ended by ${outcome.signal}` : ''),
        error: () => (outcome.type === 'error' ? `could not be run: ${outcome.message}` : ''),
      }[outcome.type]();
      this.#again(why);
    });
  }

  #again(why: string): void {
    const { log, path, command, nowMs, onAnother } = this.#options;
    if (nowMs() - this.#startedAtMs >= longLifeMs) this.#delayMs = firstDelayMs;
    const delayMs = this.#delayMs;
    this.#delayMs = Math.min(2 * delayMs, longestDelayMs);
    const program = command.argv[0] ?? '';
    log(
      'warning',
      `notify FIFO ${path}: its script ${program} ${why}; it is started again in ${String(delayMs / 1000)} s`,
    );
    this.#timer = setTimeout(() => {
      this.#start();
      onAnother();
    }, delayMs);
  }
}
