import type { ScriptCommand } from '../config/index.ts';

/**
 * Which scripts run when: the events of one object one after the other, the commands of one event started together, as the
 * reference starts them. Pure; times are milliseconds of any clock that does not jump.
 */

export interface QueueLimits {
  /** Events that may wait for one object; beyond it the oldest of them are left out, never the latest. */
  readonly waitingPerObject: number;
  /** Scripts that may run at once, over all objects. */
  readonly running: number;
  /** How long a script may run while a later event waits for it. With nothing waiting it may run for ever. */
  readonly patienceMs: number;
}

export const defaultLimits: QueueLimits = { waitingPerObject: 8, running: 128, patienceMs: 30_000 };

/** From SIGTERM to SIGKILL. */
const killDelayMs = 2000;

interface WaitingEvent {
  readonly state: string;
  readonly commands: readonly ScriptCommand[];
}

interface Run {
  readonly id: number;
  readonly command: ScriptCommand;
  readonly startedAt: number;
  readonly signalled?: { readonly signal: 'SIGTERM' | 'SIGKILL'; readonly at: number };
}

interface ObjectQueue {
  /** The state that the running scripts were told. */
  readonly current: string;
  readonly runs: readonly Run[];
  readonly waiting: readonly WaitingEvent[];
  readonly leftOut: readonly string[];
}

export interface ScriptQueue {
  readonly limits: QueueLimits;
  /** In the order in which they asked; an object with nothing to do is not here. */
  readonly objects: ReadonlyMap<string, ObjectQueue>;
  readonly running: number;
  readonly nextRun: number;
  /** Set once no more events come: every script still running at this time is ended. */
  readonly endAt?: number;
}

export type QueueEvent =
  | {
      readonly type: 'notice';
      readonly object: string;
      readonly state: string;
      readonly commands: readonly ScriptCommand[];
    }
  | { readonly type: 'exited'; readonly run: number; readonly outcome: string | undefined }
  | { readonly type: 'timer' }
  /** What is queued has this long. */
  | { readonly type: 'end'; readonly withinMs: number };

export type QueueEffect =
  | { readonly type: 'start'; readonly run: number; readonly command: ScriptCommand }
  /** To the script's whole process group. */
  | { readonly type: 'kill'; readonly run: number; readonly signal: 'SIGTERM' | 'SIGKILL' }
  | { readonly type: 'log'; readonly level: 'info' | 'warning'; readonly text: string };

export interface QueueStep {
  readonly queue: ScriptQueue;
  readonly effects: readonly QueueEffect[];
}

export function newScriptQueue(limits: QueueLimits = defaultLimits): ScriptQueue {
  return { limits, objects: new Map(), running: 0, nextRun: 1 };
}

export function isIdle(queue: ScriptQueue): boolean {
  return queue.objects.size === 0;
}

export function queueStep(queue: ScriptQueue, event: QueueEvent, nowMs: number): QueueStep {
  const effects: QueueEffect[] = [];
  const changed = changedBy(queue, event, nowMs, effects);
  return { queue: started(signalled(changed, nowMs, effects), nowMs, effects), effects };
}

function changedBy(queue: ScriptQueue, event: QueueEvent, nowMs: number, effects: QueueEffect[]): ScriptQueue {
  switch (event.type) {
    case 'notice':
      return event.commands.length === 0 ? queue : withWaiting(queue, event.object, event);
    case 'exited':
      return withoutRun(queue, event.run, event.outcome, effects);
    case 'end':
      return { ...queue, endAt: nowMs + event.withinMs };
    case 'timer':
      return queue;
  }
}

function withWaiting(queue: ScriptQueue, name: string, { state, commands }: WaitingEvent): ScriptQueue {
  const old = queue.objects.get(name) ?? { current: '', runs: [], waiting: [], leftOut: [] };
  const all = [...old.waiting, { state, commands }];
  const over = Math.max(0, all.length - queue.limits.waitingPerObject);
  const leftOut = [...old.leftOut, ...all.slice(0, over).map((event) => event.state)].slice(-queue.limits.running);
  return withObject(queue, name, { ...old, waiting: all.slice(over), leftOut });
}

function withObject(queue: ScriptQueue, name: string, object: ObjectQueue): ScriptQueue {
  const objects = new Map(queue.objects);
  if (object.runs.length === 0 && object.waiting.length === 0) objects.delete(name);
  else objects.set(name, object);
  return { ...queue, objects };
}

function withoutRun(queue: ScriptQueue, id: number, outcome: string | undefined, effects: QueueEffect[]): ScriptQueue {
  for (const [name, object] of queue.objects) {
    const run = object.runs.find((candidate) => candidate.id === id);
    if (run === undefined) continue;
    if (outcome !== undefined) {
      effects.push({
        type: 'log',
        level: 'warning',
        text: `${name}: ${scriptText(run)} for ${object.current} ${outcome}`,
      });
    }
    const left = { ...object, runs: object.runs.filter((candidate) => candidate !== run) };
    return { ...withObject(queue, name, left), running: queue.running - 1 };
  }
  return queue;
}

function scriptText({ command }: Run): string {
  return `script '${command.argv[0] ?? ''}'`;
}

function started(queue: ScriptQueue, nowMs: number, effects: QueueEffect[]): ScriptQueue {
  let next = queue;
  for (const [name, object] of queue.objects) {
    if (next.running >= queue.limits.running) break;
    const [event, ...waiting] = object.waiting;
    if (event === undefined || object.runs.length > 0) continue;
    if (object.leftOut.length > 0) {
      const text = `${name}: its scripts are slower than its changes; left out ${object.leftOut.join(', ')} and went on with ${event.state}`;
      effects.push({ type: 'log', level: 'warning', text });
    }
    const runs = event.commands.map((command, i): Run => ({ id: next.nextRun + i, command, startedAt: nowMs }));
    for (const { id, command } of runs) effects.push({ type: 'start', run: id, command });
    next = {
      ...withObject(next, name, { current: event.state, runs, waiting, leftOut: [] }),
      running: next.running + runs.length,
      nextRun: next.nextRun + runs.length,
    };
  }
  return next;
}

/** When `run` is to be signalled next; undefined: it may go on. */
function signalAt(queue: ScriptQueue, object: ObjectQueue, run: Run): number | undefined {
  if (run.signalled !== undefined) return run.signalled.at + killDelayMs;
  const patience = object.waiting.length > 0 ? run.startedAt + queue.limits.patienceMs : Infinity;
  const at = Math.min(patience, queue.endAt ?? Infinity);
  return at === Infinity ? undefined : at;
}

function signalled(queue: ScriptQueue, nowMs: number, effects: QueueEffect[]): ScriptQueue {
  let next = queue;
  for (const [name, object] of queue.objects) {
    const late = new Set(object.runs.filter((run) => (signalAt(queue, object, run) ?? Infinity) <= nowMs));
    if (late.size === 0) continue;
    const runs = object.runs.flatMap((run) => (late.has(run) ? escalated(name, object, run, nowMs, effects) : [run]));
    const gone = object.runs.length - runs.length;
    next = { ...withObject(next, name, { ...object, runs }), running: next.running - gone };
  }
  return next;
}

/** SIGTERM, then SIGKILL, then we do not wait for it any longer: the kernel may not let go of it. */
function escalated(name: string, object: ObjectQueue, run: Run, nowMs: number, effects: QueueEffect[]): readonly Run[] {
  const what = `${name}: ${scriptText(run)} for ${object.current}`;
  if (run.signalled?.signal === 'SIGKILL') {
    effects.push({ type: 'log', level: 'warning', text: `${what} does not end: no longer waiting for it` });
    return [];
  }
  const signal = run.signalled === undefined ? 'SIGTERM' : 'SIGKILL';
  effects.push({ type: 'kill', run: run.id, signal });
  if (signal === 'SIGTERM') {
    const seconds = ((nowMs - run.startedAt) / 1000).toFixed(1);
    const waits = object.waiting.at(-1);
    const why = waits === undefined ? 'we are stopping' : `${waits.state} waits`;
    effects.push({ type: 'log', level: 'warning', text: `${what} still runs after ${seconds} s and ${why}: ended it` });
  }
  return [{ ...run, signalled: { signal, at: nowMs } }];
}

/** When `timer` is due; undefined: never, as things are. */
export function nextDeadline(queue: ScriptQueue): number | undefined {
  let earliest: number | undefined;
  for (const object of queue.objects.values()) {
    for (const run of object.runs) {
      const at = signalAt(queue, object, run);
      if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
    }
  }
  return earliest;
}
