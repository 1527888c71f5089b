import type { LvsConfig } from '../config/index.ts';
import { groupFinder, serviceKeys } from './desired.ts';
import { serviceId } from './identity.ts';

/**
 * The kernel services that a virtual server names but an earlier one has, by the index of the virtual server. The kernel has each
 * once, so the later one must leave it alone. Without groups there are none: the reader takes no address or mark twice.
 */
export function takenServices(config: LvsConfig): ReadonlyMap<number, ReadonlySet<string>> {
  const taken = new Map<number, Set<string>>();
  if (!config.virtualServers.some(({ key }) => key.kind === 'group')) return taken;
  const findGroup = groupFinder(config);
  const owners = new Map<string, number>();
  for (const [v, virtual] of config.virtualServers.entries())
    for (const id of serviceKeys(virtual, findGroup).map(serviceId)) {
      const owner = owners.get(id);
      if (owner === undefined) owners.set(id, v);
      else if (owner !== v) taken.set(v, (taken.get(v) ?? new Set()).add(id));
    }
  return taken;
}
