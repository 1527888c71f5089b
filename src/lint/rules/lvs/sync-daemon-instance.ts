import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';

/** The instance decides which role the synchronisation has. */
export const syncDaemonInstance: Rule = {
  id: 'sync-daemon-instance',
  severity: 'error',
  title: 'lvs_sync_daemon names an instance that does not exist',
  *check(director) {
    const { global, vrrp } = director.config;
    const name = global.lvsSyncDaemon?.vrrpInstance;
    if (name === undefined || vrrp.instances.some((instance) => instance.name === name)) return;
    const line = director.linesOf('global_defs', 'lvs_sync_daemon').at(-1)?.statement;
    if (line === undefined) return;
    const [first] = vrrp.instances;
    yield {
      at: line.args.find(({ text }) => text === name)?.span ?? spanOf(line),
      message: `lvs_sync_daemon names vrrp_instance ${name}, which does not exist: no connections are synchronised`,
      hint:
        first === undefined
          ? 'define the instance, or name none: both roles run then'
          : `name one that exists: '${first.name}'`,
    };
  },
};
