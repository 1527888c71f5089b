/**
 * When parts of the daemon start, stop and start again, as a pure engine: what happened goes in with the time, what to do comes out.
 * The rules are the reference's (a part that dies is started again with a growing delay while its lives are short; a part
 * that says that it cannot work ends the daemon with its status), except that the first death is answered at once:
 * the adverts of a killed VRRP part must go on before another director misses them.
 */

export type PartName = 'vrrp' | 'checkers' | 'bfd';

export type SupervisionEvent =
  | { readonly type: 'start'; readonly wanted: readonly PartName[] }
  | { readonly type: 'reload'; readonly wanted: readonly PartName[] }
  | { readonly type: 'exited'; readonly part: PartName; readonly code?: number; readonly signal?: string }
  /** `keep`: the next run of the daemon goes on with what the parts leave. */
  | { readonly type: 'stop'; readonly keep?: true }
  | { readonly type: 'timer' };

export type SupervisionEffect =
  | {
      readonly type: 'spawn';
      readonly part: PartName;
      /** Its last life ended unasked. */ readonly after: 'start' | 'death';
    }
  | { readonly type: 'reload'; readonly part: PartName }
  | { readonly type: 'stop'; readonly part: PartName; readonly keep?: true }
  | { readonly type: 'kill'; readonly part: PartName }
  | { readonly type: 'log'; readonly level: 'info' | 'error'; readonly text: string }
  | { readonly type: 'exit'; readonly status: number };

interface Part {
  readonly wanted: boolean;
  readonly life: 'down' | 'running' | 'stopping';
  readonly startedAtMs: number;
  /** Of the next start after a death; 0: at once. */
  readonly delayMs: number;
  readonly respawnAtMs?: number;
}

export interface Supervision {
  readonly parts: ReadonlyMap<PartName, Part>;
  readonly childWaitTimeMs: number;
  readonly respawn: boolean;
  /** Set once stopping began. */
  readonly stop?: {
    readonly killAtMs: number;
    readonly status: number;
    /** The vrrp part goes when the others have gone: from its last adverts on the peers wait. */
    readonly vrrpLast?: true;
  };
}

export interface SupervisionStep {
  readonly state: Supervision;
  readonly effects: readonly SupervisionEffect[];
}

/** A life at least this long clears the delay before the next one. */
const longLifeMs = 60_000;
const firstDelayMs = 1000;
const longestDelayMs = 60_000;

/** Exit statuses with which a part says that starting it again cannot help (fatal, configuration, permission). */
const permanentStatuses: ReadonlyMap<number, string> = new Map([
  [1, 'FATAL'],
  [2, 'CONFIG'],
  [4, 'PERMISSION'],
]);

export const partTitles: Readonly<Record<PartName, string>> = { vrrp: 'VRRP', checkers: 'Healthcheck', bfd: 'BFD' };

export function newSupervision(options: { readonly childWaitTimeMs: number; readonly respawn: boolean }): Supervision {
  return { parts: new Map(), childWaitTimeMs: options.childWaitTimeMs, respawn: options.respawn };
}

/** When `timer` is due next; undefined: not at all. */
export function nextSupervisionDeadline(state: Supervision): number | undefined {
  const due = [...state.parts.values()].flatMap((part) => part.respawnAtMs ?? []);
  if (state.stop !== undefined) due.push(state.stop.killAtMs);
  return due.length === 0 ? undefined : Math.min(...due);
}

export function superviseStep(state: Supervision, event: SupervisionEvent, nowMs: number): SupervisionStep {
  switch (event.type) {
    case 'start':
    case 'reload':
      return state.stop === undefined ? want(state, event, nowMs) : { state, effects: [] };
    case 'exited':
      return exited(state, event, nowMs);
    case 'stop':
      if (state.stop !== undefined) return { state, effects: [] };
      return event.keep === true ? beginLeave(state, nowMs) : beginStop(state, 0, nowMs);
    case 'timer':
      return timer(state, nowMs);
  }
}

function want(
  state: Supervision,
  event: { type: 'start' | 'reload'; wanted: readonly PartName[] },
  nowMs: number,
): SupervisionStep {
  const parts = new Map(state.parts);
  const effects: SupervisionEffect[] = [];
  for (const name of new Set([...state.parts.keys(), ...event.wanted])) {
    const part = parts.get(name);
    const wanted = event.wanted.includes(name);
    if (wanted && (part === undefined || (part.life === 'down' && part.respawnAtMs === undefined))) {
      parts.set(name, { wanted, life: 'running', startedAtMs: nowMs, delayMs: 0 });
      effects.push({ type: 'spawn', part: name, after: 'start' });
    } else if (part?.life === 'running') {
      parts.set(name, { ...part, wanted, life: wanted ? 'running' : 'stopping' });
      effects.push({ type: wanted ? 'reload' : 'stop', part: name });
    } else if (part !== undefined) {
      const { respawnAtMs, ...rest } = part;
      parts.set(name, { ...rest, wanted, ...(wanted && respawnAtMs !== undefined ? { respawnAtMs } : {}) });
    }
  }
  return { state: { ...state, parts }, effects };
}

function exited(
  state: Supervision,
  event: { readonly part: PartName; readonly code?: number; readonly signal?: string },
  nowMs: number,
): SupervisionStep {
  const part = state.parts.get(event.part);
  if (part === undefined || part.life === 'down') return { state, effects: [] };
  const down: Part = { wanted: part.wanted, life: 'down', startedAtMs: part.startedAtMs, delayMs: part.delayMs };
  const withDown: Supervision = { ...state, parts: new Map(state.parts).set(event.part, down) };
  if (state.stop !== undefined) return endWhenAllDown(withDown);
  const title = partTitles[event.part];
  const asked = part.life === 'stopping';
  if (asked && !part.wanted) return { state: withDown, effects: [] };

  const permanent = asked ? undefined : permanentStatuses.get(event.code ?? 0);
  if (permanent !== undefined) {
    const text = `${title} part exited with permanent error ${permanent}. Terminating`;
    return stopAfter(withDown, { type: 'log', level: 'error', text }, event.code ?? 1, nowMs);
  }
  const how =
    event.signal === undefined ? `exited with status ${String(event.code ?? 0)}` : `died from ${event.signal}`;
  if (!state.respawn) {
    return stopAfter(withDown, { type: 'log', level: 'error', text: `${title} part ${how}. Terminating` }, 1, nowMs);
  }
  const delayMs = nowMs - part.startedAtMs >= longLifeMs ? 0 : part.delayMs;
  const text = `${title} part ${how}: ${delayMs === 0 ? 'starting it again' : `starting it again in ${String(delayMs / 1000)} s`}`;
  const log: SupervisionEffect = { type: 'log', level: 'error', text };
  if (delayMs === 0) return spawnAgain(withDown, event.part, 0, nowMs, [log]);
  const waiting: Part = { ...down, delayMs, respawnAtMs: nowMs + delayMs };
  return { state: { ...withDown, parts: new Map(withDown.parts).set(event.part, waiting) }, effects: [log] };
}

function spawnAgain(
  state: Supervision,
  name: PartName,
  delayMs: number,
  nowMs: number,
  effects: readonly SupervisionEffect[],
): SupervisionStep {
  const nextDelayMs = delayMs === 0 ? firstDelayMs : Math.min(2 * delayMs, longestDelayMs);
  const part: Part = { wanted: true, life: 'running', startedAtMs: nowMs, delayMs: nextDelayMs };
  return {
    state: { ...state, parts: new Map(state.parts).set(name, part) },
    effects: [...effects, { type: 'spawn', part: name, after: 'death' }],
  };
}

function stopAfter(state: Supervision, effect: SupervisionEffect, status: number, nowMs: number): SupervisionStep {
  const stopped = beginStop(state, status, nowMs);
  return { state: stopped.state, effects: [effect, ...stopped.effects] };
}

function beginStop(state: Supervision, status: number, nowMs: number): SupervisionStep {
  const parts = new Map(state.parts);
  const effects: SupervisionEffect[] = [];
  for (const [name, part] of state.parts) {
    const life = part.life === 'down' ? 'down' : 'stopping';
    if (part.life === 'running') effects.push({ type: 'stop', part: name });
    parts.set(name, { wanted: false, life, startedAtMs: part.startedAtMs, delayMs: part.delayMs });
  }
  const ended = endWhenAllDown({ ...state, parts, stop: { killAtMs: nowMs + state.childWaitTimeMs, status } });
  return { state: ended.state, effects: [...effects, ...ended.effects] };
}

function beginLeave(state: Supervision, nowMs: number): SupervisionStep {
  const { state: stopping, effects } = beginStop(state, 0, nowMs);
  const isVrrp = (effect: SupervisionEffect): boolean => effect.type === 'stop' && effect.part === 'vrrp';
  const kept = effects.map((effect) => (effect.type === 'stop' ? { ...effect, keep: true as const } : effect));
  const waits = kept.some(isVrrp) && kept.some((effect) => effect.type === 'stop' && !isVrrp(effect));
  if (!waits || stopping.stop === undefined) return { state: stopping, effects: kept };
  return {
    state: { ...stopping, stop: { ...stopping.stop, vrrpLast: true } },
    effects: kept.filter((effect) => !isVrrp(effect)),
  };
}

function endWhenAllDown(state: Supervision): SupervisionStep {
  const running = [...state.parts].filter(([, part]) => part.life !== 'down').map(([name]) => name);
  if (state.stop?.vrrpLast === true && running.every((name) => name === 'vrrp')) {
    const { killAtMs, status } = state.stop;
    const stop = { killAtMs, status };
    const effects: SupervisionEffect[] = running.map((part) => ({ type: 'stop', part, keep: true }));
    return running.length > 0 ? { state: { ...state, stop }, effects } : endWhenAllDown({ ...state, stop });
  }
  const allDown = [...state.parts.values()].every((part) => part.life === 'down');
  return { state, effects: allDown && state.stop !== undefined ? [{ type: 'exit', status: state.stop.status }] : [] };
}

function timer(state: Supervision, nowMs: number): SupervisionStep {
  if (state.stop !== undefined) {
    if (nowMs < state.stop.killAtMs) return { state, effects: [] };
    const late = [...state.parts]
      .filter(([name, part]) => part.life === 'stopping' && !(name === 'vrrp' && state.stop?.vrrpLast === true))
      .map(([name]) => name);
    const kills = late.flatMap((part): SupervisionEffect[] => [
      { type: 'log', level: 'error', text: `${partTitles[part]} part did not stop in time: killing it` },
      { type: 'kill', part },
    ]);
    // Killing is answered by `exited`; should even that not come, the next deadline tries again.
    return { state: { ...state, stop: { ...state.stop, killAtMs: nowMs + state.childWaitTimeMs } }, effects: kills };
  }
  let step: SupervisionStep = { state, effects: [] };
  for (const [name, part] of state.parts) {
    if (part.respawnAtMs === undefined || nowMs < part.respawnAtMs) continue;
    step = spawnAgain(step.state, name, part.delayMs, nowMs, step.effects);
  }
  return step;
}
