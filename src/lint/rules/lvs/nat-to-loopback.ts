import type { IpAddress } from '../../../core/index.ts';
import type { Rule } from '../../rule.ts';
import { nameOfServer, nameOfService, nameOfSorryServer } from './objects.ts';

/** The kernel drops what comes from outside and would be translated to a loopback address; DR delivers it to the director itself. */
export const natToLoopback: Rule = {
  id: 'nat-to-loopback',
  severity: 'error',
  title: 'NAT to a loopback address',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      // A service that is on the loopback interface itself is for this host only.
      if (service.key.kind === 'address' && isLoopback(service.key.address)) continue;
      const sorry = service.sorryServer;
      if (sorry?.forwarding.lbKind === 'NAT' && isLoopback(sorry.address))
        yield {
          at: director.at(service, 'sorry_server'),
          message: `${nameOfSorryServer(sorry)} of ${nameOfService(service)} is reached by NAT: the kernel drops packets from outside for a loopback address`,
          hint: "name an address of this director, or write 'sorry_server_lvs_method DR' after it",
        };
      for (const server of service.realServers)
        if (server.forwarding.lbKind === 'NAT' && isLoopback(server.address))
          yield {
            at: director.header(server),
            message: `${nameOfServer(server)} of ${nameOfService(service)} is reached by NAT: the kernel drops packets from outside for a loopback address`,
            hint: "name an address of this director, or write 'lvs_method DR' in it",
          };
    }
  },
};

function isLoopback(address: IpAddress): boolean {
  return address.startsWith('127.') || address === '::1';
}
