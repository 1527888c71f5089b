import type { BfdInstance } from '../config/index.ts';
import { diagnostic, encodeControl, type ControlPacket, type SessionState } from './packet.ts';

/** One session (RFC 5880 section 6.8.1). Times are on the engine's clock; undefined: that timer does not run. */
export interface BfdSession {
  readonly config: BfdInstance;
  readonly state: SessionState;
  readonly diagnostic: number;
  /** Never 0, and of one session only. */
  readonly localDiscriminator: number;
  /** 0: not known. */
  readonly remoteDiscriminator: number;
  readonly remote: Remote;
  /** A poll sequence: new timers are announced until the neighbour has answered. */
  readonly polling: boolean;
  /** While the neighbour has not answered, the intervals before still count where they are the safer ones. */
  readonly before: { readonly txUs: number; readonly rxUs: number } | undefined;
  readonly sendAtMs: number | undefined;
  /** The neighbour counts as lost. */
  readonly detectAtMs: number | undefined;
  /** What was sent last, without its poll and final bits: a change is told at once. */
  readonly lastSent: string;
  /** The last kind of bad packet that was logged in this state: a flood is one line. */
  readonly said: string;
}

/** What the neighbour last said of itself. */
export interface Remote {
  readonly state: SessionState;
  readonly detectMult: number;
  readonly desiredMinTxUs: number;
  readonly requiredMinRxUs: number;
  readonly demand: boolean;
}

export const unknownRemote: Remote = {
  state: 'Down',
  detectMult: 0,
  desiredMinTxUs: 0,
  // 1 until it says something (RFC 5880 section 6.8.1, bfd.RemoteMinRxInterval).
  requiredMinRxUs: 1,
  demand: false,
};

export function newSession(config: BfdInstance, localDiscriminator: number): BfdSession {
  return {
    config,
    state: 'Down',
    diagnostic: diagnostic.none,
    localDiscriminator,
    remoteDiscriminator: 0,
    remote: unknownRemote,
    polling: false,
    before: undefined,
    sendAtMs: undefined,
    detectAtMs: undefined,
    lastSent: '',
    said: '',
  };
}

/** While the session is not up, packets are sent slowly (RFC 5880 section 6.8.3). */
export function desiredMinTxUs({ config, state }: Pick<BfdSession, 'config' | 'state'>): number {
  return Math.round((state === 'Up' ? config.minTxMs : Math.max(config.idleTxMs, config.minTxMs)) * 1000);
}

export function requiredMinRxUs({ config }: Pick<BfdSession, 'config'>): number {
  return Math.round(config.minRxMs * 1000);
}

/** How far apart packets are sent, before jitter; undefined: none are sent by themselves (RFC 5880 section 6.8.7). */
export function sendIntervalMs(session: BfdSession): number | undefined {
  const { config, remote, remoteDiscriminator, before, state } = session;
  if (config.passive && remoteDiscriminator === 0) return undefined;
  if (remote.requiredMinRxUs === 0) return undefined;
  if (remote.demand && state === 'Up' && remote.state === 'Up' && !session.polling) return undefined;
  const wanted = Math.min(desiredMinTxUs(session), before?.txUs ?? Infinity);
  return Math.max(wanted, remote.requiredMinRxUs) / 1000;
}

/** How long the neighbour may be silent (RFC 5880 section 6.8.4). */
export function detectionMs({ config, remote, before }: BfdSession): number {
  const accepted = Math.max(requiredMinRxUs({ config }), before?.rxUs ?? 0);
  return (remote.detectMult * Math.max(accepted, remote.desiredMinTxUs)) / 1000;
}

/** Packets come early by up to a quarter, so that sessions do not march in step; with multiplier 1 at least by a tenth. */
export function jittered(intervalMs: number, detectMult: number, random: number): number {
  return detectMult === 1 ? intervalMs * (0.75 + 0.15 * random) : intervalMs * (0.75 + 0.25 * random);
}

export function controlPacket(session: BfdSession, final: boolean): ControlPacket {
  return {
    diagnostic: session.diagnostic,
    state: session.state,
    // Never both in one packet (RFC 5880 section 6.5).
    poll: session.polling && !final,
    final,
    demand: false,
    authenticated: false,
    detectMult: session.config.multiplier,
    myDiscriminator: session.localDiscriminator,
    yourDiscriminator: session.remoteDiscriminator,
    desiredMinTxUs: desiredMinTxUs(session),
    requiredMinRxUs: requiredMinRxUs(session),
    // No echo function.
    requiredMinEchoRxUs: 0,
  };
}

/** What a packet says without its poll and final bits. */
export function contents(session: BfdSession): string {
  return encodeControl({ ...controlPacket(session, false), poll: false }).join();
}
