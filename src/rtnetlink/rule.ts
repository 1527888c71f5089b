import { ByteWriter, ipFromBytes, ipToBytes, type IpFamily } from '../core/index.ts';
import {
  attributeText,
  attributeU32,
  parseAttributes,
  writeBytes,
  writeText,
  writeU32,
  writeU8,
  type Attributes,
} from '../netlink/index.ts';
import { familyOf, type RoutePrefix } from './route.ts';

/** Routing rules (linux/fib_rules.h). */

const ruleAttribute = {
  destination: 1,
  source: 2,
  iifName: 3,
  goto: 4,
  priority: 6,
  mark: 10,
  flow: 11,
  tunnelId: 12,
  suppressIfgroup: 13,
  suppressPrefixLength: 14,
  table: 15,
  markMask: 16,
  oifName: 17,
  l3mdev: 19,
  uidRange: 20,
  protocol: 21,
  ipProtocol: 22,
  sourcePorts: 23,
  destinationPorts: 24,
} as const;

const ruleActions = { table: 1, goto: 2, nop: 3, blackhole: 6, unreachable: 7, prohibit: 8 } as const;
const invert = 2;
export const ruleHeaderLength = 12;

/** Both ends are included. */
export interface RuleRange {
  readonly first: number;
  readonly last: number;
}

export interface RuleRequest {
  readonly family: IpFamily;
  readonly action:
    | { readonly type: 'table'; readonly table: number }
    | { readonly type: 'goto'; readonly preference: number }
    | { readonly type: 'nop' | 'blackhole' | 'unreachable' | 'prohibit' | 'l3mdev' };
  readonly preference: number;
  readonly not: boolean;
  readonly from?: RoutePrefix;
  readonly to?: RoutePrefix;
  readonly tos: number;
  readonly mark?: { readonly mark: number; readonly mask: number };
  /** The two realms in one number: from << 16 | to. */
  readonly flow?: number;
  readonly suppressPrefixLength?: number;
  readonly suppressIfgroup?: number;
  readonly iif?: string;
  readonly oif?: string;
  readonly tunnelId?: bigint;
  readonly uids?: RuleRange;
  readonly ipProtocol?: number;
  readonly sourcePorts?: RuleRange;
  readonly destinationPorts?: RuleRange;
  readonly protocol: number;
}

export function writeRule(writer: ByteWriter, rule: RuleRequest): void {
  const { family, action, from, to } = rule;
  const table = action.type === 'table' ? action.table : 0;
  writer
    .u8(family === 'ipv4' ? 2 : 10)
    .u8(to?.prefixLength ?? 0)
    .u8(from?.prefixLength ?? 0)
    .u8(rule.tos)
    .u8(table < 256 ? table : 0)
    .u16le(0)
    .u8(ruleActions[action.type === 'l3mdev' ? 'table' : action.type])
    .u32le(rule.not ? invert : 0);
  if (to !== undefined && to.prefixLength > 0) writeBytes(writer, ruleAttribute.destination, ipToBytes(to.address));
  if (from !== undefined && from.prefixLength > 0) writeBytes(writer, ruleAttribute.source, ipToBytes(from.address));
  writeU32(writer, ruleAttribute.priority, rule.preference);
  if (table >= 256) writeU32(writer, ruleAttribute.table, table);
  if (action.type === 'goto') writeU32(writer, ruleAttribute.goto, action.preference);
  if (action.type === 'l3mdev') writeU8(writer, ruleAttribute.l3mdev, 1);
  if (rule.iif !== undefined) writeText(writer, ruleAttribute.iifName, rule.iif);
  if (rule.oif !== undefined) writeText(writer, ruleAttribute.oifName, rule.oif);
  if (rule.mark !== undefined) {
    writeU32(writer, ruleAttribute.mark, rule.mark.mark);
    writeU32(writer, ruleAttribute.markMask, rule.mark.mask);
  }
  writeSelectors(writer, rule);
  writeU8(writer, ruleAttribute.protocol, rule.protocol);
}

function writeSelectors(writer: ByteWriter, rule: RuleRequest): void {
  if (rule.flow !== undefined) writeU32(writer, ruleAttribute.flow, rule.flow);
  if (rule.suppressPrefixLength !== undefined)
    writeU32(writer, ruleAttribute.suppressPrefixLength, rule.suppressPrefixLength);
  if (rule.suppressIfgroup !== undefined) writeU32(writer, ruleAttribute.suppressIfgroup, rule.suppressIfgroup);
  if (rule.tunnelId !== undefined) {
    const high = Number((rule.tunnelId >> 32n) & 0xffffffffn);
    const low = Number(rule.tunnelId & 0xffffffffn);
    writeBytes(writer, ruleAttribute.tunnelId, new ByteWriter(8).u32be(high).u32be(low).finish());
  }
  if (rule.uids !== undefined) {
    const { first, last } = rule.uids;
    writeBytes(writer, ruleAttribute.uidRange, new ByteWriter(8).u32le(first).u32le(last).finish());
  }
  if (rule.ipProtocol !== undefined) writeU8(writer, ruleAttribute.ipProtocol, rule.ipProtocol);
  writePorts(writer, ruleAttribute.sourcePorts, rule.sourcePorts);
  writePorts(writer, ruleAttribute.destinationPorts, rule.destinationPorts);
}

function writePorts(writer: ByteWriter, type: number, ports: RuleRange | undefined): void {
  if (ports !== undefined) writeBytes(writer, type, new ByteWriter(4).u16le(ports.first).u16le(ports.last).finish());
}

/** What a rule is known by: equal for a request and for the kernel's word that this rule is gone. */
export function ruleKey(rule: RuleRequest): string {
  const { family, action, from, to, preference, iif, oif } = rule;
  const number = ruleActions[action.type === 'l3mdev' ? 'table' : action.type];
  const table = action.type === 'table' ? action.table : 0;
  return [family, number, table, prefixText(from), prefixText(to), preference, iif ?? '', oif ?? ''].join(' ');
}

/** The key of a rule that the kernel tells of; undefined where it is of another family, or cut off. */
export function parseRuleKey(payload: Uint8Array): string | undefined {
  if (payload.length < ruleHeaderLength) return undefined;
  const family = familyOf(payload[0]);
  if (family === undefined) return undefined;
  const attributes = parseAttributes(payload.subarray(ruleHeaderLength));
  const table = attributeU32(attributes, ruleAttribute.table) ?? payload[4] ?? 0;
  const from = prefixOf(attributes, ruleAttribute.source, payload[2] ?? 0);
  const to = prefixOf(attributes, ruleAttribute.destination, payload[1] ?? 0);
  const preference = attributeU32(attributes, ruleAttribute.priority) ?? 0;
  const iif = attributeText(attributes, ruleAttribute.iifName) ?? '';
  const oif = attributeText(attributes, ruleAttribute.oifName) ?? '';
  return [family, payload[7] ?? 0, table, prefixText(from), prefixText(to), preference, iif, oif].join(' ');
}

function prefixOf(attributes: Attributes, type: number, prefixLength: number): RoutePrefix | undefined {
  const bytes = attributes.get(type);
  if (bytes?.length !== 4 && bytes?.length !== 16) return undefined;
  return { address: ipFromBytes(bytes), prefixLength };
}

function prefixText(prefix: RoutePrefix | undefined): string {
  return prefix === undefined || prefix.prefixLength === 0 ? 'all' : `${prefix.address}/${String(prefix.prefixLength)}`;
}
