import type { Checker } from '../../../config/index.ts';
import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

/** keepalived tells a MISC_CHECK's program nothing about its server: the words of the command must. */
export const sameCheckForAll: Rule = {
  id: 'same-check-for-all',
  severity: 'warning',
  title: 'one command checks all real servers of a service',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      const seen = new Map<string, Checker>();
      for (const server of service.realServers)
        for (const check of server.checkers) {
          if (check.type !== 'MISC_CHECK') continue;
          const command = JSON.stringify(check.miscPath);
          const first = seen.get(command);
          if (first === undefined) {
            seen.set(command, check);
            continue;
          }
          yield {
            at: director.at(check, 'misc_path'),
            message: `'${check.miscPath.argv.join(' ')}' checks several servers of ${nameOfService(service)} and does not say which: all go up and down together`,
            hint: `give the server's address as an argument: misc_path "${check.miscPath.argv.join(' ')} ${server.address}"`,
            related: [{ span: director.at(first, 'misc_path'), message: 'the first' }],
          };
        }
    }
  },
};
