import type { Director } from '../../director.ts';
import type { InstancePair } from '../../peers.ts';

/** The group that each instance is in, by the instance's name. */
export function groupsOf({ config }: Director): ReadonlyMap<string, string> {
  return new Map(config.vrrp.syncGroups.flatMap((group) => group.group.map((name) => [name, group.name] as const)));
}

export function pairsByGroup(
  pairs: readonly InstancePair[],
  groupOf: (pair: InstancePair) => string | undefined,
): ReadonlyMap<string, readonly InstancePair[]> {
  const found = new Map<string, InstancePair[]>();
  for (const pair of pairs) {
    const group = groupOf(pair);
    if (group === undefined) continue;
    const list = found.get(group);
    if (list === undefined) found.set(group, [pair]);
    else list.push(pair);
  }
  return found;
}
