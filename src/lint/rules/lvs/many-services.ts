import { ipToBytes, type IpAddress } from '../../../core/index.ts';
import type { GroupEntry } from '../../../config/index.ts';
import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

const most = 1024;

/** Each address of a group is a service of its own in the kernel, each with all real servers. */
export const manyServices: Rule = {
  id: 'many-services',
  severity: 'warning',
  title: 'a group of more addresses than the kernel should have services',
  *check(director) {
    const sizes = new Map(
      director.config.lvs.groups.map(({ name, entries }) => [
        name,
        entries.reduce((sum, entry) => sum + sizeOf(entry), 0),
      ]),
    );
    for (const service of director.config.lvs.virtualServers) {
      const size = service.key.kind === 'group' ? (sizes.get(service.key.group) ?? 0) : 0;
      if (size <= most) continue;
      yield {
        at: director.header(service),
        message: `${nameOfService(service)} makes ${String(size)} services with ${String(size * service.realServers.length)} real servers in the kernel`,
        hint: 'mark the packets with nftables or iptables, and write one virtual_server fwmark',
      };
    }
  },
};

function sizeOf(entry: GroupEntry): number {
  return entry.kind === 'fwmark' ? 1 : Number(numberOf(entry.last) - numberOf(entry.first)) + 1;
}

function numberOf(address: IpAddress): bigint {
  return ipToBytes(address).reduce((number, byte) => number * 256n + BigInt(byte), 0n);
}
