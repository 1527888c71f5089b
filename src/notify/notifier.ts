import type { NotifyFifo, ScriptCommand, VrrpConfig } from '../config/index.ts';
import { fifoLine, isVrrpNotice, objectKey, scriptsFor, type Notice } from './event.ts';
import { FifoReader } from './fifo-reader.ts';
import { FifoWriter, type FifoAccess, type MakeFifo } from './fifo.ts';
import { LastEvents } from './last-events.ts';
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
import type { ScriptOutcome, ScriptRun, ScriptRunner } from './script-run.ts';

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
  readonly fifos: readonly WrittenFifo[];
}

/** What of it is written to a FIFO. */
export interface WrittenFifo {
  readonly fifo: NotifyFifo;
  readonly takes: readonly ('vrrp' | 'lvs')[];
  readonly access: FifoAccess;
}

interface OpenFifo {
  readonly writer: FifoWriter;
  takes: readonly ('vrrp' | 'lvs')[];
  readonly script: string;
  reader?: FifoReader | undefined;
}

/** So long readers may read what came last, before they are ended. */
const lastLinesMs = 300;

/** Tells scripts and FIFO readers what happened. One of them is in each process that has something to tell. */
export class Notifier {
  readonly #options: NotifierOptions;
  #queue: ScriptQueue;
  #configs: readonly VrrpConfig[];
  #fifos: readonly OpenFifo[];
  readonly #last = new LastEvents();
  /** Readers of before that have not gone yet, by path: a FIFO has one reader. */
  readonly #leaving = new Map<string, Promise<void>>();
  #closed = false;
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
    const kind = isVrrpNotice(notice) ? 'vrrp' : 'lvs';
    this.#last.take(notice);
    for (const { writer, takes } of this.#fifos) if (takes.includes(kind)) writer.write(line);
    const commands = scriptsFor(notice, this.#configs);
    this.#step({ type: 'notice', object: objectKey(notice), state: notice.state, commands });
  }

  /** Scripts of objects that the new configuration no longer has are found in the one before it. */
  reload(settings: NotifierSettings): void {
    const [before] = this.#configs;
    this.#configs = [settings.vrrp, before].filter((config) => config !== undefined);
    this.#fifos = this.#opened(settings.fifos, this.#fifos);
    this.#last.keepVrrp(
      new Set([
        ...(settings.vrrp?.instances ?? []).map(({ name }) => `INSTANCE ${name}`),
        ...(settings.vrrp?.syncGroups ?? []).map(({ name }) => `GROUP ${name}`),
      ]),
    );
  }

  #opened(wanted: readonly WrittenFifo[], before: readonly OpenFifo[]): readonly OpenFifo[] {
    const { makeFifo, log } = this.#options;
    const byPath = new Map<string, WrittenFifo>();
    for (const entry of wanted) {
      const { path } = entry.fifo;
      const same = byPath.get(path);
      if (same === undefined) byPath.set(path, entry);
      else byPath.set(path, { ...same, fifo: { ...entry.fifo, ...same.fifo }, takes: [...same.takes, ...entry.takes] });
    }
    for (const open of before) {
      const next = byPath.get(open.writer.path);
      if (next === undefined || scriptKey(next.fifo) !== open.script) this.#leave(open);
      if (next === undefined) open.writer.close();
    }
    return [...byPath.values()].flatMap(({ fifo, takes, access }): readonly OpenFifo[] => {
      const { path } = fifo;
      const script = scriptKey(fifo);
      const known = before.find(({ writer }) => writer.path === path);
      if (known?.script === script) {
        known.takes = takes;
        return [known];
      }
      const writer = known?.writer ?? FifoWriter.open({ path, makeFifo, access, log });
      if (writer === undefined) return [];
      const open: OpenFifo = { writer, takes, script };
      if (fifo.script !== undefined) this.#read(open, fifo.script);
      return [open];
    });
  }

  #leave({ reader, writer }: OpenFifo): void {
    if (reader !== undefined) this.#leaving.set(writer.path, reader.end());
  }

  /** Starts the reader when the one of before is gone. */
  #read(open: OpenFifo, command: ScriptCommand): void {
    const { runner, log, nowMs } = this.#options;
    const { path } = open.writer;
    const start = (): void => {
      if (this.#closed || !this.#fifos.some(({ writer, script }) => writer === open.writer && script === open.script))
        return;
      open.reader = new FifoReader({
        runner,
        log,
        nowMs,
        path,
        command,
        onAnother: () => {
          this.#catchUp(open);
        },
      });
    };
    const predecessor = this.#leaving.get(path);
    // Not at once either: the list of FIFOs is still in the making.
    void (predecessor ?? Promise.resolve()).then(() => {
      start();
      if (predecessor !== undefined) this.#catchUp(open);
    });
  }

  #catchUp({ writer, takes }: OpenFifo): void {
    for (const kind of takes) for (const line of this.#last.lines(kind)) writer.write(line);
  }

  /** Resolves when all scripts have ended, at the latest some 2 s after `withinMs`; the FIFOs are closed then. */
  async close(withinMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      this.#step({ type: 'end', withinMs });
    });
    this.#closed = true;
    const readers = this.#fifos.flatMap(({ reader }) => reader ?? []);
    if (readers.length > 0) await new Promise((resolve) => setTimeout(resolve, lastLinesMs));
    await Promise.all([...readers.map((reader) => reader.end()), ...this.#leaving.values()]);
    for (const { writer } of this.#fifos) writer.close();
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

/** Two lines with the same words ask for the same reader. */
function scriptKey({ script }: NotifyFifo): string {
  return script === undefined ? '' : JSON.stringify([script.argv, script.user, script.group]);
}
