/** The same configuration as others would have laid it out. */
export const styles: Readonly<Record<string, (text: string) => string>> = {
  indented: (text) => text,
  'brace on its own line': (text) => text.replace(/^( *)(\S.*\S) \{$/gm, '$1$2\n$1{'),
  unindented: (text) => text.replace(/^ +/gm, ''),
  'one line where it can be': (text) =>
    text
      .replace(/ *[#!].*$/gm, '')
      .replace(/\{\n\s*/g, '{ ')
      .replace(/\n\s*\}/g, ' }'),
};

export interface Mistake {
  readonly kind: "'{' missing" | "'}' missing" | "'{' too many" | "'}' too many";
  readonly text: string;
  /** The line where it was made. */
  readonly line: number;
}

/** Every way to leave out one brace, to write one twice, and to put one on a line of its own. */
export function mistakes(text: string): readonly Mistake[] {
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const written = [...text.matchAll(/[{}]/g)].flatMap(({ index, 0: brace }): readonly Mistake[] => [
    {
      kind: brace === '{' ? "'{' missing" : "'}' missing",
      text: text.slice(0, index) + text.slice(index + 1),
      line: lineAt(index),
    },
    {
      kind: brace === '{' ? "'{' too many" : "'}' too many",
      text: `${text.slice(0, index)}${brace} ${text.slice(index)}`,
      line: lineAt(index),
    },
  ]);
  const lines = text.split('\n');
  const added = lines.slice(0, -1).flatMap((line, i) =>
    ['{', '}'].map((brace): Mistake => {
      const indent = /^ */.exec(line)?.[0] ?? '';
      return {
        kind: brace === '{' ? "'{' too many" : "'}' too many",
        text: [...lines.slice(0, i + 1), `${indent}${brace}`, ...lines.slice(i + 1)].join('\n'),
        line: i + 2,
      };
    }),
  );
  return [...written, ...added];
}
