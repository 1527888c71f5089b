import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

/** Kernel documentation, ipvs-sysctl: what a backup is not told it must take up in the middle. */
export const syncPersistMode: Rule = {
  id: 'sync-persist-mode',
  severity: 'warning',
  title: 'connections that are not synchronised cannot be taken up either',
  *check(director) {
    const { config, facts } = director;
    const mode = facts?.sysctls?.['net.ipv4.vs.sync_persist_mode'];
    if (config.global.lvsSyncDaemon === undefined || mode === undefined || mode === '0') return;
    if (facts?.sysctls?.['net.ipv4.vs.sloppy_tcp'] !== '0') return;
    const service = config.lvs.virtualServers.find(
      ({ protocol, persistenceTimeoutSecs }) => protocol === 'TCP' && persistenceTimeoutSecs !== undefined,
    );
    if (service === undefined) return;
    yield {
      at: director.at(service, 'persistence_timeout'),
      message: `connections of ${nameOfService(service)} break at a takeover: net.ipv4.vs.sync_persist_mode is ${mode}, so that they are not synchronised, and net.ipv4.vs.sloppy_tcp is 0`,
      hint: 'set net.ipv4.vs.sloppy_tcp = 1 on all directors, or net.ipv4.vs.sync_persist_mode = 0',
    };
  },
};
