/** What an include line, or `include_check`, wants to be an error. */
export type IncludeCheck = 'readable' | 'match' | 'wildcard_match' | 'brace_match';

const all: readonly IncludeCheck[] = ['readable', 'match', 'wildcard_match', 'brace_match'];

/** The checks of `include` (none of its own), `includer`, `includem`, `includew`, `includeb` and `includea`. */
export function checksOf(keyword: string): ReadonlySet<IncludeCheck> | undefined {
  switch (keyword) {
    case 'include':
      return undefined;
    case 'includer':
      return new Set(['readable']);
    case 'includem':
      return new Set(['readable', 'match']);
    case 'includew':
      return new Set(['readable', 'match', 'wildcard_match']);
    case 'includeb':
      return new Set(['readable', 'brace_match']);
    default:
      return allChecks;
  }
}

export const allChecks: ReadonlySet<IncludeCheck> = new Set(all);

/**
 * What `include_check` with these words leaves: none means all, a name at the beginning means that and `read`, `+name` and `-name` add
 * and remove. Its word for files that cannot be read is `read`, whatever the manual says.
 */
export function includeCheck(words: readonly string[], before: ReadonlySet<IncludeCheck>): ReadonlySet<IncludeCheck> {
  if (words.length === 0) return allChecks;
  const checks = new Set(before);
  for (const [i, word] of words.entries()) {
    const name = word.replace(/^[+-]/, '');
    const check = name === 'read' ? 'readable' : all.find((one) => one === name && one !== 'readable');
    if (check === undefined) continue;
    if (word.startsWith('-')) checks.delete(check);
    else if (word.startsWith('+')) checks.add(check);
    else if (i === 0) {
      checks.clear();
      checks.add('readable').add(check);
    }
  }
  return checks;
}

const alternativesLimit = 1000;

/** `a{b,c}` is `ab` and `ac`, nested and repeated; undefined where that makes more than a thousand. */
export function braceAlternatives(pattern: string): readonly string[] | undefined {
  const done: string[] = [];
  const rest = [pattern];
  for (let one = rest.pop(); one !== undefined; one = rest.pop()) {
    // The first '}' after a '{' ends an innermost pair.
    const first = one.indexOf('{');
    const close = first === -1 ? -1 : one.indexOf('}', first);
    const open = close === -1 ? -1 : one.lastIndexOf('{', close);
    if (open === -1) done.push(one);
    else {
      const [before, after] = [one.slice(0, open), one.slice(close + 1)];
      const parts = one.slice(open + 1, close).split(',');
      for (const part of parts.reverse()) rest.push(`${before}${part}${after}`);
    }
    if (done.length + rest.length > alternativesLimit) return undefined;
  }
  return done;
}

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '.' : slash === 0 ? '/' : path.slice(0, slash);
}
