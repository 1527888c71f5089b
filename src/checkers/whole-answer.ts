import type { Observer } from './http-response.ts';

/**
 * Where an answer ends on a connection that the server keeps (RFC 9112, section 6.3). Only its end is looked for: what digest and regex are
 * made of are the bytes as they came.
 */
export class WholeAnswer implements Observer {
  #body: Body | undefined;

  /** Whether all of it has come; never, where only the end of the connection would tell. */
  get isWhole(): boolean {
    return this.#body?.isWhole === true;
  }

  /** The chunks are none: their end can never come. */
  get isBroken(): boolean {
    return this.#body?.isBroken === true;
  }

  onHeader(header: Buffer): void {
    const text = header.toString('latin1');
    const announced = /\r\nContent-Length:[ \t]*(\d{1,15})[ \t]*\r/i.exec(text)?.[1];
    if (/^\S+ (?:204|304) /.test(text)) this.#body = new Counted(0);
    else if (/\r\nTransfer-Encoding:[^\r\n]*\bchunked[ \t]*\r/i.test(text)) this.#body = new Chunks();
    else if (announced !== undefined) this.#body = new Counted(Number(announced));
  }

  onBody(chunk: Buffer): void {
    this.#body?.push(chunk);
  }
}

interface Body {
  readonly isWhole: boolean;
  readonly isBroken: boolean;
  readonly push: (bytes: Buffer) => void;
}

class Counted implements Body {
  readonly isBroken = false;
  #left: number;

  constructor(length: number) {
    this.#left = length;
  }

  get isWhole(): boolean {
    return this.#left <= 0;
  }

  push(bytes: Buffer): void {
    this.#left -= bytes.length;
  }
}

/** A line longer than this is no size of a chunk and no line of a trailer. */
const longestLine = 4096;

/** Chunks and a trailer (RFC 9112, section 7.1). Held is the line that has not ended, and nothing else. */
class Chunks implements Body {
  isWhole = false;
  isBroken = false;
  #line = '';
  /** Of the chunk and the line end behind it. */
  #left = 0;
  #inTrailer = false;

  push(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length && !this.isWhole && !this.isBroken) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, bytes.length - at);
        this.#left -= taken;
        at += taken;
        continue;
      }
      const end = bytes.indexOf(lineFeed, at);
      const next = end === -1 ? bytes.length : end + 1;
      this.#line += bytes.toString('latin1', at, Math.min(next, at + longestLine + 1));
      at = next;
      if (this.#line.length > longestLine) this.isBroken = true;
      else if (end !== -1) this.#lineEnds();
    }
  }

  #lineEnds(): void {
    const line = this.#line.trimEnd();
    this.#line = '';
    if (this.#inTrailer) {
      this.isWhole = line === '';
      return;
    }
    const size = /^([0-9a-f]{1,12})[ \t]*(?:;|$)/i.exec(line)?.[1];
    if (size === undefined) this.isBroken = true;
    else if (/^0+$/.test(size)) this.#inTrailer = true;
    else this.#left = Number.parseInt(size, 16) + 2;
  }
}

const lineFeed = 10;
