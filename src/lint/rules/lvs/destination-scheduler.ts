import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

/** These choose by the destination address, for caches before which many addresses come by; a service has one. */
const byDestination: ReadonlyMap<string, 'warning' | 'info'> = new Map([
  ['dh', 'warning'],
  // They leave the server when it is overloaded, which is twice its weight in connections.
  ['lblc', 'info'],
  ['lblcr', 'info'],
]);

export const destinationScheduler: Rule = {
  id: 'destination-scheduler',
  severity: 'warning',
  title: 'a scheduler that chooses by destination where there is only one',
  *check(director) {
    for (const service of director.config.lvs.virtualServers) {
      const severity = byDestination.get(service.lbAlgo);
      if (severity === undefined || service.key.kind !== 'address') continue;
      if (service.realServers.filter(({ weight }) => weight > 0).length < 2) continue;
      const line = director.line(service, 'lb_algo') === undefined ? 'lvs_sched' : 'lb_algo';
      yield {
        at: director.at(service, line),
        severity,
        message: `'${line} ${service.lbAlgo}' of ${nameOfService(service)} chooses by the destination, of which there is one: one server gets all connections`,
        hint: `use '${line} sh' to keep clients at their servers, or '${line} wlc'`,
      };
    }
  },
};
