import { err, ok, type IpAddress, type Result } from '../core/index.ts';
import type { AuthHmac, VrrpInstance } from '../config/index.ts';
import type { Hmac } from './authentication-header.ts';
import { reject, type Packet, type Rejection } from './check.ts';
import {
  compareSignTime,
  messageLengthOf,
  nextSignTime,
  readTrailer,
  signTimeMs,
  signTrailer,
  trailerFits,
  type SignTime,
  type Trailer,
} from './hmac-trailer.ts';
import type { InstanceState } from './state.ts';

/** What auth_hmac asks for: which adverts are signed, and which signatures are believed. */

/** More senders than one link has directors are not remembered; the oldest goes. Only who has a key gets here. */
const mostSenders = 64;

interface Key {
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** Undefined: adverts are not signed. */
export function signer(
  hmac: Hmac,
  { config, signedAt }: InstanceState,
  source: IpAddress,
  wallMs: number,
): { readonly time: SignTime; readonly trailerOf: (message: Uint8Array) => Uint8Array } | undefined {
  const { authHmac } = config;
  if (authHmac === undefined || authHmac.mode === 'receive-only') return undefined;
  const key = keyOf(authHmac, authHmac.activeKey);
  if (key === undefined) return undefined;
  const time = nextSignTime(continued(authHmac, signedAt, wallMs), wallMs);
  return { time, trailerOf: (message) => signTrailer(hmac, key, time, source, message) };
}

/**
 * Times grow also while a clock is set back a little. After a long step back those that hear us by the clock would take nothing until
 * it is where it was: then our times go back as well.
 */
function continued(
  { antiReplay, timeWindowMs }: AuthHmac,
  last: SignTime | undefined,
  wallMs: number,
): SignTime | undefined {
  if (last === undefined || antiReplay === 'monotonic') return last;
  return signTimeMs(last) - wallMs > timeWindowMs ? undefined : last;
}

/** Why an instance that should sign cannot. */
export function signingFault({ authHmac }: VrrpInstance): string | undefined {
  if (authHmac === undefined || authHmac.mode === 'receive-only') return undefined;
  if (keyOf(authHmac, authHmac.activeKey) !== undefined) return undefined;
  return 'auth_hmac has no active key that can be used, and adverts are not sent without a signature';
}

/**
 * The time of a signature that is believed. A message that fails is refused only by `enforce`: the other modes tell of it and take it
 * all the same, so that directors can be changed over one by one.
 */
export function verify(
  hmac: Hmac,
  { config: { authHmac }, heardSigned }: InstanceState,
  { source }: Packet,
  message: Uint8Array,
  wallMs: number,
): Result<{ readonly heardAt?: SignTime; readonly doubt?: Rejection }, Rejection> {
  if (authHmac === undefined) return ok({});
  const signed = timeOf(hmac, authHmac, source, message);
  const fresh = signed.ok ? freshness(authHmac, heardSigned.get(source), signed.value, wallMs) : signed;
  if (fresh.ok) return ok({ heardAt: fresh.value });
  const { error } = fresh;
  if (authHmac.mode === 'enforce') return err({ ...error, text: `${error.text} ignored` });
  return ok({ doubt: { ...error, text: `${error.text} taken all the same` } });
}

export function remember(
  heard: InstanceState['heardSigned'],
  source: IpAddress,
  time: SignTime,
): InstanceState['heardSigned'] {
  const next = new Map(heard);
  next.delete(source);
  next.set(source, time);
  const [oldest] = next.keys();
  if (next.size > mostSenders && oldest !== undefined) next.delete(oldest);
  return next;
}

function timeOf(hmac: Hmac, authHmac: AuthHmac, source: IpAddress, message: Uint8Array): Result<Trailer, Rejection> {
  const length = messageLengthOf(message, source);
  const trailer = length === undefined ? 'missing' : readTrailer(message, length);
  if (length === undefined || trailer === 'missing')
    return reject('hmac-missing', 'advert without signature', 'auth_ext_missing');
  if (trailer === 'malformed')
    return reject('hmac-malformed', 'advert with a signature that cannot be read', 'auth_ext_malformed');
  const key = keyOf(authHmac, trailer.keyId);
  if (key === undefined) {
    const text = `advert signed with key ${String(trailer.keyId)}, which auth_hmac does not have here,`;
    return reject('hmac-key', text, 'auth_ext_unknown_key');
  }
  if (trailerFits(hmac, key.bytes, source, message, length, trailer)) return ok(trailer);
  const text = `advert that was changed under way, or signed with another key ${String(key.id)} than ours,`;
  return reject('hmac-wrong', text, 'auth_ext_invalid_hmac');
}

function freshness(
  { antiReplay, timeWindowMs }: AuthHmac,
  before: SignTime | undefined,
  { seconds, fraction, counter }: Trailer,
  wallMs: number,
): Result<SignTime, Rejection> {
  const time = { seconds, fraction, counter };
  const aheadMs = signTimeMs(time) - wallMs;
  if (antiReplay === 'time' && Math.abs(aheadMs) > timeWindowMs) {
    const off = `${(Math.abs(aheadMs) / 1000).toFixed(1)} s ${aheadMs < 0 ? 'ago' : 'from now'}`;
    const text = `advert signed ${off} (time_window is ${String(timeWindowMs / 1000)} s: it is old, or the clocks differ)`;
    return reject('hmac-stale', text, 'auth_ext_stale');
  }
  // What was heard of a time that our clock will not see for long came before the clock was set back: it would hold up all others.
  const counts = before !== undefined && (antiReplay === 'monotonic' || signTimeMs(before) - wallMs <= timeWindowMs);
  if (!counts || compareSignTime(time, before) > 0) return ok(time);
  return reject('hmac-replay', 'advert that was recorded and sent again (its time is not new)', 'auth_ext_replay');
}

function keyOf({ keys }: AuthHmac, id: number | undefined): Key | undefined {
  const key = keys.find((candidate) => candidate.id === id)?.key;
  if (id === undefined || key === undefined || key.from === 'file') return undefined;
  return { id, bytes: key.from === 'hex' ? hexBytes(key.hex) : new TextEncoder().encode(key.text) };
}

function hexBytes(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
