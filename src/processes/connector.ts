import { ByteWriter } from '../core/index.ts';
import { messageType, parseMessages, writeMessage } from '../netlink/index.ts';

/** What the kernel tells of processes: linux/connector.h and linux/cn_proc.h, over netlink. All in host order, little endian here. */

export type ProcessNews =
  /** The answer to `subscription`: 0 or an errno. */
  | { readonly type: 'ack'; readonly errno: number }
  | { readonly type: 'fork'; readonly parent: number; readonly pid: number }
  | { readonly type: 'exec'; readonly pid: number }
  | { readonly type: 'comm'; readonly pid: number; readonly comm: string }
  | { readonly type: 'exit'; readonly pid: number };

const processIndex = 1;
const headerLength = 20;
const what = { none: 0, fork: 1, exec: 2, comm: 0x200, exit: 0x80000000 } as const;

/** Asks for events, or no more of them. */
export function subscription(listen: boolean): Uint8Array {
  const writer = new ByteWriter(48);
  writeMessage(writer, { type: messageType.done, flags: 0, sequence: 0 }, (body) => {
    body.u32le(processIndex).u32le(1).u32le(0).u32le(0).u16le(4).u16le(0);
    body.u32le(listen ? 1 : 2);
  });
  return writer.finish();
}

/** The events of a datagram that concern processes; threads are none. */
export function parseProcessNews(datagram: Uint8Array): readonly ProcessNews[] {
  return parseMessages(datagram).messages.flatMap(({ payload }) => newsOf(payload) ?? []);
}

function newsOf(payload: Uint8Array): ProcessNews | undefined {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const at = headerLength + 16;
  if (payload.length < at + 8 || view.getUint32(0, true) !== processIndex || view.getUint32(4, true) !== 1)
    return undefined;
  const word = (i: number): number => view.getUint32(at + 4 * i, true);
  const leads = word(0) === word(1);
  switch (view.getUint32(headerLength, true)) {
    case what.none:
      return { type: 'ack', errno: word(0) };
    case what.fork:
      return payload.length < at + 16 || word(2) !== word(3)
        ? undefined
        : { type: 'fork', parent: word(1), pid: word(2) };
    case what.exec:
      return leads ? { type: 'exec', pid: word(0) } : undefined;
    case what.comm:
      if (payload.length < at + 24 || !leads) return undefined;
      return { type: 'comm', pid: word(0), comm: textOf(payload.subarray(at + 8, at + 24)) };
    case what.exit:
      return leads ? { type: 'exit', pid: word(0) } : undefined;
    default:
      return undefined;
  }
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end));
}
