import type { RouteEntry, RuleEntry, TrackEntry, VrrpConfig, VrrpInstance } from '../config/index.ts';

/**
 * What a configuration means without saying it, as the reference was seen to take it: an instance is in fault while an
 * interface is down on which it puts an address, a route or a rule, whatever weight that is tracked with, and rules without a
 * preference are counted down.
 */
export function withImplied(vrrp: VrrpConfig): VrrpConfig {
  const preference = countDown();
  const staticRules = vrrp.staticRules.map(preference);
  const instances = vrrp.instances.map((instance) => ({
    ...instance,
    virtualRules: instance.virtualRules.map(preference),
  }));
  const all = { ...vrrp, instances, staticRules };
  return { ...all, instances: instances.map((instance) => withImpliedInterfaces(all, instance)) };
}

/** The first rule without a preference gets it, the next one less. */
const firstPreference = 16_384;

function countDown(): (rule: RuleEntry) => RuleEntry {
  let next = firstPreference;
  return (rule) => (rule.preference === undefined ? { ...rule, preference: Math.max(1, next--) } : rule);
}

function withImpliedInterfaces(vrrp: VrrpConfig, instance: VrrpInstance): VrrpInstance {
  const tracked = new Map(instance.trackInterface.map((entry) => [entry.name, entry]));
  for (const { name, span } of [...ownInterfaces(instance), ...staticInterfaces(vrrp, instance.name)]) {
    // Its own is watched anyway, or not with dont_track_primary.
    const explicit = tracked.get(name);
    if (name === instance.interface || (explicit !== undefined && (explicit.weight ?? 0) === 0)) continue;
    // A weight that the file gives does not count.
    tracked.set(name, { name, span, weight: 0 });
  }
  return { ...instance, trackInterface: [...tracked.values()] };
}

type Named = Pick<TrackEntry, 'name' | 'span'>;

function ownInterfaces(instance: VrrpInstance): readonly Named[] {
  const { virtualIpaddress, virtualIpaddressExcluded, virtualRoutes, virtualRules } = instance;
  return [
    ...[...virtualIpaddress, ...virtualIpaddressExcluded].flatMap((entry) =>
      entry.noTrack === true ? [] : named(entry.dev, entry),
    ),
    ...virtualRoutes.flatMap((entry) => (entry.noTrack ? [] : named(entry.dev, entry))),
    ...virtualRules.flatMap((entry) => (entry.noTrack ? [] : named(entry.iif, entry))),
  ];
}

/** Those of static addresses, routes and rules whose track_group the instance is in. */
function staticInterfaces(vrrp: VrrpConfig, instance: string): readonly Named[] {
  const groups = new Set(vrrp.trackGroups.filter(({ group }) => group.includes(instance)).map(({ name }) => name));
  const ofGroup = <T extends { readonly trackGroup?: string }>(entries: readonly T[]): readonly T[] =>
    entries.filter(({ trackGroup }) => trackGroup !== undefined && groups.has(trackGroup));
  return [
    ...ofGroup(vrrp.staticIpaddress).flatMap((entry) => named(entry.dev, entry)),
    ...ofGroup(vrrp.staticRoutes).flatMap((entry) => named(entry.dev, entry)),
    ...ofGroup(vrrp.staticRules).flatMap((entry) => named(entry.iif, entry)),
  ];
}

function named(name: string | undefined, { span }: Pick<RouteEntry, 'span'>): readonly Named[] {
  return name === undefined ? [] : [{ name, span }];
}
