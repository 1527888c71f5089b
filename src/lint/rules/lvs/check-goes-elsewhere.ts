import type { RealServer, VirtualServer } from '../../../config/index.ts';
import type { Rule } from '../../rule.ts';
import { connectionsOf, nameOfServer, nameOfService } from './objects.ts';

/** A check that asks another server says nothing about its own. */
export const checkGoesElsewhere: Rule = {
  id: 'check-goes-elsewhere',
  severity: 'warning',
  title: 'a check asks another server than its own',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      const byAddress = new Map(service.realServers.map((server) => [server.address, server]));
      for (const server of service.realServers)
        for (const check of server.checkers) {
          const where = connectionsOf(check)
            .filter(({ connectIp }) => connectIp !== server.address)
            .map(({ connectIp }) => elsewhere(service, byAddress.get(connectIp), connectIp))
            .find((one) => one !== undefined);
          if (where === undefined) continue;
          yield {
            at: director.at(check, 'connect_ip'),
            message: `${check.type} of ${nameOfServer(server)} asks ${where}`,
            hint: `write 'connect_ip ${server.address}', or leave it out`,
          };
        }
    }
  },
};

function elsewhere(service: VirtualServer, other: RealServer | undefined, address: string): string | undefined {
  if (other !== undefined) return `${address}, which is ${nameOfServer(other)}`;
  // A mark on the check's packets may bring them to the server itself.
  if (service.key.kind === 'address' && service.key.address === address) return `${nameOfService(service)} itself`;
  return undefined;
}
