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
  if ([instance, ...(group === undefined ? [] : [group.lists])].some(({ trackFile }) => trackFile.length > 0))
    return undefined;
  const entries = new Map<string, Weighed & { readonly reverse: boolean }>();
  const take = (lists: Lists, counts: (what: string, weight: number) => boolean): void => {
    for (const { what, entry } of entriesOf(lists)) {
      const definition = of.get(what)?.get(entry.name);
      const weight = entry.weight ?? definition?.weight ?? 0;
      const reverse = entry.reverse ?? definition?.reverse ?? false;
      const key = `${what} ${entry.name}`;
      if (counts(what, weight) && entries.get(key)?.weight !== 0) entries.set(key, { what, entry, weight, reverse });
    }
  };
  // As the engine has it: in a group the weights of members do not count, but for sync_group_tracking_weight and some kinds.
  const all = group === undefined || group.memberWeights;
  take(instance, (what, weight) => all || weight === 0 || what === 'interface' || what === 'process');
  if (group !== undefined) take(group.lists, () => true);
  for (const name of interfacesOf(instance)) entries.delete(`interface ${name}`);
  const found = [...entries.values()].filter(({ weight }) => weight !== 0);
  return found.some(({ reverse }) => reverse) ? undefined : found;
}

function entriesOf({ trackScript, trackInterface, trackProcess, trackBfd }: Lists) {
  return [
    ...trackScript.map((entry) => ({ what: 'script', entry })),
    ...trackInterface.map((entry) => ({ what: 'interface', entry })),
    ...trackProcess.map((entry) => ({ what: 'process', entry })),
    ...trackBfd.map((entry) => ({ what: 'bfd', entry })),
  ];
}

/** Its own, and those of its addresses, are a fault when they are down, whatever weight they are tracked with. */
function interfacesOf({ interface: own, virtualIpaddress, virtualIpaddressExcluded }: VrrpInstance): readonly string[] {
  const addresses = [...virtualIpaddress, ...virtualIpaddressExcluded].filter(({ noTrack }) => noTrack !== true);
  return [own, ...addresses.map(({ dev }) => dev)].filter((name) => name !== undefined);
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
