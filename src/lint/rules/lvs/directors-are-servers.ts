import type { IpAddress } from '../../../core/index.ts';
import type { Director } from '../../director.ts';
import { hostAddresses } from '../../facts.ts';
import type { Rule } from '../../rule.ts';
import { nameOfServer, nameOfService } from './objects.ts';

/** The backup's IPVS distributes what the master has sent to it as a server: kernel documentation, ipvs-sysctl, backup_only. */
export const directorsAreServers: Rule = {
  id: 'directors-are-servers',
  severity: 'warning',
  title: 'two directors are real servers of each other with DR or TUN',
  *check(director) {
    if ((director.facts?.sysctls?.['net.ipv4.vs.backup_only'] ?? '0') !== '0') return;
    const own = ownAddresses(director);
    const peers = new Set(
      director.config.vrrp.instances.flatMap(({ unicastPeer }) => unicastPeer.map(({ address }) => address)),
    );
    for (const service of director.config.lvs.virtualServers) {
      // Marking only what did not come from the other director is the known way out.
      if (service.key.kind === 'fwmark') continue;
      const servers = service.realServers.filter(({ forwarding }) => forwarding.lbKind !== 'NAT');
      const mine = servers.find(({ address }) => own.has(address));
      const theirs = servers.find(({ address }) => peers.has(address));
      if (mine === undefined || theirs === undefined) continue;
      yield {
        at: director.header(theirs),
        message: `${nameOfServer(theirs)} of ${nameOfService(service)} is the other director, which distributes what it gets again: packets can go to and fro`,
        hint: 'mark packets that do not come from the other director and write virtual_server fwmark; or use lvs_sync_daemon and net.ipv4.vs.backup_only = 1',
        related: [{ span: director.header(mine), message: 'this director' }],
      };
    }
  },
};

function ownAddresses({ config, facts }: Director): ReadonlySet<IpAddress> {
  const sources = config.vrrp.instances.flatMap(({ unicastSrcIp }) =>
    unicastSrcIp === undefined ? [] : [unicastSrcIp],
  );
  return new Set([...sources, ...hostAddresses(facts).map(({ address }) => address)]);
}
