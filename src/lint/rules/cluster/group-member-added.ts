import type { ChangeRule } from '../../rule.ts';

/** keepalived begins a new instance as BACKUP, and takes the whole group there with it. */
export const groupMemberAdded: ChangeRule = {
  id: 'group-member-added',
  severity: 'warning',
  title: 'a new member takes a sync group out of MASTER at reload',
  *change(director, previous) {
    const before = new Map(previous.config.vrrp.syncGroups.map((group) => [group.name, group]));
    const ran = new Set(previous.config.vrrp.instances.map(({ name }) => name));
    const runs = new Set(director.config.vrrp.instances.map(({ name }) => name));
    for (const group of director.config.vrrp.syncGroups) {
      const then = before.get(group.name);
      const added = group.group.filter((name) => runs.has(name) && !ran.has(name));
      const [first] = added;
      if (first === undefined || then?.group.some((name) => ran.has(name)) !== true) continue;
      yield {
        at: director.header(group),
        message: `vrrp_instance ${first} is new in vrrp_sync_group ${group.name}: with keepalived the whole group leaves MASTER at reload, and its addresses are away for seconds`,
        hint: 'reload the BACKUP first, then this one while the other is MASTER; Watchkeeper keeps the group where it is',
        related: [{ span: previous.header(then), message: 'as it runs now' }],
      };
    }
  },
};
