import type { ByteWriter } from '../core/index.ts';
import { align4, attributeHeaderLength } from './message.ts';

const nestedFlag = 0x8000;
const typeMask = 0x3fff;

/** Attributes by type; of a type that is given twice the last counts. Unknown ones stay in the map. */
export type Attributes = ReadonlyMap<number, Uint8Array>;

/** Reads attributes up to the first that is cut short: what the kernel cut off is missing, not wrong. */
export function parseAttributes(bytes: Uint8Array): Attributes {
  const attributes = new Map<number, Uint8Array>();
  for (const { type, value } of attributeList(bytes)) attributes.set(type, value);
  return attributes;
}

/** As parseAttributes, in order and with repetitions (lists such as multicast groups repeat types). */
export function attributeList(bytes: Uint8Array): readonly { readonly type: number; readonly value: Uint8Array }[] {
  const list: { type: number; value: Uint8Array }[] = [];
  let offset = 0;
  while (bytes.length - offset >= attributeHeaderLength) {
    const length = (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8);
    const type = ((bytes[offset + 2] ?? 0) | ((bytes[offset + 3] ?? 0) << 8)) & typeMask;
    if (length < attributeHeaderLength || offset + length > bytes.length) break;
    list.push({ type, value: bytes.subarray(offset + attributeHeaderLength, offset + length) });
    offset += align4(length);
  }
  return list;
}

export function attributeU8(attributes: Attributes, type: number): number | undefined {
  return attributes.get(type)?.[0];
}

export function attributeU16(attributes: Attributes, type: number): number | undefined {
  const value = attributes.get(type);
  return value === undefined || value.length < 2 ? undefined : viewOf(value).getUint16(0, true);
}

export function attributeU16be(attributes: Attributes, type: number): number | undefined {
  const value = attributes.get(type);
  return value === undefined || value.length < 2 ? undefined : viewOf(value).getUint16(0, false);
}

export function attributeU32(attributes: Attributes, type: number): number | undefined {
  const value = attributes.get(type);
  return value === undefined || value.length < 4 ? undefined : viewOf(value).getUint32(0, true);
}

/** 32 bits in network order: netmasks and the like. */
export function attributeU32be(attributes: Attributes, type: number): number | undefined {
  const value = attributes.get(type);
  return value === undefined || value.length < 4 ? undefined : viewOf(value).getUint32(0, false);
}

/** Text up to its NUL; other bytes than ASCII are kept one to one. */
export function attributeText(attributes: Attributes, type: number): string | undefined {
  const value = attributes.get(type);
  if (value === undefined) return undefined;
  const end = value.indexOf(0);
  return String.fromCharCode(...value.subarray(0, end === -1 ? value.length : Math.min(end, 4096)));
}

export function writeU8(writer: ByteWriter, type: number, value: number): void {
  writer.u16le(5).u16le(type).u8(value).zeros(3);
}

export function writeU16(writer: ByteWriter, type: number, value: number): void {
  writer.u16le(6).u16le(type).u16le(value).zeros(2);
}

export function writeU16be(writer: ByteWriter, type: number, value: number): void {
  writer.u16le(6).u16le(type).u16be(value).zeros(2);
}

export function writeU32(writer: ByteWriter, type: number, value: number): void {
  writer.u16le(8).u16le(type).u32le(value);
}

/** 32 bits in network order; a negative number as its two's complement. */
export function writeU32be(writer: ByteWriter, type: number, value: number): void {
  writer
    .u16le(8)
    .u16le(type)
    .u32be(value >>> 0);
}

export function writeBytes(writer: ByteWriter, type: number, value: Uint8Array): void {
  writer
    .u16le(attributeHeaderLength + value.length)
    .u16le(type)
    .bytes(value)
    .zeros(align4(value.length) - value.length);
}

/** Text with its closing NUL. */
export function writeText(writer: ByteWriter, type: number, text: string): void {
  const bytes = new Uint8Array(text.length + 1);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  writeBytes(writer, type, bytes);
}

/** An attribute that holds the attributes which `body` writes. */
export function writeNested(writer: ByteWriter, type: number, body: (writer: ByteWriter) => void): void {
  const start = writer.length;
  writer.u16le(0).u16le(type | nestedFlag);
  body(writer);
  writer.patchU16le(start, writer.length - start);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
