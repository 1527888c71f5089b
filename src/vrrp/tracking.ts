import { ipFamily, type IpAddress } from '../core/index.ts';
import type { TrackEntry, TrackLists, VrrpInstance } from '../config/index.ts';
import type { VrrpState } from './state.ts';

/** What the tracked objects and the interface say about an instance. */
export interface Standing {
  readonly faults: readonly string[];
  readonly held: boolean;
  /** Sum of the weights that count now. */
  readonly weight: number;
  readonly source: IpAddress | undefined;
}

type Shared = Pick<VrrpState, 'config' | 'scripts' | 'files' | 'interfaces' | 'index'>;

/** A fault as soon as a tracked file's contribution reaches it (keepalived.conf(5), track_file). */
const fatalWeight = -254;

export function standingOf(
  shared: Shared,
  config: VrrpInstance,
  group: (TrackLists & { readonly syncGroupTrackingWeight: boolean }) | undefined,
): Standing {
  const faults: string[] = [];
  const source = ownInterface(shared, config, faults);
  const sum = { weight: 0, held: false };
  // Members of a sync group move together: weights would pull them apart, so they count only where the group says so.
  const weights = group === undefined || group.syncGroupTrackingWeight;
  track(shared, config, weights, faults, sum);
  if (group !== undefined) track(shared, group, weights, faults, sum);
  return { faults, held: sum.held, weight: sum.weight, source };
}

function ownInterface(shared: Shared, config: VrrpInstance, faults: string[]): IpAddress | undefined {
  if (config.interface === undefined) {
    faults.push('no interface is configured');
    return undefined;
  }
  const facts = shared.interfaces.get(config.interface);
  if (facts === undefined) {
    faults.push(`interface ${config.interface} does not exist`);
    return undefined;
  }
  if (!facts.up && !config.dontTrackPrimary) faults.push(`interface ${config.interface} is down`);
  const chosen =
    config.unicastPeer.length > 0
      ? (config.unicastSrcIp ?? config.mcastSrcIp)
      : (config.mcastSrcIp ?? config.unicastSrcIp);
  if (chosen !== undefined) {
    if (config.trackSrcIp && !facts.addresses.includes(chosen))
      faults.push(`address ${chosen} is not on interface ${config.interface}`);
    return chosen;
  }
  const virtual = shared.index.virtualAddresses.get(config.interface);
  const own = facts.addresses.filter(
    (address) => ipFamily(address) === config.family && virtual?.has(address) !== true,
  );
  // Adverts over IPv6 come from the link-local address (RFC 9568 section 5.1.2.1).
  const source = config.family === 'ipv6' ? own.find((address) => address.startsWith('fe8')) : own[0];
  if (source === undefined)
    faults.push(
      `no ${config.family === 'ipv4' ? 'IPv4' : 'link-local IPv6'} address for interface ${config.interface}`,
    );
  return source;
}

function track(
  shared: Shared,
  lists: TrackLists,
  weights: boolean,
  faults: string[],
  sum: { weight: number; held: boolean },
): void {
  for (const entry of lists.trackInterface) {
    const up = shared.interfaces.get(entry.name)?.up === true;
    count(
      entry,
      entry.weight ?? 0,
      entry.reverse ?? false,
      up,
      weights,
      `tracked interface ${entry.name} is down`,
      faults,
      sum,
    );
  }
  for (const entry of lists.trackScript) {
    const script = shared.scripts.find(({ config }) => config.name === entry.name);
    if (script === undefined) continue;
    const weight = entry.weight ?? script.config.weight;
    const reverse = entry.reverse ?? script.config.reverse;
    if (script.status === 'init') {
      if (weight === 0) sum.held = true;
      continue;
    }
    count(entry, weight, reverse, script.status === 'up', weights, `script ${entry.name} fails`, faults, sum);
  }
  for (const entry of lists.trackFile) {
    const file = shared.config.trackFiles.find(({ name }) => name === entry.name);
    if (file === undefined) continue;
    const value = shared.files.get(entry.name) ?? 0;
    const reverse = entry.reverse ?? file.reverse;
    const weight = (entry.weight ?? file.weight) * (reverse ? -1 : 1);
    if (weight === 0 ? value !== 0 : value * weight <= fatalWeight)
      faults.push(`track_file ${entry.name} holds ${String(value)}`);
    else if (weights) sum.weight += value * weight;
  }
}

/** Weight 0: a failure is a fault. Positive: added while it is well. Negative: subtracted while it fails. `reverse` swaps. */
function count(
  entry: TrackEntry,
  weight: number,
  reverse: boolean,
  up: boolean,
  weights: boolean,
  fault: string,
  faults: string[],
  sum: { weight: number },
): void {
  if (weight === 0) {
    if (up === reverse)
      faults.push(reverse ? `${entry.name} is well, which the configuration takes for a fault` : fault);
    return;
  }
  if (!weights) return;
  const well = up !== reverse;
  if (weight > 0 ? well : !well) sum.weight += weight;
}

/** The priority that adverts carry: 1 to 254, except the owner's 255, which no weight changes. */
export function effectivePriority(config: VrrpInstance, weight: number): number {
  if (config.priority === 255) return 255;
  return Math.min(254, Math.max(1, config.priority + weight));
}
