import type { NotifyFifo, ScriptCommand, VrrpConfig } from '../config/index.ts';
import { fifoLine, objectKey, scriptsFor, type Notice } from './event.ts';
import { FifoWriter, type MakeFifo } from './fifo.ts';
import {
  defaultLimits,
  isIdle,
  newScriptQueue,
  nextDeadline,
  queueStep,
  type QueueEvent,
  type QueueLimits,
  type ScriptQueue,
} from './script-queue.ts';

/** A script that has been started. */
export interface ScriptRun {
  /** Signals the script's whole process group. */
  readonly kill: (signal: 'SIGTERM' | 'SIGKILL') => void;
}

/** How a script ended; `error`: it could not be run at all. */
export type ScriptOutcome =
  | { readonly type: 'exit'; readonly code: number }
  | { readonly type: 'signal'; readonly signal: string }
  | { readonly type: 'error'; readonly message: string };

/** Starts a script in a process group of its own. `onExit` is called once, never before `start` has returned. */
export interface ScriptRunner {
  readonly start: (command: ScriptCommand, onExit: (outcome: ScriptOutcome) => void) => ScriptRun;
}

export interface NotifierOptions {
  readonly runner: ScriptRunner;
  readonly makeFifo: MakeFifo;
  readonly log: (level: 'info' | 'warning' | 'error', text: string) => void;
  /** Milliseconds of a clock that does not jump. */
  readonly nowMs: () => number;
  readonly limits?: QueueLimits;
}

export interface NotifierSettings {
  /** Scripts of instances and groups; absent in the checkers process, whose events bring theirs. */
  readonly vrrp?: VrrpConfig;
  /** All FIFOs that this process writes to. */
  readonly fifos: readonly NotifyFifo[];
}

/** Tells scripts and FIFO readers what happened. One of them is in each process that has something to tell. */
export class Notifier {
  readonly #options: NotifierOptions;
  #queue: ScriptQueue;
  #configs: readonly VrrpConfig[];
  #fifos: readonly FifoWriter[];
  readonly #runs = new Map<number, ScriptRun>();
  #timer: NodeJS.Timeout | undefined;
  #onIdle: (() => void) | undefined;

  constructor(options: NotifierOptions, settings: NotifierSettings) {
    this.#options = options;
    this.#queue = newScriptQueue(options.limits ?? defaultLimits);
    this.#configs = settings.vrrp === undefined ? [] : [settings.vrrp];
    this.#fifos = this.#opened(settings.fifos, []);
  }

  notify(notice: Notice): void {
    const line = fifoLine(notice);
    for (const fifo of this.#fifos) fifo.write(line);
    const commands = scriptsFor(notice, this.#configs);
    this.#step({ type: 'notice', object: objectKey(notice), state: notice.state, commands });
  }

  /** Scripts of objects that the new configuration no longer has are found in the one before it. */
  reload(settings: NotifierSettings): void {
    const [before] = this.#configs;
    this.#configs = [settings.vrrp, before].filter((config) => config !== undefined);
    this.#fifos = this.#opened(settings.fifos, this.#fifos);
  }

  #opened(wanted: readonly NotifyFifo[], before: readonly FifoWriter[]): readonly FifoWriter[] {
    const { makeFifo, log } = this.#options;
    const paths = [...new Set(wanted.map(({ path }) => path))];
    for (const fifo of before) if (!paths.includes(fifo.path)) fifo.close();
    return paths
      .map((path) => before.find((fifo) => fifo.path === path) ?? FifoWriter.open({ path, makeFifo, log }))
      .filter((fifo) => fifo !== undefined);
  }

  /** Resolves when all scripts have ended, at the latest some 2 s after `withinMs`; the FIFOs are closed then. */
  async close(withinMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      this.#step({ type: 'end', withinMs });
    });
    for (const fifo of this.#fifos) fifo.close();
    this.#fifos = [];
  }

  #step(event: QueueEvent): void {
    const { queue, effects } = queueStep(this.#queue, event, this.#options.nowMs());
    this.#queue = queue;
    for (const effect of effects) {
      switch (effect.type) {
        case 'start':
          this.#start(effect.run, effect.command);
          break;
        case 'kill':
          this.#runs.get(effect.run)?.kill(effect.signal);
          break;
        case 'log':
          this.#options.log(effect.level, effect.text);
          break;
      }
    }
    this.#arm();
    if (isIdle(this.#queue)) this.#onIdle?.();
  }

  #start(id: number, command: ScriptCommand): void {
    const run = this.#options.runner.start(command, (outcome) => {
      this.#runs.delete(id);
      this.#step({ type: 'exited', run: id, outcome: outcomeText(outcome) });
    });
    this.#runs.set(id, run);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const at = nextDeadline(this.#queue);
    if (at === undefined) return;
    const wait = Math.max(0, at - this.#options.nowMs());
    this.#timer = setTimeout(() => {
      this.#step({ type: 'timer' });
    }, Math.ceil(wait));
  }
}

function outcomeText(outcome: ScriptOutcome): string | undefined {
  switch (outcome.type) {
    case 'exit':
      return outcome.code === 0 ? undefined : `exited with status ${String(outcome.code)}`;
    case 'signal':
      return `was ended by ${outcome.signal}`;
    case 'error':
      return `could not be run: ${outcome.message}`;
  }
}
