import { ByteWriter, ipFamily, ipFromBytes, ipToBytes, type IpAddress, type IpFamily } from '../core/index.ts';
import {
  attributeU32,
  parseAttributes,
  writeBytes,
  writeNested,
  writeText,
  writeU16,
  writeU32,
  writeU8,
  type Attributes,
} from '../netlink/index.ts';
import { encapType, writeEncap, writeLabels, type EncapRequest } from './encap.ts';

/** Routes (linux/rtnetlink.h). All names are resolved: tables, interfaces and the like are numbers. */

const routeAttribute = {
  destination: 1,
  source: 2,
  oif: 4,
  gateway: 5,
  priority: 6,
  preferredSource: 7,
  metrics: 8,
  multipath: 9,
  flow: 11,
  table: 15,
  via: 18,
  newDestination: 19,
  preference: 20,
  encapType: 21,
  encap: 22,
  expires: 23,
  ttlPropagate: 26,
} as const;

const routeTypes = {
  unspec: 0,
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
  throw: 9,
  nat: 10,
} as const;

/** RTAX_* by the words of ip-route(8). */
const metricNumbers = {
  mtu: 2,
  window: 3,
  rtt: 4,
  rttvar: 5,
  ssthresh: 6,
  cwnd: 7,
  advmss: 8,
  reordering: 9,
  hoplimit: 10,
  initcwnd: 11,
  rto_min: 13,
  initrwnd: 14,
  quickack: 15,
  fastopen_no_cookie: 17,
} as const;
const lockMetric = 1;
const featuresMetric = 12;
const congestionControlMetric = 16;
const explicitCongestionNotification = 1;

const preferences = { low: 3, medium: 0, high: 1 } as const;
const nexthopOnLink = 4;
const tableInAttribute = 0;
const scopeNowhere = 255;
const scopes = { universe: 0, link: 253, host: 254 } as const;
/** What an IPv6 route gets that is made without a metric (IP6_RT_PRIO_USER). */
const defaultIpv6Metric = 1024;
export const rtmsgLength = 12;

export interface RoutePrefix {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

export interface RouteWay {
  readonly via?: IpAddress;
  readonly oif?: number;
  readonly onlink: boolean;
  /** The two realms in one number: from << 16 | to. */
  readonly flow?: number;
  readonly encap?: EncapRequest;
}

export interface RouteRequest extends RouteWay {
  readonly family: IpFamily;
  readonly type: Exclude<keyof typeof routeTypes, 'unspec'>;
  readonly to: RoutePrefix;
  readonly from?: RoutePrefix;
  readonly preferredSource?: IpAddress;
  readonly table: number;
  readonly protocol: number;
  /** Absent: what the type has by its nature. */
  readonly scope?: number;
  readonly metric?: number;
  readonly tos: number;
  readonly expiresSecs?: number;
  readonly metrics: Readonly<Partial<Record<keyof typeof metricNumbers, number>>>;
  readonly locked: readonly (keyof typeof metricNumbers | 'congctl')[];
  readonly congestionControl?: string;
  readonly ecn: boolean;
  readonly preference?: keyof typeof preferences;
  readonly ttlPropagate?: boolean;
  readonly newLabels?: readonly number[];
  /** More than one way: weights are 1 to 256. */
  readonly ways: readonly (RouteWay & { readonly weight: number })[];
}

/** `deleting`: what identifies the route, the rest being open. */
export function writeRoute(writer: ByteWriter, route: RouteRequest, deleting: boolean): void {
  const { family, to, from, table } = route;
  writer
    .u8(family === 'ipv4' ? 2 : 10)
    .u8(to.prefixLength)
    .u8(from?.prefixLength ?? 0)
    .u8(route.tos)
    .u8(table < 256 ? table : tableInAttribute)
    .u8(route.protocol)
    .u8(deleting ? scopeNowhere : (route.scope ?? ownScope(route)))
    .u8(deleting && route.type === 'unicast' ? routeTypes.unspec : routeTypes[route.type])
    .u32le(route.onlink ? nexthopOnLink : 0);
  if (to.prefixLength > 0) writeBytes(writer, routeAttribute.destination, ipToBytes(to.address));
  if (from !== undefined) writeBytes(writer, routeAttribute.source, ipToBytes(from.address));
  if (table >= 256) writeU32(writer, routeAttribute.table, table);
  if (route.metric !== undefined) writeU32(writer, routeAttribute.priority, route.metric);
  if (route.preferredSource !== undefined)
    writeBytes(writer, routeAttribute.preferredSource, ipToBytes(route.preferredSource));
  writeWay(writer, route, family);
  if (route.oif !== undefined) writeU32(writer, routeAttribute.oif, route.oif);
  if (route.ways.length > 0) writeWays(writer, route);
  if (deleting) return;
  writeMetrics(writer, route);
  if (route.expiresSecs !== undefined) writeU32(writer, routeAttribute.expires, route.expiresSecs);
  if (route.preference !== undefined) writeU8(writer, routeAttribute.preference, preferences[route.preference]);
  if (route.ttlPropagate !== undefined) writeU8(writer, routeAttribute.ttlPropagate, route.ttlPropagate ? 1 : 0);
  if (route.newLabels !== undefined) {
    const labels = new ByteWriter();
    writeLabels(labels, route.newLabels);
    writeBytes(writer, routeAttribute.newDestination, labels.finish());
  }
}

/** As ip-route(8) has it, but that a way without gateway reaches everything, as the reference makes it. */
function ownScope({ type, family }: RouteRequest): number {
  if (family === 'ipv6') return scopes.universe;
  if (type === 'local' || type === 'nat') return scopes.host;
  return type === 'broadcast' || type === 'anycast' || type === 'multicast' ? scopes.link : scopes.universe;
}

function writeWay(writer: ByteWriter, way: RouteWay, family: IpFamily): void {
  if (way.via !== undefined) {
    const bytes = ipToBytes(way.via);
    if (ipFamily(way.via) === family) writeBytes(writer, routeAttribute.gateway, bytes);
    // struct rtvia: a gateway of the other family.
    else
      writeBytes(
        writer,
        routeAttribute.via,
        new ByteWriter(18)
          .u16le(bytes.length === 4 ? 2 : 10)
          .bytes(bytes)
          .finish(),
      );
  }
  if (way.flow !== undefined) writeU32(writer, routeAttribute.flow, way.flow);
  if (way.encap !== undefined) {
    const { encap } = way;
    writeU16(writer, routeAttribute.encapType, encapType(encap));
    writeNested(writer, routeAttribute.encap, (body) => {
      writeEncap(body, encap);
    });
  }
}

/** struct rtnexthop: a length of its own, flags, the weight less one, the interface; its attributes follow. */
function writeWays(writer: ByteWriter, route: RouteRequest): void {
  const all = new ByteWriter();
  for (const way of route.ways) {
    const start = all.length;
    all
      .u16le(0)
      .u8(way.onlink ? nexthopOnLink : 0)
      .u8(way.weight - 1)
      .u32le(way.oif ?? 0);
    writeWay(all, way, route.family);
    all.patchU16le(start, all.length - start);
  }
  writeBytes(writer, routeAttribute.multipath, all.finish());
}

function writeMetrics(writer: ByteWriter, { metrics, locked, ecn, congestionControl }: RouteRequest): void {
  const values = Object.entries(metrics) as [keyof typeof metricNumbers, number][];
  if (values.length === 0 && !ecn && congestionControl === undefined) return;
  writeNested(writer, routeAttribute.metrics, (body) => {
    for (const [name, value] of values) writeU32(body, metricNumbers[name], value);
    if (ecn) writeU32(body, featuresMetric, explicitCongestionNotification);
    if (congestionControl !== undefined) writeText(body, congestionControlMetric, congestionControl);
    const numbers = locked.map((name) => (name === 'congctl' ? congestionControlMetric : metricNumbers[name]));
    // The kernel looks at it only where it is locked.
    if (metrics.rto_min !== undefined) numbers.push(metricNumbers.rto_min);
    if (numbers.length > 0)
      writeU32(
        body,
        lockMetric,
        numbers.reduce((bits, number) => bits | (1 << number), 0),
      );
  });
}

/** What a route is known by: equal for a request and for the kernel's word that this route is gone. */
export function routeKey(route: RouteRequest): string {
  const { family, table, to, tos, protocol } = route;
  const metric = route.metric ?? (family === 'ipv6' ? defaultIpv6Metric : 0);
  const oif = route.ways.length > 0 ? 0 : (route.oif ?? 0);
  return [family, table, masked(to), tos, metric, protocol, oif].join(' ');
}

/** The key of a route that the kernel tells of; undefined where it is no route of the two families, or cut off. */
export function parseRouteKey(payload: Uint8Array): string | undefined {
  if (payload.length < rtmsgLength) return undefined;
  const family = familyOf(payload[0]);
  const cloned = ((payload[9] ?? 0) & 0x02) !== 0;
  if (family === undefined || cloned) return undefined;
  const attributes = parseAttributes(payload.subarray(rtmsgLength));
  const to = destination(attributes, family, payload[1] ?? 0);
  if (to === undefined) return undefined;
  const table = attributeU32(attributes, routeAttribute.table) ?? payload[4] ?? 0;
  const metric = attributeU32(attributes, routeAttribute.priority) ?? 0;
  const oif = attributeU32(attributes, routeAttribute.oif) ?? 0;
  return [family, table, masked(to), payload[3] ?? 0, metric, payload[5] ?? 0, oif].join(' ');
}

export function familyOf(number: number | undefined): IpFamily | undefined {
  return number === 2 ? 'ipv4' : number === 10 ? 'ipv6' : undefined;
}

function destination(attributes: Attributes, family: IpFamily, prefixLength: number): RoutePrefix | undefined {
  const size = family === 'ipv4' ? 4 : 16;
  const bytes = attributes.get(routeAttribute.destination) ?? new Uint8Array(size);
  return bytes.length === size && prefixLength <= 8 * size ? { address: ipFromBytes(bytes), prefixLength } : undefined;
}

/** The kernel keeps no host bits. */
function masked({ address, prefixLength }: RoutePrefix): string {
  const bytes = ipToBytes(address).map((byte, i) => {
    const bits = Math.min(8, Math.max(0, prefixLength - 8 * i));
    return byte & (0xff00 >> bits);
  });
  return `${ipFromBytes(bytes)}/${String(prefixLength)}`;
}
