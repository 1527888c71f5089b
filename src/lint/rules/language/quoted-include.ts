import type { Rule } from '../../rule.ts';

/** The name of an include is not unquoted: no file matches, and with a wildcard nobody says so. */
export const quotedInclude: Rule = {
  id: 'quoted-include',
  severity: 'error',
  title: 'an include whose file name is in quotes',
  *check(director) {
    for (const source of director.sources.values()) {
      if (!source.text.includes('include')) continue;
      for (const match of source.text.matchAll(/^([ \t]*(?:@\S+[ \t]+)?include[rmwba]?[ \t]+)(["']\S.*?["'])/gm)) {
        const [whole, before = '', name = ''] = match;
        yield {
          at: source.span(match.index + before.length, match.index + whole.length),
          message: `include ${name} looks for a file whose name has the quotes in it`,
          hint: `write it without quotes: ${before.trim()} ${name.slice(1, -1)}`,
        };
      }
    }
  },
};
