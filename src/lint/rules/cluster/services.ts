import type { Config, Forwarding, RealServer, VirtualServer } from '../../../config/index.ts';
import { listed, without } from './words.ts';

/** What makes two services of different directors the same one: `192.0.2.10:80 TCP`. */
export function servicesOf({ lvs }: Config): ReadonlyMap<string, VirtualServer> {
  return new Map(lvs.virtualServers.map((service) => [nameOf(service), service]));
}

export function nameOf({ key, protocol, family }: VirtualServer): string {
  switch (key.kind) {
    case 'address':
      return `${key.address.includes(':') ? `[${key.address}]` : key.address}:${String(key.port)} ${protocol}`;
    case 'fwmark':
      return `fwmark ${String(key.fwmark)} ${family}`;
    case 'group':
      return `group ${key.group}`;
  }
}

/** In what two services differ, in words of this director's side; empty where a client would notice nothing. */
export function differencesOf(mine: VirtualServer, theirs: VirtualServer): readonly string[] {
  const found: string[] = [];
  const compare = (what: string, here: string, there: string): void => {
    if (here !== there) found.push(`${what} ${here} here and ${there} there`);
  };
  compare('lb_algo', mine.lbAlgo, theirs.lbAlgo);
  compare('persistence', persistence(mine), persistence(theirs));
  const [here, there] = [serversOf(mine), serversOf(theirs)];
  const [onlyHere, onlyThere] = [
    without([...here.keys()], [...there.keys()]),
    without([...there.keys()], [...here.keys()]),
  ];
  if (onlyHere.length > 0) found.push(`real_server ${listed(onlyHere)} only here`);
  if (onlyThere.length > 0) found.push(`real_server ${listed(onlyThere)} only there`);
  for (const [name, server] of here) {
    const other = there.get(name);
    if (other === undefined) continue;
    compare(`weight of ${name}`, String(server.weight), String(other.weight));
    compare(`forwarding to ${name}`, forwardingOf(server.forwarding), forwardingOf(other.forwarding));
    if (found.length > 20) break;
  }
  const sorry = (service: VirtualServer): string =>
    service.sorryServer === undefined ? 'none' : endpoint(service.sorryServer);
  compare('sorry_server', sorry(mine), sorry(theirs));
  return found;
}

function persistence({ persistenceTimeoutSecs: secs, persistenceGranularity: granularity }: VirtualServer): string {
  if (secs === undefined) return 'none';
  return `${String(secs)} s${granularity === undefined ? '' : ` by ${String(granularity)}`}`;
}

function serversOf({ realServers }: VirtualServer): ReadonlyMap<string, RealServer> {
  return new Map(realServers.map((server) => [endpoint(server), server]));
}

function endpoint({ address, port }: Pick<RealServer, 'address' | 'port'>): string {
  return `${address} ${String(port)}`;
}

function forwardingOf(forwarding: Forwarding): string {
  return forwarding.lbKind === 'TUN' ? `TUN ${forwarding.tunType}` : forwarding.lbKind;
}
