import { readFileSync } from 'node:fs';

/** What another program sent (`>`) and the kernel answered (`<`), in order; one datagram a line. */
export interface Exchange {
  readonly request: Uint8Array;
  readonly answers: readonly Uint8Array[];
}

/** Reads test/wire/NAME.hex; answers that stand before any request belong to an empty one. */
export function readCapture(name: string): readonly Exchange[] {
  const exchanges: { request: Uint8Array; answers: Uint8Array[] }[] = [];
  for (const line of readFileSync(new URL(`../wire/${name}.hex`, import.meta.url), 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const bytes = new Uint8Array(Buffer.from(line.slice(2), 'hex'));
    const last = exchanges.at(-1);
    if (line.startsWith('>')) exchanges.push({ request: bytes, answers: [] });
    else if (last === undefined) exchanges.push({ request: new Uint8Array(0), answers: [bytes] });
    else last.answers.push(bytes);
  }
  return exchanges;
}

/** The same datagram with the sequence number of all its messages replaced. */
export function renumbered(datagram: Uint8Array, sequence: number): Uint8Array {
  const copy = datagram.slice();
  const view = new DataView(copy.buffer);
  for (let offset = 0; offset + 16 <= copy.length;) {
    view.setUint32(offset + 8, sequence, true);
    offset += Math.max(16, (view.getUint32(offset, true) + 3) & ~3);
  }
  return copy;
}
