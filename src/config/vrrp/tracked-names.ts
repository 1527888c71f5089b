import type { SourceSpan } from '../../core/index.ts';
import { isDefinedBefore } from '../defined-before.ts';
import type { ConfigCode } from '../codes.ts';
import type { BfdInstance, TrackFile, TrackLists, VrrpScript, VrrpTrackProcess } from '../model/tracking.ts';
import type { TrackEntry } from '../model/values.ts';
import type { VrrpInstance, VrrpSyncGroup } from '../model/vrrp.ts';
import type { Findings } from '../read.ts';

/** What can be tracked by name. */
export interface Tracking {
  readonly scripts: readonly VrrpScript[];
  readonly trackProcesses: readonly VrrpTrackProcess[];
  readonly trackFiles: readonly TrackFile[];
  readonly bfdInstances: readonly BfdInstance[];
}

export function checkTracked(
  findings: Findings,
  instances: readonly VrrpInstance[],
  groups: readonly VrrpSyncGroup[],
  { scripts, trackProcesses, trackFiles, bfdInstances }: Tracking,
): void {
  const firstOf = (
    objects: readonly { readonly name: string; readonly span: SourceSpan }[],
  ): ReadonlyMap<string, SourceSpan> => new Map([...objects].reverse().map(({ name, span }) => [name, span]));
  const kinds: readonly {
    readonly list: keyof TrackLists;
    readonly code: ConfigCode;
    readonly keyword: string;
    readonly block: string;
    readonly known: ReadonlyMap<string, SourceSpan>;
  }[] = [
    {
      list: 'trackScript',
      code: 'unknown-script',
      keyword: 'track_script',
      block: 'vrrp_script',
      known: firstOf(scripts),
    },
    {
      list: 'trackFile',
      code: 'unknown-track-file',
      keyword: 'track_file',
      block: 'track_file',
      known: firstOf(trackFiles),
    },
    {
      list: 'trackProcess',
      code: 'unknown-track-process',
      keyword: 'track_process',
      block: 'vrrp_track_process',
      known: firstOf(trackProcesses),
    },
    {
      list: 'trackBfd',
      code: 'unknown-bfd',
      keyword: 'track_bfd',
      block: 'bfd_instance',
      known: firstOf(bfdInstances.filter(({ vrrp }) => vrrp)),
    },
  ];
  for (const object of [...instances, ...groups]) {
    for (const { list, code, keyword, block, known } of kinds) {
      for (const { name, span } of object[list]) {
        if (isDefinedBefore(known.get(name), span)) continue;
        const message = `${keyword} '${name}' of ${object.name} is not defined before it`;
        findings.error(code, span, message, `define '${block} ${name}' before it`);
      }
    }
  }
}

/** Members of a group have one priority order, so their own weights do not count; those of interfaces do, as in the reference. */
export function checkMemberWeights(
  findings: Findings,
  group: VrrpSyncGroup,
  member: VrrpInstance | undefined,
  tracking: Tracking,
): void {
  if (member === undefined) return;
  for (const { entry, what, effect } of weighted(member, tracking, 'moves the priority of that member alone'))
    findings.warning(
      'weight-in-group',
      entry.span,
      `${what} ${entry.name} tracked by vrrp_instance ${member.name}, a member of vrrp_sync_group ${group.name}, ${effect}`,
      "track it in the group, or add 'sync_group_tracking_weight' to the group",
    );
}

interface Weighted {
  readonly entry: TrackEntry;
  readonly what: string;
  readonly effect: string;
}

function weighted(
  instance: VrrpInstance,
  { scripts, trackFiles, bfdInstances }: Tracking,
  ofInterface: string,
): readonly Weighted[] {
  const pick = (
    entries: readonly TrackEntry[],
    objects: readonly { readonly name: string; readonly weight: number }[],
    what: string,
    effect: string,
  ): readonly Weighted[] => {
    const weightOf = new Map(objects.map(({ name, weight }) => [name, weight]));
    return entries
      .filter(({ name, weight }) => (weight ?? weightOf.get(name) ?? 0) !== 0)
      .map((entry) => ({ entry, what, effect }));
  };
  return [
    ...pick(instance.trackInterface, [], 'the weight of interface', ofInterface),
    ...pick(instance.trackScript, scripts, 'script', 'has a weight and is ignored'),
    ...pick(instance.trackFile, trackFiles, 'file', 'has a weight and is ignored'),
    ...pick(instance.trackBfd, bfdInstances, 'BFD session', 'has a weight and is ignored'),
  ];
}

/** The owner's priority does not change. */
export function checkOwnerWeights(findings: Findings, instances: readonly VrrpInstance[], tracking: Tracking): void {
  for (const instance of instances.filter(({ priority }) => priority === 255)) {
    for (const { entry, what, effect } of weighted(instance, tracking, 'is ignored'))
      findings.warning(
        'weight-of-owner',
        entry.span,
        `${what} ${entry.name} tracked by vrrp_instance ${instance.name}, which owns its addresses, ${effect}`,
        'the owner has priority 255 whatever is tracked: give a lower priority, or weight 0',
      );
  }
}
