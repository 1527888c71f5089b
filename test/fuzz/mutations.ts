import fc from 'fast-check';

type Bytes = readonly number[];

/** One change of a file; `at` and `size` are shares of its length, so that they fit any file. */
interface Change {
  readonly kind: (typeof kinds)[number];
  readonly at: number;
  readonly to: number;
  readonly value: number;
}

const kinds = [
  'delete-line',
  'duplicate-line',
  'swap-lines',
  'drop-mark',
  'add-mark',
  'flip-bit',
  'truncate',
  'splice',
  'delete-bytes',
  'repeat-bytes',
] as const;

const newline = 10;
const marks = Array.from('{}"\\#$@~ \n\0', (char) => char.charCodeAt(0));

export const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    to: fc.double({ min: 0, max: 1, noNaN: true }),
    value: fc.nat(255),
  }),
  { minLength: 1, maxLength: 6 },
);

/** The file after the changes, one after the other; `other` is what parts are spliced from. */
export function changed(file: Uint8Array, other: Uint8Array, list: readonly Change[]): Uint8Array {
  return Uint8Array.from(list.reduce<Bytes>((bytes, change) => once(bytes, [...other], change), [...file]));
}

function once(bytes: Bytes, other: Bytes, { kind, at, to, value }: Change): Bytes {
  const position = Math.floor(at * bytes.length);
  const place = value % Math.max(1, bytes.length);
  switch (kind) {
    case 'delete-line':
    case 'duplicate-line':
    case 'swap-lines':
      return joined(changedLines(split(bytes), kind, at, to));
    case 'drop-mark': {
      const at = bytes.findIndex((byte, i) => i >= position && marks.includes(byte));
      return bytes.filter((_, i) => i !== at);
    }
    case 'add-mark':
      return [...bytes.slice(0, position), marks[value % marks.length] ?? 0, ...bytes.slice(position)];
    case 'flip-bit':
      return bytes.map((byte, i) => (i === position ? byte ^ (1 << (value % 8)) : byte));
    case 'truncate':
      return bytes.slice(0, position);
    case 'splice':
      return [...bytes.slice(0, position), ...other.slice(Math.floor(to * other.length))];
    case 'delete-bytes':
      return [...bytes.slice(0, position), ...bytes.slice(position + place)];
    case 'repeat-bytes':
      return [...bytes.slice(0, position + place), ...bytes.slice(position)];
  }
}

function changedLines(lines: readonly Bytes[], kind: Change['kind'], at: number, to: number): readonly Bytes[] {
  const [i, j] = [at, to].map((share) => Math.min(lines.length - 1, Math.floor(share * lines.length)));
  const [one, two] = [lines[i ?? 0] ?? [], lines[j ?? 0] ?? []];
  if (kind === 'delete-line') return lines.filter((_, k) => k !== i);
  if (kind === 'duplicate-line') return lines.flatMap((line, k) => (k === i ? [line, line] : [line]));
  return lines.map((line, k) => (k === i ? two : k === j ? one : line));
}

function split(bytes: Bytes): readonly Bytes[] {
  const lines: number[][] = [[]];
  for (const byte of bytes) {
    if (byte === newline) lines.push([]);
    else lines.at(-1)?.push(byte);
  }
  return lines;
}

function joined(lines: readonly Bytes[]): Bytes {
  return lines.flatMap((line, i) => (i === 0 ? line : [newline, ...line]));
}
