import type { NotifyScripts } from '../../../config/index.ts';
import type { Rule } from '../../rule.ts';

const scripts = {
  notify_master: 'notifyMaster',
  notify_backup: 'notifyBackup',
  notify_fault: 'notifyFault',
  notify_stop: 'notifyStop',
} as const satisfies Readonly<Record<string, keyof NotifyScripts>>;

/** Group and member each run their scripts, side by side: the same command runs several times at once. */
export const notifyTwice: Rule = {
  id: 'notify-twice',
  severity: 'warning',
  title: 'the same notify script in a sync group and in its member',
  *check(director) {
    const byName = new Map(director.config.vrrp.instances.map((instance) => [instance.name, instance]));
    for (const group of director.config.vrrp.syncGroups) {
      for (const member of group.group.flatMap((name) => byName.get(name) ?? [])) {
        for (const [keyword, property] of Object.entries(scripts)) {
          const command = member[property]?.argv.join(' ');
          if (command === undefined || command !== group[property]?.argv.join(' ')) continue;
          yield {
            at: director.at(member, keyword),
            message: `${keyword} of vrrp_instance ${member.name} is that of its vrrp_sync_group ${group.name}: it runs twice at the same time`,
            hint: 'keep it in the group only',
            related: [{ span: director.at(group, keyword), message: `vrrp_sync_group ${group.name}` }],
          };
        }
      }
    }
  },
};
