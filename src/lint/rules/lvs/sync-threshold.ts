import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';

const [threshold, refresh] = ['net.ipv4.vs.sync_threshold', 'net.ipv4.vs.sync_refresh_period'];

/** Kernel documentation, ipvs-sysctl: which packets of a connection make a message to the other director. */
export const syncThreshold: Rule = {
  id: 'sync-threshold',
  severity: 'warning',
  title: 'long connections vanish from the other director',
  *check(director) {
    const { config, facts } = director;
    if (config.global.lvsSyncDaemon === undefined) return;
    const line = director.linesOf('global_defs', 'lvs_sync_daemon').at(-1)?.statement;
    const [first, period] = (facts?.sysctls?.[threshold] ?? '').split(/\s+/).map(Number);
    if (line === undefined || period !== 0 || facts?.sysctls?.[refresh] !== '0') return;
    yield {
      at: spanOf(line),
      message: `a connection is synchronised after ${String(first)} packets and then not again before its state changes: ${threshold} is '${String(first)} 0' and ${refresh} is 0`,
      hint: `set ${refresh} to some seconds (15, for example), or the second number of ${threshold} to 50, the kernel's default`,
    };
  },
};
