import type { VrrpInstance } from '../../../config/index.ts';
import type { Rule } from '../../rule.ts';

/** A group moves as one: the most hesitant member decides for all. */
export const groupDiffers: Rule = {
  id: 'group-differs',
  severity: 'warning',
  title: 'members of a sync group that are to behave differently',
  *check(director) {
    const byName = new Map(director.config.vrrp.instances.map((instance) => [instance.name, instance]));
    for (const group of director.config.vrrp.syncGroups) {
      const [first, ...others] = group.group.flatMap((name) => byName.get(name) ?? []);
      if (first === undefined) continue;
      for (const other of others) {
        const difference = differing(first, other);
        if (difference === undefined) continue;
        yield {
          at: director.at(other, difference.keyword),
          message: `vrrp_instance ${other.name} has ${difference.here}, and ${first.name} of the same vrrp_sync_group ${group.name} has ${difference.there}`,
          hint: 'a group changes its state as one: give its members the same',
          related: [{ span: director.at(first, difference.keyword), message: `vrrp_instance ${first.name}` }],
        };
      }
    }
  },
};

function differing(
  first: VrrpInstance,
  other: VrrpInstance,
): { readonly keyword: string; readonly here: string; readonly there: string } | undefined {
  if (first.state !== other.state)
    return { keyword: 'state', here: `'state ${other.state}'`, there: `'state ${first.state}'` };
  if ((first.priority === 255) !== (other.priority === 255))
    return { keyword: 'priority', here: `priority ${String(other.priority)}`, there: String(first.priority) };
  if (first.nopreempt !== other.nopreempt)
    return {
      keyword: 'nopreempt',
      here: other.nopreempt ? 'nopreempt' : 'no nopreempt',
      there: first.nopreempt ? 'it' : 'none',
    };
  return undefined;
}
