import { compareIp } from '../../src/core/index.ts';
import { checksNotRun, parts, states, type KernelState, type StateName, type TwinResult } from './twin.ts';

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
  const notRun = checksNotRun(result.loaded);
  if (notRun.length > 0) return `checks that are not done yet: ${notRun.join(', ')}`;
  if (line.startsWith('-A') && otherHas(result, difference, withoutMask)) {
    return 'persistence_granularity of a group, which keepalived 2.2.7 forgets';
  }
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

function sharesServices({ loaded }: TwinResult): boolean {
  const { virtualServers, groups } = loaded.config.lvs;
  const services = virtualServers.flatMap(({ key, protocol }) =>
    (key.kind === 'group' ? (groups.find(({ name }) => name === key.group)?.entries ?? []) : []).flatMap((entry) =>
      entry.kind === 'range' ? [{ protocol, ...entry }] : [],
    ),
  );
  return services.some((a, i) =>
    services
      .slice(i + 1)
      .some(
        (b) =>
          a.protocol === b.protocol &&
          a.port === b.port &&
          compareIp(a.first, b.last) <= 0 &&
          compareIp(b.first, a.last) <= 0,
      ),
  );
}
