import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';

/** keepalived skips such a block: "must have a name". The other blocks with a name pass over further words. */
const strict = /^(?:vrrp_instance|vrrp_sync_group|track_group|virtual_server_group)$/;

export const twoNames: Rule = {
  id: 'two-names',
  severity: 'error',
  title: 'a block with a name of several words is skipped',
  *check(director) {
    for (const { statement, block } of director.lines) {
      const { keyword, args } = statement;
      if (block !== '(root)' || !strict.test(keyword.text) || args.length < 2) continue;
      const name = args.map(({ text }) => text);
      yield {
        at: spanOf(statement),
        message: `${keyword.text} '${name.join(' ')}' has a name of ${String(name.length)} words: keepalived ${
          keyword.text === 'virtual_server_group' ? 'ends with an error' : 'skips the block'
        }`,
        hint: `make it one word: ${keyword.text} ${name.join('_')}`,
      };
    }
  },
};
