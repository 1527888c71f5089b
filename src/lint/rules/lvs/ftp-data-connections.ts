import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

/** ipvsadm(8), --persistent: with DR and TUN the data connections of FTP need a persistent service that they are part of. */
export const ftpDataConnections: Rule = {
  id: 'ftp-data-connections',
  severity: 'warning',
  title: 'an FTP service that the data connections are not part of',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      const { key } = service;
      if (key.kind !== 'address' || key.port !== 21 || service.protocol !== 'TCP') continue;
      const server = service.realServers.find(({ forwarding }) => forwarding.lbKind !== 'NAT');
      if (server === undefined) continue;
      yield {
        at: director.header(service),
        message: `${nameOfService(service)} is for port 21 only: with ${server.forwarding.lbKind} the data connections of FTP, at other ports, do not reach its servers`,
        hint: "mark ports 21 and those of the data connections and write 'virtual_server fwmark' with persistence_timeout, or use NAT with the module ip_vs_ftp",
      };
    }
  },
};
