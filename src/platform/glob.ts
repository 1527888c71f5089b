import { readdirSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { braceAlternatives } from '../parser/index.ts';
import { compileName, hasWildcard } from './wildcard.ts';

const pathLimit = 10_000;

/** The paths that match a pattern as of glob(3) with braces, sorted, braces in their order; none where it is no pattern. */
export function globPaths(pattern: string, directory: string): readonly string[] {
  const alternatives = braceAlternatives(pattern) ?? [];
  const found = alternatives.flatMap((one) => matches(isAbsolute(one) ? one : join(directory, one)));
  return [...new Set(found)];
}

function matches(path: string): readonly string[] {
  let found: ReadonlySet<string> = new Set([isAbsolute(path) ? '/' : '.']);
  for (const part of path.split('/').filter((one) => one !== '' && one !== '.')) {
    const next = new Set<string>();
    for (const base of found) {
      for (const one of hasWildcard(part) ? listed(base, part) : [join(base, part)]) next.add(one);
      if (next.size > pathLimit) break;
    }
    found = next;
  }
  return [...found].filter(exists);
}

function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A name that is too long, holds a NUL byte or lies where nobody may look.
    return false;
  }
}

function listed(directory: string, part: string): readonly string[] {
  const fits = compileName(part);
  try {
    const names = readdirSync(directory).filter(
      (name) => fits(name) && (part.startsWith('.') || !name.startsWith('.')),
    );
    return names.sort().map((name) => join(directory, name));
  } catch {
    return [];
  }
}
