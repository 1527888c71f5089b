import {
  ByteReader,
  ipFamily,
  ipFromBytes,
  ipToBytes,
  keyFamily,
  type IpAddress,
  type IpFamily,
  type IpvsDestination,
  type IpvsForwarding,
  type IpvsProtocol,
  type IpvsServiceKey,
  type IpvsTableEntry,
  type IpvsTunnel,
} from '../core/index.ts';
import type { Forwarding, GroupEntry, LvsConfig, VirtualServer, VirtualServerGroup } from '../config/index.ts';
import type { VirtualServerState } from './state.ts';

/** What the kernel's table should hold for a virtual server: one entry for each service that it stands for. */

export const flagBits: Readonly<Record<string, number>> = {
  ops: 4,
  'flag-1': 8,
  'flag-2': 16,
  'flag-3': 32,
  'sh-fallback': 8,
  'sh-port': 16,
  'mh-fallback': 8,
  'mh-port': 16,
};
export const persistentFlag = 1;

export type FindGroup = (name: string) => VirtualServerGroup | undefined;

export function groupFinder(config: LvsConfig): FindGroup {
  const groups = new Map(config.groups.map((group) => [group.name, group]));
  return (name) => groups.get(name);
}

export function desiredEntries(server: VirtualServerState, findGroup: FindGroup): readonly IpvsTableEntry[] {
  const destinations = desiredDestinations(server);
  const { config: virtual } = server;
  const persistent = virtual.persistenceTimeoutSecs !== undefined;
  const flags = virtual.flags.reduce((bits, flag) => bits | (flagBits[flag] ?? 0), persistent ? persistentFlag : 0);
  const keys = serviceKeys(virtual, findGroup).filter((key) => canServe(virtual, keyFamily(key)));
  return keys.map((key) => ({
    service: {
      key,
      scheduler: virtual.lbAlgo,
      flags,
      timeoutSecs: virtual.persistenceTimeoutSecs ?? 0,
      netmask: netmask(virtual, keyFamily(key)),
      ...(virtual.persistenceEngine === undefined ? {} : { persistenceEngine: virtual.persistenceEngine }),
    },
    destinations: virtual.key.kind === 'group' ? withPortOf(key, destinations) : destinations,
  }));
}

/** A group can have addresses of a family that none of its servers has; only a tunnel goes from one family to the other. */
function canServe({ key, realServers, sorryServer }: VirtualServer, family: IpFamily): boolean {
  if (key.kind !== 'group') return true;
  const servers = [...realServers, ...(sorryServer === undefined ? [] : [sorryServer])];
  return servers.some(({ address, forwarding: { lbKind } }) => lbKind === 'TUN' || ipFamily(address) === family);
}

/** Only NAT can change a port: without it, the members of a group have the port of each of the group's services. */
function withPortOf(key: IpvsServiceKey, destinations: readonly IpvsDestination[]): readonly IpvsDestination[] {
  const port = key.kind === 'fwmark' ? 0 : key.port;
  const family = keyFamily(key);
  const reachable = destinations.filter(({ address, tunnel }) => tunnel !== undefined || ipFamily(address) === family);
  return reachable.map((server) => (server.forwarding === 'masq' ? server : { ...server, port }));
}

function desiredDestinations({ config, realServers, sorryActive }: VirtualServerState): readonly IpvsDestination[] {
  const destinations: IpvsDestination[] = [];
  for (const { config: real, alive, weight } of realServers) {
    const serves = alive && !sorryActive;
    if (!serves && !real.inhibitOnFailure) continue;
    destinations.push({
      address: real.address,
      port: real.port,
      ...forwarding(real.forwarding),
      weight: serves ? weight : 0,
      upperThreshold: real.uthreshold,
      lowerThreshold: real.lthreshold,
    });
  }
  const sorry = config.sorryServer;
  if (sorry === undefined || (!sorryActive && !sorry.inhibit)) return destinations;
  const same = ({ address, port }: IpvsDestination): boolean => address === sorry.address && port === sorry.port;
  // A real server that is the sorry server too is that one entry: while it stands in, it serves, whatever its check says.
  if (!sorryActive && destinations.some(same)) return destinations;
  const weight = sorryActive ? 1 : 0;
  return [
    ...destinations.filter((destination) => !same(destination)),
    {
      address: sorry.address,
      port: sorry.port,
      ...forwarding(sorry.forwarding),
      weight,
      upperThreshold: 0,
      lowerThreshold: 0,
    },
  ];
}

const forwardingNames: Readonly<Record<Forwarding['lbKind'], IpvsForwarding>> = {
  NAT: 'masq',
  DR: 'direct-route',
  TUN: 'tunnel',
};
const tunnelFlags = { nocsum: 0, csum: 1, remcsum: 2 } as const;

function forwarding(from: Forwarding): { readonly forwarding: IpvsForwarding; readonly tunnel?: IpvsTunnel } {
  if (from.lbKind !== 'TUN') return { forwarding: forwardingNames[from.lbKind] };
  const tunnel = { type: from.tunType, port: from.tunPort ?? 0, flags: tunnelFlags[from.tunChecksum ?? 'nocsum'] };
  return { forwarding: 'tunnel', tunnel };
}

/** A group may have services of both families; a granularity is for one. */
function netmask(virtual: VirtualServer, family: IpFamily): number {
  const granularity = virtual.persistenceGranularity;
  const whole = family === 'ipv4' ? 0xffffffff : 128;
  if (granularity === undefined || virtual.persistenceTimeoutSecs === undefined) return whole;
  if ((typeof granularity === 'number') !== (family === 'ipv6')) return whole;
  return typeof granularity === 'number' ? granularity : new ByteReader(ipToBytes(granularity)).u32be();
}

/** The kernel services of a virtual server: one, or one for each member of its group. */
export function serviceKeys(virtual: VirtualServer, findGroup: FindGroup): readonly IpvsServiceKey[] {
  const { key } = virtual;
  const protocol = virtual.protocol.toLowerCase() as IpvsProtocol;
  switch (key.kind) {
    case 'address':
      return [{ kind: 'address', protocol, address: key.address, port: key.port }];
    case 'fwmark':
      return [{ kind: 'fwmark', fwmark: key.fwmark, family: key.family }];
    case 'group': {
      return (findGroup(key.group)?.entries ?? []).flatMap((entry) => groupKeys(entry, protocol, virtual));
    }
  }
}

function groupKeys(entry: GroupEntry, protocol: IpvsProtocol, virtual: VirtualServer): readonly IpvsServiceKey[] {
  if (entry.kind === 'fwmark') {
    return [{ kind: 'fwmark', fwmark: entry.fwmark, family: entry.family ?? virtual.family }];
  }
  return addressRange(entry.first, entry.last).map((address) => ({
    kind: 'address',
    protocol,
    address,
    port: entry.port,
  }));
}

/** All addresses from `first` to `last`, of which the reader has seen to it that they are not too many. */
function addressRange(first: IpAddress, last: IpAddress): readonly IpAddress[] {
  const addresses = [first];
  const bytes = ipToBytes(first);
  for (let address = first; address !== last;) {
    for (let i = bytes.length - 1, carry = 1; carry === 1 && i >= 0; i--) {
      const next = (bytes[i] ?? 0) + carry;
      bytes[i] = next & 0xff;
      carry = next >> 8;
    }
    address = ipFromBytes(bytes);
    addresses.push(address);
  }
  return addresses;
}
