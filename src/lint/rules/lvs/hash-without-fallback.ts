import type { Rule } from '../../rule.ts';
import { nameOfServer, nameOfService } from './objects.ts';

const fallbacks: ReadonlyMap<string, string | undefined> = new Map([
  ['sh', 'sh-fallback'],
  ['mh', 'mh-fallback'],
  ['dh', undefined],
]);

/** A hash goes on choosing a server whose weight has become 0, and its clients are refused. */
export const hashWithoutFallback: Rule = {
  id: 'hash-without-fallback',
  severity: 'warning',
  title: 'a hashing scheduler refuses the clients of a server of weight 0',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      const { lbAlgo, flags, realServers } = service;
      const fallback = fallbacks.get(lbAlgo);
      if (!fallbacks.has(lbAlgo) || (fallback !== undefined && flags.includes(fallback))) continue;
      // Where no other server takes connections there is nothing to fall back to.
      if (realServers.length < 2 || realServers.every(({ weight }) => weight === 0)) continue;
      const hint = fallback === undefined ? '' : `add '${fallback}' after lb_algo, or `;
      const failing = realServers.find(({ inhibitOnFailure, checkers }) => inhibitOnFailure && checkers.length > 0);
      if (failing !== undefined) {
        const own = director.line(failing, 'inhibit_on_failure') !== undefined;
        yield {
          at: director.at(own ? failing : service, 'inhibit_on_failure'),
          message: `when ${nameOfServer(failing)} of ${nameOfService(service)} fails, its clients are refused: 'lb_algo ${lbAlgo}' goes on choosing a server of weight 0`,
          hint: `${hint}leave inhibit_on_failure out`,
        };
      }
      // mh leaves a server out that has had weight 0 from the start.
      const drained = lbAlgo === 'sh' ? realServers.find(({ weight }) => weight === 0) : undefined;
      if (drained !== undefined)
        yield {
          at: director.at(drained, 'weight'),
          message: `${nameOfServer(drained)} of ${nameOfService(service)} has weight 0, but 'lb_algo sh' goes on choosing it, and its clients are refused`,
          hint: `${hint}take the server out of the file`,
        };
    }
  },
};
