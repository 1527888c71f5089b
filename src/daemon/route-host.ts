import { ipProtocolNumber, iprouteNames, type IprouteFile } from '../platform/index.ts';
import type { Interfaces } from './interfaces.ts';
import type { RouteHost } from './route-requests.ts';

/** Names of this host as they are when they are asked for: files are read again at each look-up, of which there are few. */
export function routeHost(interfaces: Interfaces, folders: () => readonly string[]): RouteHost {
  return {
    ifindex: (ifname) => interfaces.index(ifname),
    vrfTable: (ifname) => interfaces.vrfTable(ifname),
    named: (file: IprouteFile, name) => iprouteNames(file, folders()).get(name),
    ipProtocol: ipProtocolNumber,
  };
}
