import type { UdpCheck } from '../config/index.ts';
import type { CheckResult } from './schedule.ts';

/** Payload where the file gives none: the reference's 32 bytes. */
export const usualUdpPayload = textBytes('keepalived check - keepalived ch');

/** Two digits a byte. */
export function hexToBytes(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length >> 1 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

export function textBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

type Expectation = Pick<UdpCheck, 'replyExpected' | 'requireReply' | 'minReplyLength' | 'maxReplyLength'>;

/**
 * What a reply means: its length, and its bytes as far as both it and require_reply have any. Where no reply is required any will do.
 */
export function judgeUdpReply(expected: Expectation, reply: Uint8Array): CheckResult {
  const size = `${String(reply.length)} byte${reply.length === 1 ? '' : 's'}`;
  const well = { ok: true, reason: `replied with ${size}` };
  if (!expected.replyExpected) return well;
  const { requireReply = '', minReplyLength, maxReplyLength } = expected;
  if (reply.length < minReplyLength || reply.length > maxReplyLength) {
    const range = `${String(minReplyLength)} to ${String(maxReplyLength)}`;
    return { ok: false, reason: `the reply has ${size}, not ${range} (min_reply_length, max_reply_length)` };
  }
  for (let i = 0; i < reply.length && 2 * i < requireReply.length; i++) {
    const hex = (reply[i] ?? 0).toString(16).padStart(2, '0');
    const wanted = requireReply.slice(2 * i, 2 * i + 2);
    const differs = Array.from(wanted).some((digit, at) => digit !== 'x' && digit !== hex[at]);
    if (differs)
      return { ok: false, reason: `byte ${String(i + 1)} of the reply is ${hex}, require_reply has ${wanted}` };
  }
  return well;
}
