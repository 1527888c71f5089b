import { ipToBytes, type IpAddress, type SourceSpan } from '../../../core/index.ts';
import type { Report, Rule } from '../../rule.ts';
import { nameOfServer, nameOfService, nameOfSorryServer } from './objects.ts';

/** The kernel takes a server only at the address of a single host. */
export const unusableServer: Rule = {
  id: 'unusable-server',
  severity: 'error',
  title: 'a server whose address is not that of a host',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      const ofService = `of ${nameOfService(service)}`;
      const { sorryServer } = service;
      if (sorryServer !== undefined)
        yield* judge(
          sorryServer.address,
          `${nameOfSorryServer(sorryServer)} ${ofService}`,
          director.at(service, 'sorry_server'),
        );
      for (const server of service.realServers)
        if (kindOf(server.address) !== undefined)
          yield* judge(server.address, `${nameOfServer(server)} ${ofService}`, director.header(server));
    }
  },
};

function* judge(address: IpAddress, name: string, at: SourceSpan): Iterable<Report> {
  const kind = kindOf(address);
  if (kind === undefined) return;
  yield {
    at,
    message: `${name} has ${kind} as its address: the kernel refuses it`,
    hint: 'name the address of a host',
  };
}

function kindOf(address: IpAddress): string | undefined {
  const bytes = ipToBytes(address);
  const [first = 0] = bytes;
  if (bytes.every((byte) => byte === 0)) return 'no address';
  if (bytes.length === 16) return first === 0xff ? 'a multicast group' : undefined;
  if (first >= 240) return bytes.every((byte) => byte === 255) ? 'the broadcast address' : undefined;
  return first >= 224 ? 'a multicast group' : undefined;
}
