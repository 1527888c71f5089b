import type { VrrpInstance } from '../config/index.ts';
import type { Director } from './director.ts';

export interface InstancePair {
  readonly mine: VrrpInstance;
  readonly theirs: VrrpInstance;
}

/**
 * The instances of two directors that are one virtual router: those with the same id and family; of several such the one of the
 * same name, else of the same interface, else the first that is left.
 */
export function pairsOf(director: Director, peer: Director): readonly InstancePair[] {
  const left = new Set(peer.config.vrrp.instances);
  const pairs: InstancePair[] = [];
  for (const mine of director.config.vrrp.instances) {
    const candidates = [...left].filter(
      (theirs) => theirs.virtualRouterId === mine.virtualRouterId && theirs.family === mine.family,
    );
    const theirs =
      candidates.find(({ name }) => name === mine.name) ??
      candidates.find((candidate) => candidate.interface === mine.interface) ??
      candidates[0];
    if (theirs === undefined) continue;
    left.delete(theirs);
    pairs.push({ mine, theirs });
  }
  return pairs;
}

/** The instances that have no counterpart on the other director. */
export function unpaired(director: Director, peer: Director): readonly VrrpInstance[] {
  const paired = new Set(pairsOf(director, peer).map(({ mine }) => mine));
  return director.config.vrrp.instances.filter((instance) => !paired.has(instance));
}
