import { err, ok, type Result } from '../core/index.ts';
import type { NumberOrName, RouteEncap, RouteEntry, RouteNexthop, RuleEntry } from '../config/index.ts';
import type { IprouteFile } from '../platform/index.ts';
import type { EncapRequest, NewRoute, RouteWay, RuleRequest } from '../rtnetlink/index.ts';

/** Lines of routes and rules as the kernel takes them: what has a name on this host gets its number. */

/** What only the host knows. */
export interface RouteHost {
  readonly ifindex: (ifname: string) => number | undefined;
  readonly vrfTable: (ifname: string) => number | undefined;
  readonly named: (file: IprouteFile, name: string) => number | undefined;
  readonly ipProtocol: (name: string) => number | undefined;
}

/** Ends the making of a request; the text is of the host and not of this program. */
class Unknown extends Error {}

function attempt<T>(make: () => T): Result<T> {
  try {
    return ok(make());
  } catch (error) {
    if (error instanceof Unknown) return err(error.message);
    throw error;
  }
}

/** Tables without a name are the main one. */
const mainTable = 254;

export function routeRequest(entry: RouteEntry, host: RouteHost): Result<NewRoute> {
  return attempt(() => {
    const { family, type, to, from, src, metric, expiresSecs, congctl, pref, ttlPropagate, asTo, scope } = entry;
    return {
      family,
      type,
      to,
      ...(from === undefined ? {} : { from }),
      ...(src === undefined ? {} : { preferredSource: src }),
      table: tableOf(entry, host),
      protocol: numbered(entry.protocol, 'rt_protos', host),
      ...(scope === undefined ? {} : { scope: numbered(scope, 'rt_scopes', host) }),
      ...(metric === undefined ? {} : { metric }),
      tos: entry.tos === undefined ? 0 : numbered(entry.tos, 'rt_dsfield', host),
      ...(expiresSecs === undefined ? {} : { expiresSecs }),
      metrics: entry.metrics,
      locked: entry.locked,
      ...(congctl === undefined ? {} : { congestionControl: congctl }),
      ecn: entry.ecn,
      ...(pref === undefined ? {} : { preference: pref }),
      ...(ttlPropagate === undefined ? {} : { ttlPropagate }),
      ...(asTo === undefined ? {} : { newLabels: asTo }),
      ...way(entry, host),
      ways: entry.nexthops.map((hop) => ({ ...way(hop, host), weight: hop.weight })),
      how: entry.operation ?? (type === 'unicast' ? 'prepend' : 'add'),
    };
  });
}

function tableOf({ table, vrf }: RouteEntry, host: RouteHost): number {
  if (table !== undefined) return numbered(table, 'rt_tables', host);
  if (vrf === undefined) return mainTable;
  const number = host.vrfTable(vrf);
  if (number === undefined) throw new Unknown(`${vrf} is not a VRF`);
  return number;
}

function way(hop: Pick<RouteNexthop, 'via' | 'dev' | 'onlink' | 'realms' | 'encap'>, host: RouteHost): RouteWay {
  const { via, dev, onlink, realms, encap } = hop;
  return {
    ...(via === undefined ? {} : { via }),
    ...(dev === undefined ? {} : { oif: interfaceIndex(dev, host) }),
    onlink,
    ...(realms === undefined ? {} : { flow: flowOf(realms, host) }),
    ...(encap === undefined ? {} : { encap: encapRequest(encap, host) }),
  };
}

function interfaceIndex(ifname: string, host: RouteHost): number {
  const index = host.ifindex(ifname);
  if (index === undefined) throw new Unknown(`interface ${ifname} does not exist`);
  return index;
}

/** `TO` or `FROM/TO`, as ip-route(8) has it. */
function flowOf(realms: string, host: RouteHost): number {
  const parts = realms.split('/').map((word) => {
    const number = numbered(/^(?:0x[0-9a-f]+|\d+)$/i.test(word) ? Number(word) : word, 'rt_realms', host);
    if (number > 0xffff) throw new Unknown(`realm ${word} is above 65535`);
    return number;
  });
  const [first = 0, second] = parts;
  if (parts.length > 2) throw new Unknown(`realms ${realms} are not FROM/TO`);
  return second === undefined ? first : ((first << 16) | second) >>> 0;
}

function encapRequest(encap: RouteEncap, host: RouteHost): EncapRequest {
  if (encap.type === 'mpls') return encap;
  if (encap.type === 'ila') return { type: 'ila', locator: locatorOf(encap.locator) };
  const { id, tos, ...rest } = encap;
  return {
    ...rest,
    ...(id === undefined ? {} : { id: bigNumber(id) }),
    ...(tos === undefined ? {} : { tos: numbered(tos, 'rt_dsfield', host) }),
  };
}

function bigNumber(text: string): bigint {
  if (!/^(?:0x[0-9a-f]{1,16}|\d{1,19})$/i.test(text)) throw new Unknown(`'${text}' is not a number`);
  return BigInt(text);
}

/** Four groups of up to four hexadecimal digits. */
function locatorOf(text: string): bigint {
  const groups = text.split(':');
  if (groups.length !== 4 || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)))
    throw new Unknown(`'${text}' is not an ILA locator such as 2001:db8:0:1`);
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(Number.parseInt(group, 16)), 0n);
}

function numbered(value: NumberOrName, file: IprouteFile, host: RouteHost): number {
  if (typeof value === 'number') return value;
  const number = host.named(file, value);
  if (number === undefined) throw new Unknown(`'${value}' is not in ${file} of iproute2`);
  return number;
}

/** A rule whose preference is known: where the file gives none, `withPreferences` has made one. */
export function ruleRequest(entry: RuleEntry, host: RouteHost): Result<RuleRequest> {
  return attempt(() => {
    const { family, action, from, to, fwmark, realms, iif, oif, tunnelId, uidrange, sport, dport } = entry;
    const { suppressPrefixlength, suppressIfgroup, ipproto } = entry;
    return {
      family,
      action: action.type === 'table' ? { type: 'table', table: numbered(action.table, 'rt_tables', host) } : action,
      preference: entry.preference ?? 0,
      not: entry.not,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      tos: entry.tos === undefined ? 0 : numbered(entry.tos, 'rt_dsfield', host),
      ...(fwmark === undefined ? {} : { mark: fwmark }),
      ...(realms === undefined ? {} : { flow: flowOf(realms, host) }),
      ...(suppressPrefixlength === undefined ? {} : { suppressPrefixLength: suppressPrefixlength }),
      ...(suppressIfgroup === undefined ? {} : { suppressIfgroup: numbered(suppressIfgroup, 'group', host) }),
      ...(iif === undefined ? {} : { iif }),
      ...(oif === undefined ? {} : { oif }),
      ...(tunnelId === undefined ? {} : { tunnelId: BigInt(tunnelId) }),
      ...(uidrange === undefined ? {} : { uids: uidrange }),
      ...(ipproto === undefined ? {} : { ipProtocol: protocolOf(ipproto, host) }),
      ...(sport === undefined ? {} : { sourcePorts: sport }),
      ...(dport === undefined ? {} : { destinationPorts: dport }),
      protocol: entry.protocol,
    };
  });
}

function protocolOf(value: NumberOrName, host: RouteHost): number {
  if (typeof value === 'number') return value;
  const number = host.ipProtocol(value);
  if (number === undefined) throw new Unknown(`'${value}' is not in /etc/protocols`);
  return number;
}
