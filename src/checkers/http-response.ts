import { createHash, type Hash } from 'node:crypto';

/**
 * Reads an HTTP reply as keepalived does, byte for byte, because existing digests depend on it: no framing, no decoding; the
 * header ends at the first CR LF CR LF and fits 4095 bytes; the digest is MD5 over the raw bytes after it, up to the
 * length that a plain search for `Content-Length:` finds in what was read until the header was complete.
 */

/** keepalived reads into a buffer of 4 KB with a closing NUL. */
const headerLimit = 4095;

/** Sees what is read, as it is read: nothing of a body is held. */
export interface Observer {
  readonly onHeader: (header: Buffer) => void;
  /** What came behind the header; only its first `digested` bytes are what the digest is made of. */
  readonly onBody: (chunk: Buffer, digested: number) => void;
}

export type HeaderState = 'reading' | 'complete' | 'too-long';

export class HttpResponse {
  #header = Buffer.alloc(0);
  #state: HeaderState = 'reading';
  #hash: Hash | undefined = createHash('md5');
  #bodyLength = 0;
  #contentLength: number | undefined;
  #received = 0;
  readonly #seen: readonly Observer[];

  constructor(...seen: readonly Observer[]) {
    this.#seen = seen;
  }

  get headerState(): HeaderState {
    return this.#state;
  }

  /** All bytes that came, header included. */
  get received(): number {
    return this.#received;
  }

  get header(): Buffer {
    return this.#header;
  }

  get contentLength(): number | undefined {
    return this.#contentLength;
  }

  get bodyLength(): number {
    return this.#bodyLength;
  }

  /** Three digits and a space behind the first blank of the first line; undefined: not an HTTP status line. */
  get statusCode(): number | undefined {
    const match = /^[^ \r\n]+ (\d{3}) /.exec(this.#header.toString('latin1'));
    return match?.[1] === undefined ? undefined : Number(match[1]);
  }

  /** Takes the next bytes of the stream. */
  push(chunk: Buffer): void {
    this.#received += chunk.length;
    let rest = chunk;
    while (this.#state === 'reading' && rest.length > 0) {
      const room = headerLimit - this.#header.length;
      if (room === 0) {
        this.#state = 'too-long';
        return;
      }
      const read = rest.subarray(0, room);
      rest = rest.subarray(read.length);
      this.#headerBytes(read);
    }
    if (this.#state === 'complete' && rest.length > 0) this.#body(rest);
  }

  /** The MD5 of the body in lowercase hex; call it once, at the end of the stream. */
  digest(): string {
    const hash = this.#hash;
    this.#hash = undefined;
    return hash === undefined ? '' : hash.digest('hex');
  }

  #headerBytes(read: Buffer): void {
    const all = Buffer.concat([this.#header, read]);
    const end = all.indexOf('\r\n\r\n');
    if (end === -1) {
      this.#header = all;
      return;
    }
    this.#state = 'complete';
    this.#contentLength = findContentLength(all);
    this.#header = all.subarray(0, end + 4);
    for (const seen of this.#seen) seen.onHeader(this.#header);
    if (all.length > end + 4) this.#body(all.subarray(end + 4));
  }

  #body(bytes: Buffer): void {
    const limit = this.#contentLength;
    const used = limit === undefined ? bytes : bytes.subarray(0, Math.max(0, limit - this.#bodyLength));
    this.#hash?.update(used);
    this.#bodyLength += bytes.length;
    for (const seen of this.#seen) seen.onBody(bytes, used.length);
  }
}

/**
 * The first `Content-Length:` in exactly this case, also inside another header's name or the body, but not behind a NUL; its number
 * must end the line.
 */
function findContentLength(bytes: Buffer): number | undefined {
  const nul = bytes.indexOf(0);
  const text = bytes.toString('latin1', 0, nul === -1 ? bytes.length : nul);
  const at = text.indexOf(lengthName);
  if (at === -1) return undefined;
  lengthValue.lastIndex = at + lengthName.length;
  const match = lengthValue.exec(text);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

const lengthName = 'Content-Length:';
const lengthValue = /[ \t]*\+?(\d{1,15})\r/y;
