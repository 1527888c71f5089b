/** Builds a message in a buffer that grows; integers in network (`be`) or host (`le`) order. */
export class ByteWriter {
  // Without a DataView, which would take small arrays out of the heap, where they cost ten times as much.
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    const at = this.#reserve(1);
    this.#bytes[at] = value;
    return this;
  }
  u16be(value: number): this {
    const at = this.#reserve(2);
    this.#put16be(at, value);
    return this;
  }
  u32be(value: number): this {
    const at = this.#reserve(4);
    this.#put16be(at, value >>> 16);
    this.#put16be(at + 2, value);
    return this;
  }
  u16le(value: number): this {
    const at = this.#reserve(2);
    this.#put16le(at, value);
    return this;
  }
  u32le(value: number): this {
    const at = this.#reserve(4);
    this.#put16le(at, value);
    this.#put16le(at + 2, value >>> 16);
    return this;
  }
  u64le(value: bigint): this {
    return this.u32le(Number(value & 0xffffffffn)).u32le(Number((value >> 32n) & 0xffffffffn));
  }
  bytes(value: Uint8Array): this {
    const at = this.#reserve(value.length);
    this.#bytes.set(value, at);
    return this;
  }
  zeros(count: number): this {
    const at = this.#reserve(count);
    this.#bytes.fill(0, at, at + count);
    return this;
  }

  /** Overwrites two bytes written before: lengths and checksums are known last. */
  patchU16be(offset: number, value: number): this {
    this.#check(offset, 2);
    this.#put16be(offset, value);
    return this;
  }
  patchU16le(offset: number, value: number): this {
    this.#check(offset, 2);
    this.#put16le(offset, value);
    return this;
  }
  patchU32le(offset: number, value: number): this {
    this.#check(offset, 4);
    this.#put16le(offset, value);
    this.#put16le(offset + 2, value >>> 16);
    return this;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #put16be(at: number, value: number): void {
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value;
  }

  #put16le(at: number, value: number): void {
    this.#bytes[at] = value;
    this.#bytes[at + 1] = value >>> 8;
  }

  #check(offset: number, size: number): void {
    if (offset < 0 || offset + size > this.#length)
      throw new RangeError(`patch at ${String(offset)} is outside what was written`);
  }

  /** The offset of `size` new bytes. It may replace the buffer: call it before touching #bytes. */
  #reserve(size: number): number {
    const at = this.#length;
    if (at + size > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(2 * this.#bytes.length, at + size));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
    }
    this.#length = at + size;
    return at;
  }
}
