/** Thrown by ByteReader when the bytes end before the value does; `offset` is where the value would have begun. */
export class TruncatedError extends Error {
  readonly offset: number;
  readonly wanted: number;
  constructor(offset: number, wanted: number, length: number) {
    super(`${String(wanted)} bytes wanted at offset ${String(offset)} of ${String(length)}`);
    this.name = 'TruncatedError';
    this.offset = offset;
    this.wanted = wanted;
  }
}

/** Reads integers in network (`be`) or host (`le`; every platform we run on is little endian) order from untrusted bytes. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.bytes.length - this.#offset;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }
  u16be(): number {
    return this.#view.getUint16(this.#take(2), false);
  }
  u32be(): number {
    return this.#view.getUint32(this.#take(4), false);
  }
  u16le(): number {
    return this.#view.getUint16(this.#take(2), true);
  }
  u32le(): number {
    return this.#view.getUint32(this.#take(4), true);
  }
  i32le(): number {
    return this.#view.getInt32(this.#take(4), true);
  }
  u64le(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  /** A view (not a copy) of the next `length` bytes. */
  take(length: number): Uint8Array {
    const at = this.#take(length);
    return this.bytes.subarray(at, at + length);
  }

  skip(length: number): void {
    this.#take(length);
  }

  #take(length: number): number {
    const at = this.#offset;
    if (length < 0 || at + length > this.bytes.length) throw new TruncatedError(at, length, this.bytes.length);
    this.#offset = at + length;
    return at;
  }
}
