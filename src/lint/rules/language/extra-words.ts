import type { SourceSpan } from '../../../core/index.ts';
import type { Keyword } from '../../../config/index.ts';
import type { Word } from '../../../parser/index.ts';
import type { Director, PlacedLine } from '../../director.ts';
import { lineText, replaceText } from '../../edit.ts';
import type { Fix } from '../../finding.ts';
import type { Rule } from '../../rule.ts';
import { isSecret } from './secret.ts';

/** Words that count where it is not one: the most that a line of this keyword has. */
const most: Readonly<Record<string, number>> = {
  'vrrp_script weight': 2,
  'track_file weight': 2,
  'vrrp_track_file weight': 2,
  'vrrp_track_process weight': 2,
  'bfd_instance weight': 2,
  'virtual_server/real_server/FILE_CHECK weight': 2,
  'global_defs script_user': 2,
  'vrrp_script user': 2,
  'virtual_server/real_server/MISC_CHECK user': 2,
  'global_defs notify_fifo': 3,
  'global_defs vrrp_notify_fifo': 3,
  'global_defs lvs_notify_fifo': 3,
  'global_defs smtp_server': 2,
  'global_defs dynamic_interfaces': 1,
  'global_defs lvs_flush_on_stop': 1,
  'global_defs vrrp_iptables': 2,
  'global_defs nftables': 1,
  'global_defs reload_file': 1,
  'global_defs reload_check_config': 1,
  'virtual_server lb_algo': 1,
  'virtual_server lvs_sched': 1,
  'virtual_server persistence_granularity': 1,
  'virtual_server sorry_server': 2,
  '(root) virtual_server': 2,
  'virtual_server real_server': 2,
};
/** Here every word counts, or a reader of its own takes them. */
const open = /^(?:lvs_sync_daemon|lvs_sync_daemon_interface|regex|payload|garp_group)$/;
const named = /^(?:vrrp_script|vrrp_track_process|track_file|vrrp_track_file|bfd_instance)$/;
/** What people write for a comment and is none. */
const marks = /^(?:\/\/|\/\*|--|;)/;

/** Words after those that a keyword takes are passed over without a word. */
export const extraWords: Rule = {
  id: 'extra-words',
  severity: 'warning',
  title: 'words after a value are ignored',
  *check(director) {
    for (const placed of director.lines) {
      const { statement, keyword } = placed;
      const count = keyword === undefined ? undefined : takes(keyword);
      const first = count === undefined ? undefined : statement.args[count];
      if (keyword === undefined || first === undefined) continue;
      if (
        count === 0 &&
        keyword.args.kind === 'flag' &&
        /^(?:on|true|yes|1|false|no|off|0|disabled?|never)$/i.test(first.text)
      )
        continue;
      const mark = marks.exec(first.text)?.[0];
      const words = statement.args.slice(count).map(({ text }) => text);
      const taken = statement.args.slice(0, count).map(({ text }) => text);
      const fix = mark === undefined ? undefined : asComment(placed, first, mark, director);
      yield {
        at: toEnd(first, statement.args.at(-1) ?? first),
        message: isSecret(keyword.name)
          ? `what follows the first word of ${keyword.name} is ignored`
          : `'${words.join(' ')}' after ${[keyword.name, ...taken].join(' ')} is ignored`,
        hint: hint(keyword, mark),
        ...(fix === undefined ? {} : { fix }),
      };
    }
  },
};

function takes({ block, name, args }: Keyword): number | undefined {
  if (open.test(name)) return undefined;
  const own = most[`${block} ${name}`];
  if (own !== undefined) return own;
  switch (args.kind) {
    case 'flag':
      return 0;
    case 'boolean':
    case 'integer':
    case 'time':
    case 'one-of':
    case 'address':
    case 'interface':
    case 'text':
    case 'path':
      return 1;
    case 'block':
    case 'lines':
      // One that has no name at all is often given one for people to read.
      return named.test(name) && block === '(root)' ? 1 : undefined;
    default:
      return undefined;
  }
}

function hint({ name, args }: Keyword, mark: string | undefined): string {
  if (mark !== undefined) return "a comment begins with '#' or '!'";
  if (args.kind === 'text') return `put a value of several words into double quotes: ${name} "…"`;
  if (args.kind === 'time') return 'times have no unit: remove the words';
  return 'remove the words, or write them where they belong';
}

function toEnd(first: Word, last: Word): SourceSpan {
  return { ...first.span, endLine: last.span.endLine, endColumn: last.span.endColumn };
}

/** Nothing changes where the ignored words become a comment, if they are all that is left of the line. */
function asComment({ statement }: PlacedLine, first: Word, mark: string, director: Director): Fix | undefined {
  const source = director.sources.get(first.span.file);
  const last = (statement.args.at(-1) ?? first).span;
  if (source === undefined || statement.block !== undefined || mark === '/*') return undefined;
  if (
    lineText(source, last.endLine)
      .slice(last.endColumn - 1)
      .trim() !== ''
  )
    return undefined;
  const span = { ...first.span, endColumn: first.span.column + mark.length };
  return replaceText(source, span, '#', "write '#' for the comment");
}
