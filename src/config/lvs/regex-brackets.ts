/** Options, and what patterns may hold, with which brackets mean something else. */
const otherMeaning: ReadonlySet<string> = new Set([
  'literal',
  'extended',
  'extended_more',
  'allow_empty_class',
  'alt_bsux',
]);
const otherSyntax = /\\[Qc]|\(\?#|\(\?[a-zA-Z^]*x|\(\*|\\$/;

/**
 * Why a pattern is no regex, as far as its brackets tell: for where PCRE2 cannot be asked. What it passes may be wrong all the same, what
 * it tells is. Offsets and words are PCRE2's.
 */
export function bracketProblem(pattern: string, options: readonly string[]): string | undefined {
  if (options.some((option) => otherMeaning.has(option)) || otherSyntax.test(pattern)) return undefined;
  let open = 0;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === '\\') at++;
    else if (char === '[') {
      const end = classEnd(pattern, at);
      if (end === undefined) return problem(pattern, pattern.length, 'missing terminating ] for character class');
      at = end;
    } else if (char === '(') open++;
    else if (char === ')' && --open < 0) return problem(pattern, at, 'unmatched closing parenthesis');
  }
  return open > 0 ? problem(pattern, pattern.length, 'missing closing parenthesis') : undefined;
}

function problem(pattern: string, offset: number, what: string): string {
  return `the regex '${pattern}' is not valid at offset ${String(offset)}: ${what}`;
}

/** Where the `]` stands that ends a class: not the first thing in it, nor one of a class in it as [:alpha:]. */
function classEnd(pattern: string, from: number): number | undefined {
  let at = from + (pattern[from + 1] === '^' ? 2 : 1);
  for (const first = at; at < pattern.length; at++) {
    const char = pattern[at];
    const named = char === '[' ? /^\[([:.=])[^\]]*\1\]/.exec(pattern.slice(at, at + 40)) : null;
    if (char === '\\') at++;
    else if (named !== null) at += named[0].length - 1;
    else if (char === ']' && at > first) return at;
  }
  return undefined;
}
