import type { LvsConfig } from '../../src/config/index.ts';
import { ipFamily, ipToBytes } from '../../src/core/index.ts';
import { desiredTable, newLvsState, serviceId } from '../../src/lvs/index.ts';
import { parts, states, type KernelState, type StateName, type TwinResult } from './twin.ts';

export interface Difference {
  readonly state: StateName;
  readonly part: (typeof parts)[number];
  /** Who has the line. */
  readonly side: 'keepalived' | 'watchkeeper';
  readonly line: string;
}

/** The lines of `ipvsadm` that only one of the two kernels has, state by state. */
export function differencesOf(result: TwinResult): readonly (readonly [StateName, readonly Difference[]])[] {
  const { states: reached } = result;
  if (reached === undefined) return [];
  return states.map((state) => {
    const [theirs, ours] = reached[state];
    const differences = parts.flatMap((part) => [
      ...only(theirs[part], ours[part]).map((line) => ({ state, part, side: 'keepalived', line }) as const),
      ...only(ours[part], theirs[part]).map((line) => ({ state, part, side: 'watchkeeper', line }) as const),
    ]);
    return [state, differences] as const;
  });
}

function only(lines: KernelState['table'], others: KernelState['table']): readonly string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

/** The reason of a difference that is meant, or known (docs/compatibility.md). */
export function explain(result: TwinResult, difference: Difference): string | undefined {
  const { part, state, side, line } = difference;
  if (part !== 'table' && part !== 'thresholds') return undefined;
  if (state === 'stopped') return side === 'keepalived' ? 'left behind by keepalived at its stop' : undefined;
  if (result.loaded.diagnostics.some(({ code }) => code === 'missing-brace')) return 'a brace that is missing';
  if (result.loaded.diagnostics.some(({ code }) => code === 'unknown-bfd'))
    return 'a check of a BFD session that cannot be: keepalived never ends it';
  if (result.loaded.diagnostics.some(({ message }) => message.endsWith(' has no url')))
    return 'a web check without url, of which the checkers process of keepalived 2.2.7 dies';
  const { virtualServers } = result.loaded.config.lvs;
  const masked = virtualServers.some((one) => one.key.kind === 'group' && one.persistenceGranularity !== undefined);
  if (masked && line.startsWith('-A') && otherHas(result, difference, withoutMask)) {
    return 'persistence_granularity of a group, which keepalived 2.2.7 forgets';
  }
  if (result.before?.some((command) => command.startsWith('ipvsadm -A')) === true)
    return 'a table of before that is not as configured, which keepalived leaves so';
  if (inhibitedSorryServers(result).some((server) => line.includes(server)))
    return 'a server that is real and sorry at once and is inhibited: what it has depends on the order of events there';
  if (hasWideRange(result)) return 'a range over the end of a byte, which keepalived 2.2.7 takes for other addresses';
  if (result.loaded.config.lvs.groups.some(hasBothFamilies) && side === 'watchkeeper')
    return 'a group of which the servers have another family: keepalived ignores all of it';
  if (checksItself(result))
    return 'a server that is a service of the same kernel: its check comes back by the table that it decides on';
  if (side === 'keepalived' && sharesServices(result))
    return 'one service named by two virtual servers: the first has it';
  return undefined;
}

const withoutMask = (line: string): string => line.replace(/ -M \S+/, '');

/** Whether the other side has the same line after `change`. */
function otherHas(
  result: TwinResult,
  { state, part, side, line }: Difference,
  change: (line: string) => string,
): boolean {
  const [theirs, ours] = result.states?.[state] ?? [];
  const others = (side === 'keepalived' ? ours : theirs)?.[part] ?? [];
  return !others.includes(line) && others.some((other) => change(other) === change(line));
}

/** As ipvsadm writes them, of those that are real servers of the same service as well. */
function inhibitedSorryServers({ loaded }: TwinResult): readonly string[] {
  return loaded.config.lvs.virtualServers.flatMap(({ sorryServer, realServers }) => {
    const both = realServers.find(({ address, port }) => address === sorryServer?.address && port === sorryServer.port);
    if (both === undefined || !(both.inhibitOnFailure || sorryServer?.inhibit === true)) return [];
    const host = ipFamily(both.address) === 'ipv6' ? `[${both.address}]` : both.address;
    // The services of a group may have ports of their own.
    return [`-r ${host}:`, `-> ${host}:`];
  });
}

function sharesServices({ loaded }: TwinResult): boolean {
  const ids = desiredTable(newLvsState(loaded.config.lvs, false)).map(({ service }) => serviceId(service.key));
  return new Set(ids).size < ids.length;
}

function checksItself({ loaded }: TwinResult): boolean {
  const table = desiredTable(newLvsState(loaded.config.lvs, false));
  return loaded.config.lvs.virtualServers.some(({ realServers }) =>
    realServers.some((server) =>
      table.some(
        ({ service: { key } }) => key.kind === 'address' && key.address === server.address && key.port === server.port,
      ),
    ),
  );
}

/** Beyond the last byte, or of IPv6 the last two. */
function hasWideRange({ loaded }: TwinResult): boolean {
  return loaded.config.lvs.groups.some(({ entries }) =>
    entries.some((entry) => {
      if (entry.kind === 'fwmark') return false;
      const [first, last] = [ipToBytes(entry.first), ipToBytes(entry.last)];
      const counted = first.length === 4 ? 1 : 2;
      return !first.slice(0, -counted).every((byte, i) => byte === last[i]);
    }),
  );
}

function hasBothFamilies({ entries }: LvsConfig['groups'][number]): boolean {
  const families = entries.map((entry) => (entry.kind === 'range' ? ipFamily(entry.first) : entry.family));
  return families.includes('ipv4') && families.includes('ipv6');
}
