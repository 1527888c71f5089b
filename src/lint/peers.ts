import type { VrrpInstance } from '../config/index.ts';
import type { Director } from './director.ts';

export interface InstancePair {
  readonly mine: VrrpInstance;
  readonly theirs: VrrpInstance;
}

const known = new WeakMap<Director, WeakMap<Director, readonly InstancePair[]>>();

/**
 * The instances of two directors that are one virtual router: those with the same id and family; of several such those of one
 * name, then those of one interface, then what is left in its order.
 */
export function pairsOf(director: Director, peer: Director): readonly InstancePair[] {
  const before = known.get(director)?.get(peer);
  if (before !== undefined) return before;
  const partners = new Map<VrrpInstance, VrrpInstance>();
  const taken = new Set<VrrpInstance>();
  for (const keyOf of [byName, byInterface, byRouter]) {
    const left = new Map<string, VrrpInstance[]>();
    for (const theirs of [...peer.config.vrrp.instances].reverse())
      if (!taken.has(theirs)) append(left, keyOf(theirs), theirs);
    for (const mine of director.config.vrrp.instances) {
      const theirs = partners.has(mine) ? undefined : left.get(keyOf(mine))?.pop();
      if (theirs === undefined) continue;
      partners.set(mine, theirs);
      taken.add(theirs);
    }
  }
  const pairs = director.config.vrrp.instances.flatMap((mine): readonly InstancePair[] => {
    const theirs = partners.get(mine);
    return theirs === undefined ? [] : [{ mine, theirs }];
  });
  const ofDirector = known.get(director) ?? new WeakMap<Director, readonly InstancePair[]>();
  known.set(director, ofDirector.set(peer, pairs));
  return pairs;
}

/** The instances that have no counterpart on the other director. */
export function unpaired(director: Director, peer: Director): readonly VrrpInstance[] {
  const paired = new Set(pairsOf(director, peer).map(({ mine }) => mine));
  return director.config.vrrp.instances.filter((instance) => !paired.has(instance));
}

function byRouter({ virtualRouterId, family }: VrrpInstance): string {
  return `${String(virtualRouterId)} ${family}`;
}

function byName(instance: VrrpInstance): string {
  return `${byRouter(instance)} ${instance.name}`;
}

function byInterface(instance: VrrpInstance): string {
  return `${byRouter(instance)} ${instance.interface ?? ''}`;
}

function append(lists: Map<string, VrrpInstance[]>, key: string, instance: VrrpInstance): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [instance]);
  else list.push(instance);
}
