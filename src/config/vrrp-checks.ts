import type { SourceSpan } from '../core/index.ts';
import type { TrackFile, VrrpInstance, VrrpScript, VrrpSyncGroup } from './model/vrrp.ts';
import type { Findings } from './read.ts';

/** Two virtual routers with one id on one interface cannot be told apart. */
export function checkVrids(findings: Findings, instances: readonly VrrpInstance[]): void {
  const seen = new Map<string, VrrpInstance>();
  for (const instance of instances) {
    const route =
      instance.unicastPeer.length > 0 ? `unicast ${instance.unicastSrcIp ?? ''}` : (instance.mcastDstIp ?? '');
    const key = `${instance.interface ?? ''} ${String(instance.virtualRouterId)} ${instance.family} ${route}`;
    const other = seen.get(key);
    if (other !== undefined) {
      const message = `vrrp_instance ${instance.name} has the virtual_router_id ${String(instance.virtualRouterId)} of ${other.name} on the same interface`;
      findings.error('duplicate-vrid', instance.span, message, 'give each its own');
    }
    seen.set(key, instance);
  }
}

export function checkGroups(
  findings: Findings,
  groups: readonly VrrpSyncGroup[],
  instances: readonly VrrpInstance[],
  scripts: readonly VrrpScript[],
): void {
  const byName = new Map(instances.map((instance) => [instance.name, instance]));
  const owner = new Map<string, string>();
  for (const group of groups) {
    if (group.group.length === 1) {
      findings.warning(
        'group-of-one',
        group.span,
        `vrrp_sync_group ${group.name} has one member only`,
        'a sync group keeps two or more instances together: add the others, or remove it',
      );
    }
    for (const member of group.group) {
      const first = owner.get(member);
      if (!byName.has(member)) {
        findings.error(
          'unknown-member',
          group.span,
          `vrrp_sync_group ${group.name} names vrrp_instance ${member}, which does not exist`,
          'names are case-sensitive',
        );
      } else if (first !== undefined) {
        findings.error(
          'member-of-two',
          group.span,
          `vrrp_instance ${member} is in vrrp_sync_group ${first} and ${group.name}`,
          'it stays in the first',
        );
      } else {
        owner.set(member, group.name);
        if (!group.syncGroupTrackingWeight) checkMemberWeights(findings, group, byName.get(member), scripts);
      }
    }
  }
}

/** The reference takes names only where they are already defined; across files the order of reading is not compared. */
function isDefinedBefore(definition: SourceSpan | undefined, use: SourceSpan | undefined): boolean {
  if (definition === undefined || use === undefined) return definition !== undefined;
  return definition.file !== use.file || definition.line <= use.line;
}

export function checkTracked(
  findings: Findings,
  instances: readonly VrrpInstance[],
  groups: readonly VrrpSyncGroup[],
  scripts: readonly VrrpScript[],
  files: readonly TrackFile[],
): void {
  const firstOf = (
    objects: readonly { readonly name: string; readonly span: SourceSpan }[],
  ): ReadonlyMap<string, SourceSpan> => new Map([...objects].reverse().map(({ name, span }) => [name, span]));
  const scriptSpans = firstOf(scripts);
  const fileSpans = firstOf(files);
  for (const object of [...instances, ...groups]) {
    for (const entry of object.trackScript) {
      if (!isDefinedBefore(scriptSpans.get(entry.name), entry.span))
        findings.error(
          'unknown-script',
          entry.span,
          `track_script '${entry.name}' of ${object.name} is not defined before it`,
          `define 'vrrp_script ${entry.name}' before it`,
        );
    }
    for (const entry of object.trackFile) {
      if (!isDefinedBefore(fileSpans.get(entry.name), entry.span))
        findings.error(
          'unknown-track-file',
          entry.span,
          `track_file '${entry.name}' of ${object.name} is not defined before it`,
          `define 'track_file ${entry.name}' before it`,
        );
    }
  }
}

/** Members of a group have one priority order, so their own weights do not count. */
function checkMemberWeights(
  findings: Findings,
  group: VrrpSyncGroup,
  member: VrrpInstance | undefined,
  scripts: readonly VrrpScript[],
): void {
  const weightOf = new Map(scripts.map(({ name, weight }) => [name, weight]));
  const weighted = [
    ...(member?.trackInterface ?? [])
      .filter(({ weight }) => weight !== undefined && weight !== 0)
      .map((entry) => ({ ...entry, what: 'the weight of interface', effect: 'is ignored' })),
    ...(member?.trackScript ?? [])
      .filter(({ name, weight }) => (weight ?? weightOf.get(name) ?? 0) !== 0)
      .map((entry) => ({ ...entry, what: 'script', effect: 'has a weight and is ignored' })),
  ];
  for (const { name, span, what, effect } of weighted)
    findings.warning(
      'weight-in-group',
      span,
      `${what} ${name} tracked by vrrp_instance ${member?.name ?? ''}, a member of vrrp_sync_group ${group.name}, ${effect}`,
      "track it in the group, or add 'sync_group_tracking_weight' to the group",
    );
}
