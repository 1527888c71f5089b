import { ByteWriter, err, ok, type Result } from '../core/index.ts';

/** The state field of a control packet (RFC 5880 section 4.1); its place in the list is its number. */
export const sessionStates = ['AdminDown', 'Down', 'Init', 'Up'] as const;
export type SessionState = (typeof sessionStates)[number];

/** Why a session went down (RFC 5880 section 4.1); others exist, and only those that we send have names here. */
export const diagnostic = { none: 0, detectionTimeExpired: 1, neighborSignaledDown: 3, adminDown: 7 } as const;

/** A control packet without its authentication section. Intervals are microseconds. */
export interface ControlPacket {
  readonly diagnostic: number;
  readonly state: SessionState;
  readonly poll: boolean;
  readonly final: boolean;
  readonly demand: boolean;
  readonly authenticated: boolean;
  readonly detectMult: number;
  readonly myDiscriminator: number;
  /** 0: not known yet. */
  readonly yourDiscriminator: number;
  readonly desiredMinTxUs: number;
  readonly requiredMinRxUs: number;
  readonly requiredMinEchoRxUs: number;
}

const version = 1;
const shortest = 24;
const shortestAuthenticated = 26;

export function encodeControl(packet: ControlPacket): Uint8Array {
  const flags =
    (packet.poll ? 0x20 : 0) |
    (packet.final ? 0x10 : 0) |
    (packet.authenticated ? 0x04 : 0) |
    (packet.demand ? 0x02 : 0);
  return new ByteWriter(shortest)
    .u8((version << 5) | packet.diagnostic)
    .u8((sessionStates.indexOf(packet.state) << 6) | flags)
    .u8(packet.detectMult)
    .u8(shortest)
    .u32be(packet.myDiscriminator)
    .u32be(packet.yourDiscriminator)
    .u32be(packet.desiredMinTxUs)
    .u32be(packet.requiredMinRxUs)
    .u32be(packet.requiredMinEchoRxUs)
    .finish();
}

/** Reads a control packet and makes the checks of RFC 5880 section 6.8.6 that need no session; the error says which one failed. */
export function decodeControl(bytes: Uint8Array): Result<ControlPacket> {
  if (bytes.length < shortest) return err(`it has ${String(bytes.length)} bytes and not at least 24`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [first = 0, flags = 0, detectMult = 0, length = 0] = bytes;
  if (first >> 5 !== version) return err(`its version is ${String(first >> 5)} and not 1`);
  const authenticated = (flags & 0x04) !== 0;
  if (length < (authenticated ? shortestAuthenticated : shortest))
    return err(`its length field says ${String(length)}`);
  if (length > bytes.length) return err(`its length field says ${String(length)} of ${String(bytes.length)} bytes`);
  if (detectMult === 0) return err('its detection multiplier is 0');
  if ((flags & 0x01) !== 0) return err('its multipoint bit is set');
  const myDiscriminator = view.getUint32(4);
  if (myDiscriminator === 0) return err('its discriminator is 0');
  const state = sessionStates[flags >> 6] ?? 'Down';
  const yourDiscriminator = view.getUint32(8);
  if (yourDiscriminator === 0 && state !== 'Down' && state !== 'AdminDown')
    return err(`it names no session, and its state is ${state}`);
  return ok({
    diagnostic: first & 0x1f,
    state,
    poll: (flags & 0x20) !== 0,
    final: (flags & 0x10) !== 0,
    demand: (flags & 0x02) !== 0,
    authenticated,
    detectMult,
    myDiscriminator,
    yourDiscriminator,
    desiredMinTxUs: view.getUint32(12),
    requiredMinRxUs: view.getUint32(16),
    requiredMinEchoRxUs: view.getUint32(20),
  });
}
