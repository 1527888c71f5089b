import { ipFamily, isLinkLocal, type IpAddress } from '../core/index.ts';
import type { TrackEntry, TrackLists, VrrpInstance, VrrpSyncGroup } from '../config/index.ts';
import type { InterfaceFacts } from './events.ts';
import { signingFault } from './signed.ts';
import type { ScriptState, VrrpState } from './state.ts';

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
}

/** `before`: the address that the instance sends from until now. */
export function standingOf(
  shared: Shared,
  config: VrrpInstance,
  group: GroupLists | undefined,
  before: IpAddress | undefined,
): Standing {
  const findings: Findings = { faults: [], held: false, weight: 0 };
  const source = ownInterface(shared, config, before, findings.faults);
  if (config.unicastFaultNoPeer && config.unicastPeer.length === 0)
    findings.faults.push('it has no unicast_peer, and unicast_fault_no_peer keeps it from multicast');
  const unsigned = signingFault(config);
  if (unsigned !== undefined) findings.faults.push(unsigned);
  track(shared, config, group, findings);
  return { faults: findings.faults, held: findings.held, weight: findings.weight, source };
}

function ownInterface(
  shared: Shared,
  config: VrrpInstance,
  before: IpAddress | undefined,
  faults: string[],
): IpAddress | undefined {
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
    // Who never had the address of its unicast hears nobody; without track_src_ip it may lose it later.
    const needed = config.trackSrcIp || (config.unicastPeer.length > 0 && before !== chosen);
    if (!needed || isThere(shared, sender, chosen)) return chosen;
    faults.push(
      `address ${chosen} is ${isLinkLocal(chosen) ? `not on interface ${sender.ifname}` : 'on no interface'}`,
    );
    // The farewell of a master still comes from it.
    return config.trackSrcIp ? chosen : undefined;
  }
  const virtual = shared.index.virtualAddresses.get(sender.ifname);
  // Adverts over IPv6 come from the link-local address, of fe80::/10 (RFC 9568 section 5.1.2.1).
  const fits = (address: IpAddress): boolean =>
    config.family === 'ipv6' ? isLinkLocal(address) : ipFamily(address) === 'ipv4';
  const source = sender.addresses.find((address) => fits(address) && virtual?.has(address) !== true);
  if (source === undefined) {
    const kind = config.family === 'ipv4' ? 'IPv4' : 'link-local IPv6';
    faults.push(`no ${kind} address for interface ${sender.ifname}`);
  }
  return source;
}

/** A link-local address is one of its interface, others are of the host. */
function isThere({ interfaces }: Shared, sender: InterfaceFacts, address: IpAddress): boolean {
  if (sender.addresses.includes(address)) return true;
  return !isLinkLocal(address) && [...interfaces.values()].some(({ addresses }) => addresses.includes(address));
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

/** What an instance and its group track, each object once. */
function track(shared: Shared, config: VrrpInstance, group: GroupLists | undefined, findings: Findings): void {
  const { trackProcesses } = shared.config.vrrp;
  for (const entry of weighed('trackInterface', config, group, () => ({}))) {
    // Its own is looked at apart.
    if (entry.name === config.interface) continue;
    const up = shared.interfaces.get(entry.name)?.up === true;
    judge(entry, up, `tracked interface ${entry.name} is down`, findings);
  }
  const scriptOf = (name: string): ScriptState | undefined =>
    shared.scripts.find((script) => script.config.name === name);
  for (const entry of weighed('trackScript', config, group, (name) => scriptOf(name)?.config)) {
    const status = scriptOf(entry.name)?.status;
    judge(entry, status === 'init' ? undefined : status === 'up', `script ${entry.name} fails`, findings);
  }
  const processOf = (name: string): Weighable | undefined => trackProcesses.find((process) => process.name === name);
  for (const entry of weighed('trackProcess', config, group, processOf))
    judge(entry, shared.processes.get(entry.name), `process ${entry.name} does not run`, findings);
  const bfdOf = (name: string): Weighable => shared.config.bfdInstances?.find((bfd) => bfd.name === name) ?? {};
  for (const entry of weighed('trackBfd', config, group, bfdOf))
    judge(entry, shared.bfds.get(entry.name) ?? false, `BFD session ${entry.name} is down`, findings);
  const fileOf = (name: string): Weighable | undefined => shared.config.trackFiles.find((file) => file.name === name);
  for (const entry of weighed('trackFile', config, group, fileOf)) weighFile(shared, entry, findings);
}

interface Weighable {
  readonly weight?: number;
  readonly reverse?: boolean;
}

/** An entry with what it has of the object's own. */
interface Weighed {
  readonly name: string;
  readonly weight: number;
  readonly reverse: boolean;
}

type GroupLists = TrackLists &
  Pick<VrrpSyncGroup, 'syncGroupTrackingWeight' | 'globalTracking'> & {
    /** A member owns its addresses: no weight of the group counts, since that one has a priority that none changes [ref]. */
    readonly owned?: boolean;
  };

/** Whether the weights of its members count: global_tracking of old asks for it as well [ref]. */
function membersWeigh({ syncGroupTrackingWeight, globalTracking }: GroupLists): boolean {
  return syncGroupTrackingWeight || globalTracking;
}

/** Of these the weights of a group's members count only where it asks for it, as in the reference: members move together. */
const oneForAll: ReadonlySet<keyof TrackLists> = new Set(['trackScript', 'trackFile', 'trackBfd']);

/**
 * Of an object that an instance and its group track one entry counts, as in the reference: without weight that of the instance, else
 * that of the group.
 */
function weighed(
  list: keyof TrackLists,
  config: VrrpInstance,
  group: GroupLists | undefined,
  object: (name: string) => Weighable | undefined,
): readonly Weighed[] {
  const resolved = (entries: readonly TrackEntry[]): readonly Weighed[] =>
    entries.flatMap(({ name, weight, reverse }) => {
      const own = object(name);
      return own === undefined
        ? []
        : [{ name, weight: weight ?? own.weight ?? 0, reverse: reverse ?? own.reverse ?? false }];
    });
  // The owner has no use for weights, nor has a member whose weights do not count; but a weight of 1, which files have by themselves, is
  // then taken for none [ref].
  const owner = config.priority === 255;
  const useless = owner || (group !== undefined && !membersWeigh(group));
  const own = resolved(config[list])
    .map((entry) => (list === 'trackFile' && useless && entry.weight === 1 ? { ...entry, weight: 0 } : entry))
    .filter(({ weight }) => !owner || weight === 0);
  if (group === undefined) return own;
  const counts = ({ weight }: Weighed): boolean => weight === 0 || membersWeigh(group) || !oneForAll.has(list);
  const entries = new Map(own.filter(counts).map((entry) => [entry.name, entry]));
  const ofGroup = resolved(group[list]).map((entry) => (group.owned === true ? { ...entry, weight: 0 } : entry));
  for (const entry of ofGroup) if (entries.get(entry.name)?.weight !== 0) entries.set(entry.name, entry);
  return [...entries.values()];
}

/**
 * Weight 0: a failure is a fault, and so is not knowing yet a reason to wait; with `reverse` being well is a fault. Positive: added while
 * it is well. Negative: taken off while it fails. With `reverse` what would be added is taken off, and the other way round [ref].
 */
function judge({ name, weight, reverse }: Weighed, up: boolean | undefined, fault: string, findings: Findings): void {
  if (up === undefined) {
    if (weight === 0) findings.held = true;
  } else if (weight !== 0) {
    if (up === weight > 0) findings.weight += reverse ? -weight : weight;
  } else if (up === reverse) {
    findings.faults.push(reverse ? `${name} is well, and tracked in reverse` : fault);
  }
}

function weighFile(shared: Shared, { name, weight, reverse }: Weighed, findings: Findings): void {
  const value = shared.files.get(name) ?? 0;
  const product = value * weight * (reverse ? -1 : 1);
  if (weight === 0 ? (value !== 0) !== reverse : product <= fatalWeight)
    findings.faults.push(`track_file ${name} holds ${String(value)}`);
  else findings.weight += product;
}

/** The priority that adverts carry: 1 to 254, except the owner's 255, which no weight changes. */
export function effectivePriority(config: VrrpInstance, weight: number, demoted: boolean): number {
  if (config.priority === 255) return demoted ? 254 : 255;
  return Math.min(254, Math.max(1, config.priority + weight));
}
