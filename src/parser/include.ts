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

/** What `include_check` with these words leaves: none means all; `+name` and `-name` add and remove. */
export function includeCheck(words: readonly string[], before: ReadonlySet<IncludeCheck>): ReadonlySet<IncludeCheck> {
  if (words.length === 0) return allChecks;
  const checks = new Set(words.every((word) => /^[+-]/.test(word)) ? before : []);
  for (const word of words) {
    const check = all.find((one) => one === word.replace(/^[+-]/, ''));
    if (check === undefined) continue;
    if (word.startsWith('-')) checks.delete(check);
    else checks.add(check);
  }
  return checks;
}

const alternativesLimit = 1000;

/** `a{b,c}` is `ab` and `ac`, nested and repeated; at most a thousand. */
export function braceAlternatives(pattern: string): readonly string[] {
  let patterns: readonly string[] = [pattern];
  for (;;) {
    let changed = false;
    const next: string[] = [];
    for (const one of patterns) {
      const match = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(one);
      if (match === null || next.length >= alternativesLimit) {
        next.push(one);
        continue;
      }
      const [, before = '', inside = '', after = ''] = match;
      changed = true;
      for (const part of inside.split(',')) next.push(`${before}${part}${after}`);
    }
    patterns = next.slice(0, alternativesLimit);
    if (!changed || patterns.length >= alternativesLimit) return patterns;
  }
}

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '.' : slash === 0 ? '/' : path.slice(0, slash);
}
