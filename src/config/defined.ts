type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the properties that are undefined: the model says what is not given by leaving it out. */
export function defined<T extends object>(values: T): Defined<T> {
  let some: Partial<T> | undefined;
  for (const name in values) {
    if (values[name] !== undefined) (some ??= {} as Partial<T>)[name] = values[name];
  }
  return some ?? nothing;
}

const nothing = {};
