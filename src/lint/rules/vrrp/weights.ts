import type { TrackEntry, VrrpInstance } from '../../../config/index.ts';
import type { Director } from '../../director.ts';

/** Something tracked whose failure changes the priority of an instance. */
export interface Weighed {
  readonly what: string;
  readonly entry: TrackEntry;
  /** Above 0: added while all is well. Below: taken off on failure. */
  readonly weight: number;
}

interface Sources {
  readonly of: ReadonlyMap<string, ReadonlyMap<string, Weight>>;
  readonly groups: ReadonlyMap<string, { readonly lists: Lists; readonly memberWeights: boolean }>;
}

interface Weight {
  readonly weight: number;
  readonly reverse: boolean;
}

type Lists = Pick<VrrpInstance, 'trackInterface' | 'trackScript' | 'trackProcess' | 'trackBfd' | 'trackFile'>;

/**
 * What weighs in each instance, what its group tracks included, for all instances at once. Undefined for an instance whose
 * priority can also rise by a failure (`reverse`) or by any number (a file).
 */
export function weighedOf({ config }: Director): ReadonlyMap<VrrpInstance, readonly Weighed[] | undefined> {
  const { instances, syncGroups, scripts, trackProcesses } = config.vrrp;
  const sources: Sources = {
    of: new Map<string, ReadonlyMap<string, Weight>>([
      ['script', new Map(scripts.map((one) => [one.name, one]))],
      ['process', new Map(trackProcesses.map((one) => [one.name, one]))],
      ['bfd', new Map(config.bfdInstances.map((one) => [one.name, one]))],
    ]),
    groups: new Map(
      syncGroups.flatMap((group) =>
        group.group.map((name) => [name, { lists: group, memberWeights: group.syncGroupTrackingWeight }] as const),
      ),
    ),
  };
  return new Map(instances.map((instance) => [instance, weighed(instance, sources)]));
}

function weighed(instance: VrrpInstance, { of, groups }: Sources): readonly Weighed[] | undefined {
  const group = groups.get(instance.name);
  // Members' own weights do not count in a group, but for sync_group_tracking_weight.
  const lists = [
    ...(group === undefined || group.memberWeights ? [instance] : []),
    ...(group === undefined ? [] : [group.lists]),
  ];
  if (lists.some(({ trackFile }) => trackFile.length > 0)) return undefined;
  const all = lists.flatMap(({ trackScript, trackInterface, trackProcess, trackBfd }) => [
    ...trackScript.map((entry) => ({ what: 'script', entry })),
    ...trackInterface.map((entry) => ({ what: 'interface', entry })),
    ...trackProcess.map((entry) => ({ what: 'process', entry })),
    ...trackBfd.map((entry) => ({ what: 'bfd', entry })),
  ]);
  const found: Weighed[] = [];
  for (const { what, entry } of all) {
    const definition = of.get(what)?.get(entry.name);
    const weight = entry.weight ?? definition?.weight ?? 0;
    if (weight === 0) continue;
    if (entry.reverse ?? definition?.reverse ?? false) return undefined;
    found.push({ what, entry, weight });
  }
  return found;
}

/** The priority while all is well, as it is sent. */
export function priorityWhenWell(instance: VrrpInstance, all: readonly Weighed[]): number {
  return clamp(instance.priority + added(all));
}

/** The priority when one of what weighs fails. */
export function priorityWithout(instance: VrrpInstance, all: readonly Weighed[], failed: Weighed): number {
  return clamp(instance.priority + added(all) - Math.abs(failed.weight));
}

function added(all: readonly Weighed[]): number {
  return all.reduce((sum, { weight }) => sum + Math.max(0, weight), 0);
}

function clamp(priority: number): number {
  return Math.min(254, Math.max(1, priority));
}
