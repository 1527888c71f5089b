import type { BfdInstance } from '../config/index.ts';
import type { IpAddress } from '../core/index.ts';
import { decodeControl, diagnostic, encodeControl, type ControlPacket } from './packet.ts';
import {
  contents,
  controlPacket,
  desiredMinTxUs,
  detectionMs,
  jittered,
  newSession,
  requiredMinRxUs,
  sendIntervalMs,
  unknownRemote,
  type BfdSession,
} from './session.ts';

/** Bidirectional Forwarding Detection in asynchronous mode without authentication and echo (RFC 5880): all sessions of a process. */
export interface BfdState {
  readonly sessions: readonly BfdSession[];
}

export type BfdEvent =
  | { readonly type: 'start' | 'reload'; readonly instances: readonly BfdInstance[] }
  | {
      readonly type: 'packet';
      readonly source: IpAddress;
      readonly destination: IpAddress;
      /** TTL or hop limit with which it came. */
      readonly ttl: number;
      readonly multihop: boolean;
      readonly payload: Uint8Array;
    }
  | { readonly type: 'timer' }
  | { readonly type: 'stop' };

export type BfdEffect =
  | { readonly type: 'send'; readonly bfd: string; readonly payload: Uint8Array }
  | { readonly type: 'state'; readonly bfd: string; readonly up: boolean }
  | { readonly type: 'log'; readonly level: 'info' | 'warning'; readonly text: string };

export interface BfdStep {
  readonly state: BfdState;
  readonly effects: readonly BfdEffect[];
}

export const noSessions: BfdState = { sessions: [] };

/** When `timer` is due; undefined: never. */
export function nextBfdDeadline({ sessions }: BfdState): number | undefined {
  const due = sessions.flatMap(({ sendAtMs, detectAtMs }) => [sendAtMs ?? Infinity, detectAtMs ?? Infinity]);
  const next = Math.min(Infinity, ...due);
  return next === Infinity ? undefined : next;
}

/** Advances all sessions by one event. `nowMs` is monotonic; `random` gives numbers in [0, 1). */
export function bfdStep(state: BfdState, event: BfdEvent, nowMs: number, random: () => number): BfdStep {
  const effects: BfdEffect[] = [];
  const doing = { nowMs, random, effects };
  switch (event.type) {
    case 'start':
    case 'reload':
      return { state: { sessions: configured(state, event.instances, doing) }, effects };
    case 'packet': {
      const sessions = received(state.sessions, event, doing);
      return { state: sessions === state.sessions ? state : { sessions }, effects };
    }
    case 'timer':
      return { state: { sessions: state.sessions.map((session) => timer(session, doing)) }, effects };
    case 'stop':
      for (const session of state.sessions) stop(session, doing);
      return { state: noSessions, effects };
  }
}

interface Doing {
  readonly nowMs: number;
  readonly random: () => number;
  readonly effects: BfdEffect[];
}

function configured({ sessions }: BfdState, instances: readonly BfdInstance[], doing: Doing): readonly BfdSession[] {
  const known = new Map(sessions.map((session) => [identity(session.config), session]));
  const used = new Set(sessions.map(({ localDiscriminator }) => localDiscriminator));
  const now = instances.map((config) => {
    const before = known.get(identity(config));
    known.delete(identity(config));
    if (before !== undefined) return reconfigured(before, config, doing);
    const session = newSession(config, discriminator(used, doing.random));
    doing.effects.push({ type: 'state', bfd: config.name, up: false });
    return withSending(session, doing, 'soon');
  });
  for (const gone of known.values()) stop(gone, doing);
  return now;
}

/** The same session: what the neighbour knows it by. */
function identity({ name, neighborIp, sourceIp, multihop }: BfdInstance): string {
  return [name, neighborIp, sourceIp ?? '', String(multihop)].join(' ');
}

/** New timers of a session that is up are agreed on first (RFC 5880 section 6.8.3). */
function reconfigured(before: BfdSession, config: BfdInstance, doing: Doing): BfdSession {
  const session = { ...before, config };
  doing.effects.push({ type: 'state', bfd: config.name, up: session.state === 'Up' });
  const [txUs, rxUs] = [desiredMinTxUs(before), requiredMinRxUs(before)];
  if (session.state !== 'Up' || (txUs === desiredMinTxUs(session) && rxUs === requiredMinRxUs(session))) return session;
  return withSending({ ...session, polling: true, before: { txUs, rxUs } }, doing, 'soon');
}

/** Not 0, and of no other session; not to be foreseen (RFC 5880 section 6.8.1). */
function discriminator(used: Set<number>, random: () => number): number {
  for (;;) {
    const value = Math.floor(random() * 2 ** 32) >>> 0 || used.size + 1;
    if (used.has(value)) continue;
    used.add(value);
    return value;
  }
}

type PacketEvent = Extract<BfdEvent, { type: 'packet' }>;

/** RFC 5880 section 6.8.6. */
function received(sessions: readonly BfdSession[], event: PacketEvent, doing: Doing): readonly BfdSession[] {
  const from = sessions.findIndex(({ config }) => isBetween(config, event));
  const packet = decodeControl(event.payload);
  const refused = (i: number, why: string): readonly BfdSession[] => {
    const session = sessions[i];
    if (session === undefined || session.said === why) return sessions;
    const text = `(${session.config.name}) packet from ${event.source} is not used: ${why}`;
    doing.effects.push({ type: 'log', level: 'warning', text });
    return sessions.with(i, { ...session, said: why });
  };
  if (!packet.ok) return refused(from, packet.error);
  const { yourDiscriminator } = packet.value;
  const i =
    yourDiscriminator === 0
      ? from
      : sessions.findIndex(({ localDiscriminator }) => localDiscriminator === yourDiscriminator);
  const session = sessions[i];
  if (session === undefined) return refused(from, 'it names a session that is not there');
  if (!isBetween(session.config, event)) return refused(from, 'it names the session of another neighbour');
  const { ttl, maxHops } = session.config;
  if (maxHops >= 0 && event.ttl < ttl - maxHops)
    return refused(i, `it came with TTL ${String(event.ttl)}, which max_hops does not allow`);
  if (packet.value.authenticated) return refused(i, 'it is authenticated, and the session is not');
  return sessions.with(i, taken(session, packet.value, doing));
}

function isBetween(config: BfdInstance, { source, destination, multihop }: PacketEvent): boolean {
  return (
    config.neighborIp === source &&
    config.multihop === multihop &&
    (config.sourceIp === undefined || config.sourceIp === destination)
  );
}

function taken(before: BfdSession, packet: ControlPacket, doing: Doing): BfdSession {
  const answered = before.polling && packet.final;
  const heard: BfdSession = {
    ...before,
    remoteDiscriminator: packet.myDiscriminator,
    remote: {
      state: packet.state,
      detectMult: packet.detectMult,
      desiredMinTxUs: packet.desiredMinTxUs,
      requiredMinRxUs: packet.requiredMinRxUs,
      demand: packet.demand,
    },
    ...(answered ? { polling: false, before: undefined } : {}),
  };
  const moved = transition(heard, packet, doing);
  const session = { ...moved, detectAtMs: doing.nowMs + detectionMs(moved) };
  if (packet.poll) return withSending(send(session, doing, true), doing, 'keep');
  const changed = contents(session) !== session.lastSent;
  return withSending(session, doing, changed ? 'now' : 'keep');
}

/** The state machine of RFC 5880 section 6.2. */
function transition(session: BfdSession, { state }: ControlPacket, doing: Doing): BfdSession {
  if (state === 'AdminDown') {
    return session.state === 'Down' ? session : down(session, diagnostic.neighborSignaledDown, 'is shut down', doing);
  }
  switch (session.state) {
    case 'Down':
      if (state === 'Down') return { ...session, state: 'Init', said: '' };
      return state === 'Init' ? up(session, doing) : session;
    case 'Init':
      return state === 'Down' ? session : up(session, doing);
    case 'Up':
      if (state !== 'Down') return session;
      return down(session, diagnostic.neighborSignaledDown, 'says that it is down', doing);
    case 'AdminDown':
      return session;
  }
}

function up(session: BfdSession, doing: Doing): BfdSession {
  const { name } = session.config;
  doing.effects.push(
    { type: 'log', level: 'info', text: `(${name}) Entering Up state` },
    { type: 'state', bfd: name, up: true },
  );
  // The intervals of a session that is up are others: the neighbour is asked to take them.
  return { ...session, state: 'Up', diagnostic: diagnostic.none, polling: true, said: '' };
}

function down(session: BfdSession, why: number, words: string, doing: Doing): BfdSession {
  const { name, neighborIp } = session.config;
  const text = `(${name}) Entering Down state: neighbour ${neighborIp} ${words}`;
  doing.effects.push({ type: 'log', level: 'warning', text });
  if (session.state === 'Up') doing.effects.push({ type: 'state', bfd: name, up: false });
  return { ...session, state: 'Down', diagnostic: why, polling: false, before: undefined, said: '' };
}

function timer(session: BfdSession, doing: Doing): BfdSession {
  let now = session;
  if (now.detectAtMs !== undefined && now.detectAtMs <= doing.nowMs) {
    const silent = now.state === 'Down' ? now : down(now, diagnostic.detectionTimeExpired, 'is silent', doing);
    // After a detection time without a word it may be another one (RFC 5880 section 6.8.1, bfd.RemoteDiscr).
    now = { ...silent, detectAtMs: undefined, remoteDiscriminator: 0, remote: unknownRemote };
    now = withSending(now, doing, contents(now) === now.lastSent ? 'keep' : 'now');
  }
  if (now.sendAtMs === undefined || now.sendAtMs > doing.nowMs) return now;
  return withSending(send(now, doing, false), doing, 'next');
}

/** The neighbour hears that it was meant (RFC 5880 section 6.8.16). */
function stop(session: BfdSession, doing: Doing): void {
  const silent = session.config.passive && session.remoteDiscriminator === 0;
  const ended: BfdSession = { ...session, state: 'AdminDown', diagnostic: diagnostic.adminDown, polling: false };
  if (!silent) send(ended, doing, false);
  doing.effects.push({ type: 'state', bfd: session.config.name, up: false });
}

function send(session: BfdSession, { effects }: Doing, final: boolean): BfdSession {
  const payload = encodeControl(controlPacket(session, final));
  effects.push({ type: 'send', bfd: session.config.name, payload });
  return { ...session, lastSent: contents(session) };
}

/**
 * When the next packet goes: at once and then in turn, in turn, or as planned. What is planned never lies further ahead than the
 * interval of now.
 */
function withSending(session: BfdSession, doing: Doing, when: 'now' | 'soon' | 'next' | 'keep'): BfdSession {
  const intervalMs = sendIntervalMs(session);
  if (intervalMs === undefined) return { ...session, sendAtMs: undefined };
  const inMs = jittered(intervalMs, session.config.multiplier, doing.random());
  if (when === 'now') return { ...send(session, doing, false), sendAtMs: doing.nowMs + inMs };
  if (when === 'soon') return { ...session, sendAtMs: doing.nowMs };
  if (when === 'next' || session.sendAtMs === undefined) return { ...session, sendAtMs: doing.nowMs + inMs };
  return { ...session, sendAtMs: Math.min(session.sendAtMs, doing.nowMs + inMs) };
}
