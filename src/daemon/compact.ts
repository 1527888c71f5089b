/**
 * Large settings as they travel to a part. Thousands of servers have the same keys, which are told once; and places in the
 * file, half of a configuration's size, are left out: parts have no message that names one.
 */
export interface Compact<T> {
  /** The keys of the objects, by the number that each of them begins with. */
  readonly shapes: readonly (readonly string[])[];
  readonly data: Encoded;
  /** For the types only: what it was made of. */
  readonly of?: T;
}

/** An array begins with `list` or with the number of its object's shape. */
type Encoded = string | number | boolean | null | readonly Encoded[];

const list = -1;

/** A step from the keys of an object so far to one key more. */
interface Step {
  readonly next: Map<string, Step>;
  /** The shape whose keys these are, where an object has them. */
  shape?: number;
}

/** Of plain data. A key without a value counts as absent, as in JSON. */
export function compact<T>(value: T): Compact<T> {
  const shapes: (readonly string[])[] = [];
  const none: Step = { next: new Map() };
  const encode = (from: unknown): Encoded => {
    if (typeof from !== 'object' || from === null) return from as Encoded;
    if (Array.isArray(from)) return [list, ...from.map(encode)];
    const object = from as Readonly<Record<string, unknown>>;
    const row: Encoded[] = [list];
    let keys = none;
    for (const key in object) {
      const item = object[key];
      if (key === 'span' || item === undefined) continue;
      let longer = keys.next.get(key);
      if (longer === undefined) keys.next.set(key, (longer = { next: new Map() }));
      keys = longer;
      row.push(encode(item));
    }
    if (keys.shape === undefined) {
      keys.shape = shapes.length;
      shapes.push(Object.keys(object).filter((key) => key !== 'span' && object[key] !== undefined));
    }
    row[0] = keys.shape;
    return row;
  };
  return { data: encode(value), shapes };
}

/** What `compact` was given, without places in the file: the type stays, since nothing but `span` is missing. */
export function expand<T>({ shapes, data }: Compact<T>): T {
  const decode = (from: Encoded): unknown => {
    if (typeof from !== 'object' || from === null) return from;
    const shape = typeof from[0] === 'number' && from[0] !== list ? shapes[from[0]] : undefined;
    if (shape === undefined) return from.slice(1).map(decode);
    const object: Record<string, unknown> = {};
    for (const [i, key] of shape.entries()) object[key] = decode(from[i + 1] ?? null);
    return object;
  };
  return decode(data) as T;
}
