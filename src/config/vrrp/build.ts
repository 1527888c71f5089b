import type { GlobalDefs } from '../model/global-defs.ts';
import type { BfdInstance, TrackFile } from '../model/tracking.ts';
import type { VrrpConfig, VrrpInstance } from '../model/vrrp.ts';
import { checkInterfaces, type NamedInterface } from '../interfaces.ts';
import { named } from '../named.ts';
import type { Findings, Reading } from '../read.ts';
import { buildTrackProcess } from '../tracked/processes.ts';
import { buildScript } from '../tracked/scripts.ts';
import { readAddresses } from './addresses.ts';
import { checkGroups, checkVrids, withOwnVmacNames } from './checks.ts';
import { buildGarpGroups, buildSyncGroup, buildTrackGroup } from './groups.ts';
import { buildInstance, type VrrpDefaults } from './instance.ts';
import { readLinkbeatInterfaces, readUpDownDelays } from './interface-lists.ts';
import { readRoutes } from './routes.ts';
import { readRules } from './rules.ts';
import { checkOwnerWeights, checkTracked } from './tracked-names.ts';

/** What is read by more than one part, and what vrrp tracks of it. */
export interface Tracked {
  readonly trackFiles: readonly TrackFile[];
  readonly bfdInstances: readonly BfdInstance[];
}

export function buildVrrp(findings: Findings, root: Reading, defaults: VrrpDefaults, tracked: Tracked): VrrpConfig {
  const scripts = named(findings, root, 'vrrp_script', (name, entry) => buildScript(findings, name, entry));
  const trackProcesses = named(findings, root, 'vrrp_track_process', (name, entry) =>
    buildTrackProcess(findings, name, entry),
  );
  const trackGroups = named(findings, root, 'track_group', (name, entry) => buildTrackGroup(findings, name, entry));
  const instances = withOwnVmacNames(
    findings,
    named(findings, root, 'vrrp_instance', (name, entry) => buildInstance(findings, name, entry, defaults)),
  );
  const syncGroups = named(findings, root, 'vrrp_sync_group', (name, entry) =>
    buildSyncGroup(findings, name, entry, defaults.global),
  );
  for (const instance of instances)
    checkInterfaces(findings, `vrrp_instance ${instance.name}`, interfacesOf(instance, root));
  for (const group of syncGroups) checkInterfaces(findings, `vrrp_sync_group ${group.name}`, group.trackInterface);
  const tracking = { scripts, trackProcesses, ...tracked };
  checkVrids(findings, instances);
  checkGroups(findings, syncGroups, instances, tracking);
  checkOwnerWeights(findings, instances, tracking);
  checkTracked(findings, instances, syncGroups, tracking);
  return {
    instances,
    syncGroups,
    scripts,
    trackProcesses,
    garpGroups: buildGarpGroups(findings, root),
    trackGroups,
    linkbeatInterfaces: readLinkbeatInterfaces(findings, root),
    interfaceUpDownDelays: readUpDownDelays(findings, root),
    ...readStatics(findings, root, defaults.global),
  };
}

/** Static addresses, routes and rules, which are there whatever the instances do. */
function readStatics(
  findings: Findings,
  root: Reading,
  global: GlobalDefs,
): Pick<VrrpConfig, 'staticIpaddress' | 'staticRoutes' | 'staticRules'> {
  // The reference takes a track_group only where it is already defined; across files the order is not compared.
  const groupsBefore = (entry: ReturnType<Reading['entry']>): ReadonlySet<string> => {
    const at = entry === undefined ? -1 : root.entries.indexOf(entry);
    const before = root.entries.slice(0, at).filter(({ keyword }) => keyword.name === 'track_group');
    return new Set(before.map(({ statement }) => statement.args[0]?.text ?? ''));
  };
  const each = <T>(
    block: string,
    read: (lines: Parameters<typeof readRoutes>[2], trackGroups: ReadonlySet<string>) => readonly T[],
  ): readonly T[] =>
    root.all(block).flatMap((entry) => read(entry.statement.block?.statements ?? [], groupsBefore(entry)));
  const staticIpaddress = each('static_ipaddress', (lines, trackGroups) =>
    readAddresses(findings, 'static_ipaddress', lines, trackGroups),
  );
  const otherwise = global.defaultInterface;
  checkInterfaces(
    findings,
    'static_ipaddress',
    staticIpaddress.map(({ dev, span }) => ({ name: dev ?? otherwise, span })),
  );
  return {
    staticIpaddress,
    staticRoutes: each('static_routes', (lines, groups) => readRoutes(findings, 'static_routes', lines, groups)),
    staticRules: each('static_rules', (lines, groups) => readRules(findings, 'static_rules', lines, groups)),
  };
}

function interfacesOf(instance: VrrpInstance, root: Reading): readonly NamedInterface[] {
  const line = (keyword: string): NamedInterface['span'] => interfaceSpan(instance, root, keyword);
  return [
    {
      name: instance.interface,
      // Looked for only where it is needed: most files have no such finding.
      get span() {
        return line('interface');
      },
    },
    {
      name: instance.vrf,
      get span() {
        return line('vrf');
      },
    },
    ...[...instance.virtualIpaddress, ...instance.virtualIpaddressExcluded].map(({ dev, span }) => ({
      name: dev,
      span,
    })),
    ...instance.trackInterface,
  ];
}

/** Where the instance's last line of this keyword names its interface. */
function interfaceSpan(instance: VrrpInstance, root: Reading, name: string): NamedInterface['span'] {
  const block = root.all('vrrp_instance').find(({ statement }) => statement.args[0]?.text === instance.name)
    ?.statement.block;
  const line = block?.statements.findLast(({ keyword }) => keyword.text === name);
  return line?.args[0]?.span ?? instance.span;
}
