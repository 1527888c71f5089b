import type { Rule } from '../../rule.ts';
import { nameOfServer, nameOfService } from './objects.ts';

/** A hash goes on choosing a server of weight 0, whose clients are then refused. */
const fallbacks: Readonly<Record<string, string | undefined>> = {
  sh: 'sh-fallback',
  mh: 'mh-fallback',
  dh: undefined,
};

export const hashWithoutFallback: Rule = {
  id: 'hash-without-fallback',
  severity: 'warning',
  title: 'a hashing scheduler refuses the clients of a server that is inhibited',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      if (!(service.lbAlgo in fallbacks)) continue;
      const fallback = fallbacks[service.lbAlgo];
      if (fallback !== undefined && service.flags.includes(fallback)) continue;
      // Of one server alone there is nothing to fall back to.
      if (service.realServers.length < 2) continue;
      const server = service.realServers.find(
        ({ inhibitOnFailure, checkers }) => inhibitOnFailure && checkers.length > 0,
      );
      if (server === undefined) continue;
      const own = director.line(server, 'inhibit_on_failure') !== undefined;
      yield {
        at: director.at(own ? server : service, 'inhibit_on_failure'),
        message: `when ${nameOfServer(server)} of ${nameOfService(service)} fails, its clients are refused: 'lb_algo ${service.lbAlgo}' goes on choosing a server of weight 0`,
        hint:
          fallback === undefined
            ? 'leave inhibit_on_failure out'
            : `add '${fallback}' after lb_algo, or leave inhibit_on_failure out`,
      };
    }
  },
};
