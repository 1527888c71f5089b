import type { SourceSpan } from '../core/index.ts';

/** The reference takes names only where they are already defined; across files the order of reading is not compared. */
export function isDefinedBefore(definition: SourceSpan | undefined, use: SourceSpan): boolean {
  if (definition === undefined) return false;
  return definition.file !== use.file || definition.line <= use.line;
}
