import { err, ok, type Result } from '../core/index.ts';
import { attributeText, parseAttributes } from './attribute.ts';
import { errnoName } from './errno.ts';
import { headerLength, messageFlag, type NetlinkMessage } from './message.ts';

/**
 * Why a request failed. `errno` 0 means that the kernel did not say: no answer in time, the answer was lost, or the socket
 * is closed; then it is unknown whether the request took effect, and the caller reads the state again.
 */
export interface NetlinkError {
  readonly errno: number;
  /** `EEXIST`, …; for errno 0 `no-answer`, `lost` or `closed`. */
  readonly code: string;
  /** The operation and what the kernel said of it, in words. */
  readonly text: string;
}

/** Why the kernel did not say what became of a request. */
export type Silence = 'no-answer' | 'lost' | 'closed';

export function unanswered(operation: string, code: Silence, text: string): Result<never, NetlinkError> {
  return err({ errno: 0, code, text: `${operation}: ${text}` });
}

export function refused(operation: string, errno: number, words?: string): Result<never, NetlinkError> {
  const code = errnoName(errno);
  return err({ errno, code, text: `${operation}: ${words === undefined ? code : `${code} (${words})`}` });
}

/** nlmsgerr: the errno negated (0: an ack), the request's header, and with ACK_TLVS the kernel's own words. */
export function kernelAnswer(operation: string, message: NetlinkMessage): Result<null, NetlinkError> {
  const status = statusOf(message);
  if (status === undefined) return unanswered(operation, 'lost', 'the answer was cut short');
  return status === 0 ? ok(null) : refused(operation, Math.abs(status), kernelWords(message));
}

/** The status that an error or done message begins with: 0 or an errno negated; undefined where it was cut off. */
export function statusOf({ payload }: NetlinkMessage): number | undefined {
  if (payload.length < 4) return undefined;
  return new DataView(payload.buffer, payload.byteOffset, payload.length).getInt32(0, true);
}

const nlmsgerrAttrMsg = 1;

function kernelWords({ flags, payload }: NetlinkMessage): string | undefined {
  if ((flags & messageFlag.acksTlvs) === 0 || payload.length < 4 + headerLength) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const requestLength = (flags & messageFlag.capped) !== 0 ? headerLength : view.getUint32(4, true);
  const start = 4 + requestLength;
  if (requestLength < headerLength || start > payload.length) return undefined;
  return attributeText(parseAttributes(payload.subarray(start)), nlmsgerrAttrMsg);
}
