import type { Keyword } from '../../../config/index.ts';
import type { Statement } from '../../../parser/index.ts';
import { spanOf, textOf, type Director } from '../../director.ts';
import { lineText } from '../../edit.ts';
import type { Rule } from '../../rule.ts';
import { isSecret } from './secret.ts';

/** Keywords of which the first line counts. */
const first = /^version$/;
/** What may be given again, or of what the reader of the configuration says that it must not. */
const many =
  /^(?:state|digest|quorum|virtualhost|path|(?:vrrp_|lvs_)?notify_fifo|snmp_socket|lvs_sync_daemon|net_namespace|instance)$/;

/** Of two lines that say different things one counts, and nobody says which. */
export const repeatedKeyword: Rule = {
  id: 'repeated-keyword',
  severity: 'warning',
  title: 'a keyword is given twice with different values',
  *check(director) {
    const blocks = new Map<Statement | undefined | string, Map<string, Statement>>();
    for (const { statement, keyword, block, within } of director.lines) {
      if (keyword === undefined || !isScalar(keyword) || many.test(keyword.name) || block === 'garp_group') continue;
      // Several global_defs are one.
      const place = block === 'global_defs' ? block : within;
      const seen = blocks.get(place) ?? new Map<string, Statement>();
      blocks.set(place, seen);
      const before = seen.get(keyword.name);
      seen.set(keyword.name, statement);
      if (before === undefined || textOf(before) === textOf(statement) || isOverride(statement, director)) continue;
      const wins = first.test(keyword.name) ? before : statement;
      if (wins === before) seen.set(keyword.name, before);
      const object =
        within === undefined
          ? ''
          : ` in ${[within.keyword, ...within.args.slice(0, 2)].map(({ text }) => text).join(' ')}`;
      yield {
        at: spanOf(statement),
        message: `${keyword.name} is given twice${object}: ${isSecret(keyword.name) ? 'the last line' : `'${textOf(wins)}'`} counts`,
        hint: `remove the other line`,
        related: [
          {
            span: spanOf(before),
            message: isSecret(keyword.name) ? 'the other line' : `'${textOf(before)}' stands here`,
          },
        ],
      };
    }
  },
};

function isScalar({ name, args }: Keyword): boolean {
  switch (args.kind) {
    case 'block':
    case 'lines':
    case 'flag':
    case 'optional-command':
      return false;
    case 'command':
      // Of the others the reader says that the first counts.
      return name === 'script' || name === 'misc_path';
    case 'words':
      return /^(?:lb_algo|lvs_sched|lb_kind|lvs_method|script_user|smtp_server|sorry_server|persistence_granularity)$/.test(
        name,
      );
    default:
      return true;
  }
}

/** A value for all, and after it another under a condition, is what conditions are for. */
function isOverride({ keyword: { span } }: Statement, director: Director): boolean {
  const source = director.sources.get(span.file);
  return source !== undefined && lineText(source, span.line).trimStart().startsWith('@');
}
