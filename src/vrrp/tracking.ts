import { ipFamily, type IpAddress } from '../core/index.ts';
import type { TrackEntry, TrackLists, VrrpInstance } from '../config/index.ts';
import type { InterfaceFacts } from './events.ts';
import { signingFault } from './signed.ts';
import type { VrrpState } from './state.ts';

/** What the tracked objects and the interface say about an instance. */
export interface Standing {
  readonly faults: readonly string[];
  readonly held: boolean;
  /** Sum of the weights that count now. */
  readonly weight: number;
  readonly source: IpAddress | undefined;
}

type Shared = Pick<VrrpState, 'config' | 'scripts' | 'files' | 'processes' | 'bfds' | 'interfaces' | 'index'>;

/** A fault as soon as a tracked file's contribution reaches it (keepalived.conf(5), track_file). */
const fatalWeight = -254;

interface Findings {
  readonly faults: string[];
  held: boolean;
  weight: number;
  /** Whether weights count at all: members of a sync group move together, so only where the group says so. */
  readonly weighted: boolean;
}

export function standingOf(
  shared: Shared,
  config: VrrpInstance,
  group: (TrackLists & { readonly syncGroupTrackingWeight: boolean }) | undefined,
): Standing {
  const findings: Findings = {
    faults: [],
    held: false,
    weight: 0,
    weighted: group === undefined || group.syncGroupTrackingWeight,
  };
  const source = ownInterface(shared, config, findings.faults);
  if (config.unicastFaultNoPeer && config.unicastPeer.length === 0)
    findings.faults.push('it has no unicast_peer, and unicast_fault_no_peer keeps it from multicast');
  const unsigned = signingFault(config);
  if (unsigned !== undefined) findings.faults.push(unsigned);
  track(shared, config, findings);
  if (group !== undefined) track(shared, group, findings);
  return { faults: findings.faults, held: findings.held, weight: findings.weight, source };
}

function ownInterface(shared: Shared, config: VrrpInstance, faults: string[]): IpAddress | undefined {
  const base = config.interface ?? config.vrf;
  if (base === undefined) {
    faults.push('no interface is configured');
    return undefined;
  }
  const facts = shared.interfaces.get(base);
  if (facts === undefined) {
    faults.push(`interface ${base} does not exist`);
    return undefined;
  }
  if (!facts.up && !config.dontTrackPrimary) faults.push(`interface ${base} is down`);
  if (config.vrf !== undefined && config.vrf !== base && shared.interfaces.get(config.vrf)?.up !== true)
    faults.push(`VRF ${config.vrf} does not exist or is down`);
  const made = madeInterface(shared, config, faults);
  // A macvlan stands for the interface below, also in its adverts; an ipvlan has an address of its own.
  const sender = config.vmac?.kind === 'ipvlan' ? made : facts;
  if (sender === undefined) return undefined;
  const chosen = chosenSource(config);
  if (chosen !== undefined) {
    if (config.trackSrcIp && !sender.addresses.includes(chosen))
      faults.push(`address ${chosen} is not on interface ${sender.ifname}`);
    return chosen;
  }
  const virtual = shared.index.virtualAddresses.get(sender.ifname);
  const usable = sender.addresses.filter(
    (address) => ipFamily(address) === config.family && virtual?.has(address) !== true,
  );
  // Adverts over IPv6 come from the link-local address, of fe80::/10 (RFC 9568 section 5.1.2.1).
  const source = config.family === 'ipv6' ? usable.find((address) => /^fe[89ab]/.test(address)) : usable[0];
  if (source === undefined) {
    const kind = config.family === 'ipv4' ? 'IPv4' : 'link-local IPv6';
    faults.push(`no ${kind} address for interface ${sender.ifname}`);
  }
  return source;
}

function chosenSource({ unicastPeer, unicastSrcIp, mcastSrcIp, vmac }: VrrpInstance): IpAddress | undefined {
  const given = unicastPeer.length > 0 ? (unicastSrcIp ?? mcastSrcIp) : (mcastSrcIp ?? unicastSrcIp);
  return given ?? (vmac?.kind === 'ipvlan' ? vmac.address : undefined);
}

/** The interface of use_vmac or use_ipvlan, which must be there and up as well. */
function madeInterface(
  { interfaces }: Shared,
  { vmac, dontTrackPrimary }: VrrpInstance,
  faults: string[],
): InterfaceFacts | undefined {
  if (vmac?.ifname === undefined) return undefined;
  const made = interfaces.get(vmac.ifname);
  if (made === undefined) faults.push(`interface ${vmac.ifname} does not exist`);
  else if (!made.up && !dontTrackPrimary) faults.push(`interface ${vmac.ifname} is down`);
  return made;
}

function track(shared: Shared, lists: TrackLists, findings: Findings): void {
  for (const entry of lists.trackInterface) {
    const up = shared.interfaces.get(entry.name)?.up === true;
    judge(entry, {}, up, `tracked interface ${entry.name} is down`, findings);
  }
  for (const entry of lists.trackScript) {
    const script = shared.scripts.find(({ config }) => config.name === entry.name);
    if (script === undefined) continue;
    const well = script.status === 'init' ? undefined : script.status === 'up';
    judge(entry, script.config, well, `script ${entry.name} fails`, findings);
  }
  for (const entry of lists.trackProcess) {
    const process = shared.config.vrrp.trackProcesses.find(({ name }) => name === entry.name);
    if (process === undefined) continue;
    judge(entry, process, shared.processes.get(entry.name), `process ${entry.name} does not run`, findings);
  }
  for (const entry of lists.trackBfd) {
    const bfd = shared.config.bfdInstances?.find(({ name }) => name === entry.name);
    judge(entry, bfd ?? {}, shared.bfds.get(entry.name) ?? false, `BFD session ${entry.name} is down`, findings);
  }
  for (const entry of lists.trackFile) {
    const file = shared.config.trackFiles.find(({ name }) => name === entry.name);
    if (file === undefined) continue;
    const value = shared.files.get(entry.name) ?? 0;
    const weight = (entry.weight ?? file.weight) * ((entry.reverse ?? file.reverse) ? -1 : 1);
    if (weight === 0 ? value !== 0 : value * weight <= fatalWeight)
      findings.faults.push(`track_file ${entry.name} holds ${String(value)}`);
    else if (findings.weighted) findings.weight += value * weight;
  }
}

/**
 * Weight 0: a failure is a fault, and so is not knowing yet a reason to wait. Positive: added while it is well. Negative:
 * subtracted while it fails. `reverse` swaps.
 */
function judge(
  entry: TrackEntry,
  own: { readonly weight?: number; readonly reverse?: boolean },
  up: boolean | undefined,
  fault: string,
  findings: Findings,
): void {
  const weight = entry.weight ?? own.weight ?? 0;
  if (up === undefined) {
    if (weight === 0) findings.held = true;
    return;
  }
  const reverse = entry.reverse ?? own.reverse ?? false;
  const well = up !== reverse;
  if (weight === 0) {
    if (!well) findings.faults.push(reverse ? `${entry.name} is well, and tracked in reverse` : fault);
  } else if (findings.weighted && well === weight > 0) {
    findings.weight += weight;
  }
}

/** The priority that adverts carry: 1 to 254, except the owner's 255, which no weight changes. */
export function effectivePriority(config: VrrpInstance, weight: number, demoted: boolean): number {
  if (config.priority === 255) return demoted ? 254 : 255;
  return Math.min(254, Math.max(1, config.priority + weight));
}
