import type { Rule } from '../../rule.ts';
import { definitionsOf } from './definitions.ts';

/** Most often a name that is spelled differently where it is used. */
export const unusedDefinition: Rule = {
  id: 'unused-definition',
  severity: 'info',
  title: 'a definition that nothing uses',
  *check(director) {
    const definitions = definitionsOf(director);
    if (definitions.length === 0) return;
    const used = new Set<string>();
    for (const { text } of director.sources.values())
      for (const [, name = ''] of text.matchAll(/\$\{?([A-Za-z_]\w*)(?!\w|=)/g)) used.add(name);
    for (const { name, span } of definitions) {
      if (used.has(name)) continue;
      yield {
        at: span,
        message: `nothing uses $${name}`,
        hint: 'remove it, or look how the name is spelled where it is used',
      };
    }
  },
};
