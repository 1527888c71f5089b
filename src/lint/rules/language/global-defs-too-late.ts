import type { SourceSpan } from '../../../core/index.ts';
import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';

/** What an instance takes over when its block begins. */
const copied: ReadonlySet<string> = new Set([
  'vrrp_garp_master_delay',
  'vrrp_garp_master_repeat',
  'vrrp_garp_master_refresh',
  'vrrp_garp_master_refresh_repeat',
  'vrrp_skip_check_adv_addr',
  'vrrp_down_timer_adverts',
]);

/** The first start knows all of global_defs before; a reload reads the file from its beginning. */
export const globalDefsTooLate: Rule = {
  id: 'global-defs-too-late',
  severity: 'warning',
  title: 'a default of global_defs stands after an instance that should have it',
  *check(director) {
    let instance: { readonly span: SourceSpan; readonly name: string } | undefined;
    for (const { statement, block } of director.lines) {
      if (block === '(root)' && statement.keyword.text === 'vrrp_instance' && statement.block !== undefined)
        instance ??= { span: spanOf(statement), name: statement.args[0]?.text ?? '' };
      if (block !== 'global_defs' || instance === undefined || !copied.has(statement.keyword.text)) continue;
      yield {
        at: spanOf(statement),
        message: `${statement.keyword.text} stands after vrrp_instance ${instance.name}, which has it from a start until the first reload only`,
        hint: 'move global_defs to the top of the file',
        related: [{ span: instance.span, message: 'the instance' }],
      };
    }
  },
};
