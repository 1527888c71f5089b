import type { SourceSpan } from '../../../core/index.ts';
import type { SourceFile } from '../../../parser/index.ts';
import type { Director } from '../../director.ts';

/** A line `$NAME=…`. */
export interface DefinitionLine {
  readonly name: string;
  /** Of `$NAME`. */
  readonly span: SourceSpan;
}

/** The definitions of all files, conditional ones too. */
export function definitionsOf({ sources }: Director): readonly DefinitionLine[] {
  return [...sources.values()].flatMap((source) => [...definitionLines(source)]);
}

function* definitionLines(source: SourceFile): Iterable<DefinitionLine> {
  if (!source.text.includes('$')) return;
  for (const match of source.text.matchAll(/^([ \t]*(?:@\S+[ \t]+)?)\$([A-Za-z_]\w*)=/gm)) {
    const [, before = '', name = ''] = match;
    const start = match.index + before.length;
    yield { name, span: source.span(start, start + 1 + name.length) };
  }
}
