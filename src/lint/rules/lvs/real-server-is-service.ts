import type { VirtualServer } from '../../../config/index.ts';
import type { Director } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { nameOfServer, nameOfService, serversOf } from './objects.ts';

/** IPVS distributes a connection once: at an address of this director its own programs answer. */
export const realServerIsService: Rule = {
  id: 'real-server-is-service',
  severity: 'warning',
  title: 'a real server is a virtual server',
  *check(director) {
    const services = servicesOf(director);
    for (const { service, server } of serversOf(director)) {
      const port = server.port === 0 && service.key.kind === 'address' ? service.key.port : server.port;
      const same = services.get(`${service.protocol} ${server.address} ${String(port)}`);
      if (same === undefined) continue;
      yield {
        at: director.header(server),
        message:
          same === service
            ? `${nameOfServer(server)} of ${nameOfService(service)} is the service itself: it ends at this director's own programs`
            : `${nameOfServer(server)} of ${nameOfService(service)} is ${nameOfService(same)}: connections are not distributed a second time`,
        hint:
          same === service
            ? 'name the address of a server; for a program of this director use the address of its own'
            : 'name the servers of that service here',
        ...(same === service ? {} : { related: [{ span: director.header(same), message: 'the other service' }] }),
      };
    }
  },
};

function servicesOf({ config }: Director): ReadonlyMap<string, VirtualServer> {
  return new Map(
    config.lvs.virtualServers.flatMap((service) => {
      const { key, protocol } = service;
      return key.kind === 'address' ? [[`${protocol} ${key.address} ${String(key.port)}`, service] as const] : [];
    }),
  );
}
