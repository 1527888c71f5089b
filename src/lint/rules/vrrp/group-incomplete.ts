import type { Rule } from '../../rule.ts';

/** What leaves MASTER alone while others are kept together. */
export const groupIncomplete: Rule = {
  id: 'group-incomplete',
  severity: 'info',
  title: 'an instance outside of the sync groups of the others',
  *check(director) {
    const { instances, syncGroups } = director.config.vrrp;
    const names = new Set(instances.map(({ name }) => name));
    const group = syncGroups.find((one) => one.group.filter((name) => names.has(name)).length > 1);
    if (group === undefined) return;
    const members = new Set(syncGroups.flatMap((one) => one.group));
    for (const instance of instances) {
      if (members.has(instance.name)) continue;
      yield {
        at: director.header(instance),
        message: `vrrp_instance ${instance.name} is in no sync group, and others are`,
        hint: `it fails over alone: add it to vrrp_sync_group ${group.name} where its addresses are of use only together with theirs`,
      };
    }
  },
};
