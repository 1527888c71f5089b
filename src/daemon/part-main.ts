import {
  dieWithParent,
  keepYoungHeapSmall,
  monotonicMs,
  onSignals,
  openLog,
  parentChannel,
  programName,
  Scheduler,
  setProcessName,
  signalNumbers,
  watchLateness,
  type PartChannel,
  type Scheduling,
} from '../platform/index.ts';
import type { Log, Orphaned, PartStart, StopOrder } from './messages.ts';

/** A part that was started: what arrives after `start`, and how it ends. */
export interface RunningPart<In> {
  readonly handle: (message: In) => void;
  /** Takes everything back, or leaves all as it is to a successor. */
  readonly stop: (how: Orphaned) => Promise<void>;
}

/** How the part is to be scheduled from now on: at a reload. */
export interface ScheduleOrder {
  readonly type: 'scheduling';
  readonly scheduling: Scheduling;
}

/** Asks whether the part's event loop turns. */
export interface Ping {
  readonly type: 'ping';
}

export interface Pong {
  readonly type: 'pong';
}

/** The kernel sends it with the supervisor's death; TERM is somebody's wish. */
const deathSignal = 'RTMIN+3';
/** A flood of packets can keep a part busy for hours. */
const betweenWarningsMs = 60_000;

/** The part cannot work, and starting it again would not help: it ends with this status. */
export class FatalError extends Error {
  readonly status: number;
  constructor(text: string, status = 1) {
    super(text);
    this.name = 'FatalError';
    this.status = status;
  }
}

/**
 * The life of a part's process: it is told `start`, then what comes, then `stop`; it also stops cleanly on SIGTERM, and as it was told to
 * when the supervisor is gone. Other signals are the supervisor's business.
 */
export class PartProgram<Start extends PartStart, Event extends { readonly type: string }, Out> {
  readonly #ident: string;
  readonly #begin: (start: Start, log: Log, tell: (message: Out) => void) => Promise<RunningPart<Event>>;
  #channel: PartChannel<Start | Event | ScheduleOrder | StopOrder | Ping, Out | Pong> | undefined;
  readonly #scheduler = new Scheduler();
  #part: RunningPart<Event> | undefined;
  #starting: Promise<void> = Promise.resolve();
  #log: Log = () => undefined;
  #ending = false;
  #orphaned: Orphaned = 'clean-up';
  #endWatch: () => void = () => undefined;
  #quietUntilMs = 0;

  constructor(
    ident: string,
    begin: (start: Start, log: Log, tell: (message: Out) => void) => Promise<RunningPart<Event>>,
  ) {
    this.#ident = ident;
    this.#begin = begin;
  }

  run(): void {
    const channel = parentChannel<Start | Event | ScheduleOrder | StopOrder | Ping, Out | Pong>();
    if (channel === undefined) {
      process.stderr.write('This is a part of watchkeeper, which starts it by itself: run watchkeeper.\n');
      process.exitCode = 1;
      return;
    }
    this.#channel = channel;
    keepYoungHeapSmall();
    setProcessName(programName());
    // Without an orderly end within the supervisor's patience, this process must not live on alone.
    dieWithParent(signalNumbers[deathSignal]);
    onSignals(['HUP', 'INT', 'USR1', 'USR2'], () => undefined);
    onSignals(['XCPU'], () => {
      this.#overran();
    });
    onSignals(['TERM'], () => void this.#end('clean-up'));
    onSignals([deathSignal], () => void this.#end(this.#orphaned));
    channel.onHangUp(() => void this.#end(this.#orphaned));
    channel.onMessage((message) => {
      if (isStop(message)) void this.#end(message.keep === true ? 'keep' : 'clean-up');
      else if (message.type === 'ping') channel.send({ type: 'pong' });
      else if (isSchedule(message)) this.#schedule(message.scheduling);
      else if (message.type === 'start') this.#starting = this.#start(message as Start);
      else this.#order(message as Event);
    });
  }

  /** What arrives while the part still starts is done afterwards. */
  #order(event: Event): void {
    void this.#starting.then(() => this.#part?.handle(event));
  }

  async #start(message: Start): Promise<void> {
    const { identSuffix = '', ...log } = message.log;
    const opened = await openLog({ ...log, ident: `${this.#ident}${identSuffix}` });
    if (opened.ok) this.#log = opened.value.write;
    this.#orphaned = message.orphaned;
    try {
      this.#part = await this.#begin(message, this.#log, (out) => {
        this.#channel?.send(out);
      });
      // Only now: to start takes longer than a real-time process may take.
      this.#schedule(message.scheduling);
    } catch (error) {
      this.#log('error', error instanceof Error ? error.message : String(error));
      process.exit(error instanceof FatalError ? error.status : 1);
    }
  }

  #schedule(scheduling: Scheduling): void {
    for (const trouble of this.#scheduler.apply(scheduling)) this.#log('error', trouble);
    this.#endWatch();
    const { autoPriority } = scheduling;
    if (autoPriority === undefined) return;
    this.#endWatch = watchLateness(autoPriority.delayMs, (byMs) => {
      const raised = this.#scheduler.raise();
      if (raised === undefined) return;
      const now = raised.ok ? `the real-time priority is ${String(raised.value)} now` : raised.error;
      this.#log('warning', `a timer was ${byMs.toFixed(0)} ms late: ${now} (max_auto_priority)`);
    });
  }

  #overran(): void {
    const paused = this.#scheduler.pause();
    if (!paused.ok) this.#log('error', paused.error);
    const nowMs = monotonicMs();
    if (nowMs < this.#quietUntilMs) return;
    this.#quietUntilMs = nowMs + betweenWarningsMs;
    const text = 'ran without a pause for longer than its real-time limit (…_rlimit_rttime)';
    this.#log('warning', `${this.#ident} ${text}`);
  }

  async #end(how: Orphaned): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    await this.#starting;
    await this.#part?.stop(how);
    this.#log('info', how === 'keep' ? 'Stopped: what is in place stays for the next process' : 'Stopped');
    // What people are to be told of the stop is on its way only.
    await this.#channel?.drained();
    this.#scheduler.leaveRealTime();
    process.exit(0);
  }
}

function isSchedule(message: { readonly type: string }): message is ScheduleOrder {
  return message.type === 'scheduling';
}

function isStop(message: { readonly type: string }): message is StopOrder {
  return message.type === 'stop';
}
