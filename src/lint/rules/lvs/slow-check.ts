import type { Checker } from '../../../config/index.ts';
import type { Rule } from '../../rule.ts';
import { nameOfServer, nameOfService } from './objects.ts';

const slowMs = 120_000;

/** How long a dead server can go on getting connections. */
export const slowCheck: Rule = {
  id: 'slow-check',
  severity: 'info',
  title: 'a dead server is noticed only after minutes',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      let worst: { readonly server: (typeof service.realServers)[number]; readonly ms: number } | undefined;
      for (const server of service.realServers) {
        // A server is down as soon as one of its checks is.
        const ms = Math.min(...server.checkers.map(noticedAfterMs));
        if (Number.isFinite(ms) && ms >= slowMs && (worst === undefined || ms > worst.ms)) worst = { server, ms };
      }
      if (worst === undefined) continue;
      yield {
        at: director.at(service, 'delay_loop'),
        message: `${nameOfServer(worst.server)} of ${nameOfService(service)} can be dead for ${String(Math.round(worst.ms / 1000))} s until it is noticed`,
        hint: 'delay_loop, then connect_timeout and delay_before_retry for each retry: make them shorter (delay_loop 6)',
      };
    }
  },
};

function noticedAfterMs(check: Checker): number {
  if (check.type === 'FILE_CHECK' || check.type === 'BFD_CHECK') return 0;
  const tryMs = check.type === 'MISC_CHECK' ? check.miscTimeoutMs : check.connectTimeoutMs;
  return check.delayLoopMs + tryMs + check.retry * (check.delayBeforeRetryMs + tryMs);
}
