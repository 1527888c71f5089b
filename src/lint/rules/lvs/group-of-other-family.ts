import { ipFamily } from '../../../core/index.ts';
import type { Rule } from '../../rule.ts';
import { nameOfServer, nameOfService } from './objects.ts';

/** Only a tunnel carries one family in the other; keepalived compares addresses of groups with nothing. */
export const groupOfOtherFamily: Rule = {
  id: 'group-of-other-family',
  severity: 'error',
  title: 'a group has addresses of another family than the real servers',
  *check(director) {
    const groups = new Map(director.config.lvs.groups.map((group) => [group.name, group]));
    for (const service of director.config.lvs.virtualServers) {
      const group = service.key.kind === 'group' ? groups.get(service.key.group) : undefined;
      if (group === undefined) continue;
      const byFamily = new Map(
        group.entries.flatMap((entry) =>
          entry.kind === 'range' ? [[ipFamily(entry.first), entry.first] as const] : [],
        ),
      );
      for (const server of service.realServers) {
        if (server.forwarding.lbKind === 'TUN') continue;
        const other = [...byFamily].find(([family]) => family !== ipFamily(server.address));
        if (other === undefined) continue;
        yield {
          at: director.header(server),
          message: `${nameOfServer(server)} of ${nameOfService(service)} is of another family than ${other[1]} in virtual_server_group ${group.name}`,
          hint: 'make a group and a virtual_server for each family, or reach the servers by TUN',
          related: [{ span: director.header(group), message: 'the group' }],
        };
        // The others of this service are mostly the same.
        break;
      }
    }
  },
};
