import { ByteWriter } from '../core/index.ts';

/** Framing of netlink messages and attributes (linux/netlink.h). Everything is in host order, little endian here. */

export const headerLength = 16;
export const attributeHeaderLength = 4;

export const messageType = { noop: 1, error: 2, done: 3, overrun: 4, firstFamilyType: 16 } as const;

/** NLM_F_*; the second row means what it says only in requests of its kind (get, new). */
export const messageFlag = {
  request: 0x1,
  multi: 0x2,
  ack: 0x4,
  echo: 0x8,
  dumpInterrupted: 0x10,
  root: 0x100,
  match: 0x200,
  dump: 0x300,
  replace: 0x100,
  exclusive: 0x200,
  create: 0x400,
  append: 0x800,
  capped: 0x100,
  acksTlvs: 0x200,
} as const;

/** One message as received: `payload` is a view of the datagram, without the header. */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly portId: number;
  readonly payload: Uint8Array;
}

export function align4(length: number): number {
  return (length + 3) & ~3;
}

/** The messages of one datagram, up to the first that is cut short; `complete` is false if one was. */
export function parseMessages(datagram: Uint8Array): {
  readonly messages: readonly NetlinkMessage[];
  readonly complete: boolean;
} {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  const messages: NetlinkMessage[] = [];
  let offset = 0;
  while (datagram.length - offset >= headerLength) {
    const length = view.getUint32(offset, true);
    if (length < headerLength || offset + length > datagram.length) return { messages, complete: false };
    messages.push({
      type: view.getUint16(offset + 4, true),
      flags: view.getUint16(offset + 6, true),
      sequence: view.getUint32(offset + 8, true),
      portId: view.getUint32(offset + 12, true),
      payload: datagram.subarray(offset + headerLength, offset + length),
    });
    offset += align4(length);
  }
  return { messages, complete: offset >= datagram.length };
}

/** Appends one message whose payload `body` writes. */
export function writeMessage(
  writer: ByteWriter,
  header: { readonly type: number; readonly flags: number; readonly sequence: number },
  body: (writer: ByteWriter) => void,
): void {
  const start = writer.length;
  writer.u32le(0).u16le(header.type).u16le(header.flags).u32le(header.sequence).u32le(0);
  body(writer);
  writer.patchU32le(start, writer.length - start);
  writer.zeros(align4(writer.length - start) - (writer.length - start));
}
