import type { TrackEntry, TrackLists } from '../config/index.ts';
import type { Diagnostic } from '../core/index.ts';
import type { EngineConfig } from '../vrrp/index.ts';
import { configsOf, findDirector, instancesOf, type DirectorSetup } from './directors.ts';
import type { NameUse, Script } from './script.ts';
import { interfacesOf } from './wire.ts';

/** Tells the names of a script that nothing has, each with what there is instead. */
export function checkNames(
  script: Script,
  setups: readonly DirectorSetup[],
  links: readonly string[],
): readonly Diagnostic[] {
  return script.names.flatMap((use): readonly Diagnostic[] => {
    const there = known(use, setups, links);
    const found = use.kind === 'director' ? findDirector(setups, use.name) !== undefined : there.includes(use.name);
    if (found) return [];
    const whose = use.director === undefined ? '' : ` of ${use.director}`;
    const message = tracked.has(use.kind)
      ? `no instance${whose} tracks a ${use.kind} '${use.name}'`
      : `there is no ${use.kind} '${use.name}'${whose}`;
    const some = there.slice(0, 20).join(', ');
    return [{ severity: 'error', code: 'script', message, hint: some === '' ? 'there is none' : some, span: use.span }];
  });
}

/** What something may track: an event of what nobody tracks would do nothing. */
const tracked: ReadonlySet<NameUse['kind']> = new Set(['vrrp_script', 'track_file', 'track_process', 'bfd_instance']);

function known(
  { kind, director }: NameUse,
  setups: readonly DirectorSetup[],
  links: readonly string[],
): readonly string[] {
  if (kind === 'director') return setups.map(({ name }) => name);
  if (kind === 'link') return links;
  const own = director === undefined ? undefined : findDirector(setups, director);
  const names = (own === undefined ? setups : [own]).flatMap((setup) => namesOf(kind, setup));
  return [...new Set(names)];
}

function namesOf(kind: Exclude<NameUse['kind'], 'director' | 'link'>, setup: DirectorSetup): readonly string[] {
  const configs = configsOf(setup);
  switch (kind) {
    case 'interface':
      return interfacesOf(setup);
    case 'instance':
      return [...instancesOf(setup), ...configs.flatMap(({ vrrp }) => vrrp.syncGroups)].map(({ name }) => name);
    case 'vrrp_script':
      return trackedBy(configs, ({ trackScript }) => trackScript);
    case 'track_file':
      return trackedBy(configs, ({ trackFile }) => trackFile);
    case 'track_process':
      return trackedBy(configs, ({ trackProcess }) => trackProcess);
    case 'bfd_instance':
      return trackedBy(configs, ({ trackBfd }) => trackBfd);
  }
}

function trackedBy(
  configs: readonly EngineConfig[],
  listOf: (lists: TrackLists) => readonly TrackEntry[],
): readonly string[] {
  return configs.flatMap(({ vrrp }) => [...vrrp.instances, ...vrrp.syncGroups].flatMap(listOf).map(({ name }) => name));
}
