/** The lines of a script's output by its parts, each of which begins with a line `== NAME`. */
export function partsOf(text: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    text.split(/^== /m).map((part) => {
      const [name = '', ...lines] = part.split('\n');
      return [name, lines];
    }),
  );
}
