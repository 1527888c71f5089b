import { ByteWriter, ipFamily, ipToBytes, type IpAddress } from '../core/index.ts';
import type { Expression } from './expression.ts';
import {
  deleteElements,
  deleteTable,
  newChain,
  newElements,
  newRule,
  newSet,
  newTable,
  type KeyKind,
  type SetElement,
  type Table,
  type TableChange,
  type TableFamily,
} from './message.ts';

/**
 * What VRRP has in nftables, rule by rule as the reference has it. Multicast membership reports of a VMAC go out by the interface
 * below (switches would learn the address there otherwise), its router solicitations not at all; what is sent to a virtual
 * address with no_accept, or from it, is thrown away, but for neighbour discovery.
 */
export interface VrrpTableContent {
  /** Of VMACs that speak IPv4, then of those that speak IPv6: their index and that of the interface below. */
  readonly vmacs4: readonly VmacPair[];
  readonly vmacs6: readonly VmacPair[];
  readonly blocked: readonly BlockedAddress[];
}

export interface VmacPair {
  readonly ifindex: number;
  readonly parentIfindex: number;
}

export interface BlockedAddress {
  readonly address: IpAddress;
  /** Of a link-local address: where it is, by index, or by name where the interface may come and go. */
  readonly at?: { readonly ifindex: number } | { readonly ifname: string };
}

export interface VrrpTableOptions {
  readonly name: string;
  readonly priority: number;
  readonly counters: boolean;
}

/** What is in the kernel by us: sets with the elements of each. Tables, chains and rules follow from the sets. */
export type HeldTables = ReadonlyMap<SetName, ReadonlyMap<string, SetElement>>;

export const noTables: HeldTables = new Map();

type SetName =
  | 'ip vmac_map'
  | 'ip vips'
  | 'ip6 vmac_map'
  | 'ip6 vmac_set'
  | 'ip6 vips'
  | 'ip6 vips_link_local'
  | 'ip6 vips_link_local_name';

/** A set stays, if need be empty, as long as there is anything. */
export function vrrpTableChanges(
  held: HeldTables,
  content: VrrpTableContent,
  options: VrrpTableOptions,
): { readonly changes: readonly TableChange[]; readonly held: HeldTables } {
  const wanted = setsOf(content);
  const changes: TableChange[] = [];
  const next = new Map<SetName, ReadonlyMap<string, SetElement>>();
  const made = new Set(held.keys());
  for (const [name, elements] of wanted) {
    if (!made.has(name) && elements.size > 0) {
      changes.push(...makeSet(name, made, options));
      made.add(name);
    }
    if (made.has(name)) next.set(name, elements);
    const before = held.get(name) ?? new Map<string, SetElement>();
    const table = { family: familyOf(name), name: options.name };
    changes.push(
      ...deleteElements(table, bareName(name), without(before, elements)),
      ...newElements(table, bareName(name), without(elements, before)),
    );
  }
  return { changes, held: next };
}

/** Takes both tables away, whether they are there or not: what a former run left as well. */
export function vrrpTableRemoval({ name }: VrrpTableOptions): readonly TableChange[] {
  return (['ip', 'ip6'] as const).flatMap((family) => [newTable({ family, name }), deleteTable({ family, name })]);
}

function without(elements: ReadonlyMap<string, SetElement>, others: ReadonlyMap<string, SetElement>): SetElement[] {
  return [...elements].flatMap(([key, element]) => (others.has(key) ? [] : [element]));
}

function familyOf(name: SetName): TableFamily {
  return name.startsWith('ip6') ? 'ip6' : 'ip';
}

function bareName(name: SetName): string {
  return name.slice(name.indexOf(' ') + 1);
}

function setsOf({ vmacs4, vmacs6, blocked }: VrrpTableContent): ReadonlyMap<SetName, ReadonlyMap<string, SetElement>> {
  const v4 = blocked.filter(({ address }) => ipFamily(address) === 'ipv4');
  const v6 = blocked.filter(({ address }) => ipFamily(address) === 'ipv6');
  const routable = v6.filter(({ at }) => at === undefined);
  const onLink = (name: boolean): SetElement[] =>
    v6.flatMap(({ address, at }) => {
      if (at === undefined || 'ifname' in at !== name) return [];
      const where = 'ifname' in at ? nameBytes(at.ifname) : indexBytes(at.ifindex);
      return [{ key: Uint8Array.of(...ipToBytes(address), ...where) }];
    });
  const plain = (entries: readonly BlockedAddress[]): SetElement[] =>
    entries.map(({ address }) => ({ key: ipToBytes(address) }));
  return new Map<SetName, ReadonlyMap<string, SetElement>>([
    ['ip vmac_map', keyed(vmacs4.map(mapping))],
    ['ip vips', keyed(plain(v4))],
    ['ip6 vmac_map', keyed(vmacs6.map(mapping))],
    ['ip6 vmac_set', keyed(vmacs6.map(({ ifindex }) => ({ key: indexBytes(ifindex) })))],
    // Each of the three brings the rules of all IPv6 addresses with it.
    ['ip6 vips', keyed(plain(routable))],
    ['ip6 vips_link_local', keyed(onLink(false))],
    ['ip6 vips_link_local_name', keyed(onLink(true))],
  ]);
}

function mapping({ ifindex, parentIfindex }: VmacPair): SetElement {
  return { key: indexBytes(ifindex), data: indexBytes(parentIfindex) };
}

function keyed(elements: readonly SetElement[]): ReadonlyMap<string, SetElement> {
  return new Map(elements.map((element) => [`${element.key.join('.')} ${element.data?.join('.') ?? ''}`, element]));
}

function indexBytes(ifindex: number): Uint8Array {
  return new ByteWriter(4).u32le(ifindex).finish();
}

/** An interface's name, to the 16 bytes of IFNAMSIZ. */
function nameBytes(ifname: string): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => ifname.charCodeAt(i) || 0);
}

/** The set with the rules that look at it, and what they need that is not there yet. */
function makeSet(name: SetName, made: ReadonlySet<SetName>, options: VrrpTableOptions): readonly TableChange[] {
  const family = familyOf(name);
  const table = { family, name: options.name };
  const rules = new Rules(table, options);
  const first = ![...made].some((other) => familyOf(other) === family);
  const start = first ? [newTable(table), rules.base('out')] : [];
  const blocks = [...made].some((other) => familyOf(other) === family && bareName(other).startsWith('vips'));
  const addresses = (key: KeyKind): readonly TableChange[] =>
    blocks ? [rules.set(name, key)] : [...rules.parts(), rules.set(name, key), ...rules.neighbours()];
  switch (name) {
    case 'ip vmac_map':
      return [...start, rules.map(name), rules.forward('out', igmp, { offset: 16, bytes: 4 })];
    case 'ip6 vmac_map':
      return [...start, rules.map(name), rules.forward('out', mldReport, { offset: 24, bytes: 16 })];
    case 'ip6 vmac_set':
      return [
        rules.set(name, 'interfaceIndex'),
        rules.add('out', [...routerSolicit, ...ofMacvlan, inSet(2, 'vmac_set')]),
      ];
    case 'ip vips':
      return [
        ...start,
        rules.base('in'),
        rules.set(name, 'ipv4Address'),
        rules.add('in', [network(16, 4), inSet(1, 'vips')]),
        rules.add('out', [network(12, 4), inSet(1, 'vips')]),
      ];
    case 'ip6 vips':
      return [...start, ...addresses('ipv6Address'), ...rules.both('', name)];
    case 'ip6 vips_link_local':
      return [
        ...start,
        ...addresses('ipv6AddressOnIndex'),
        ...rules.both('_link_local', name, { in: 'iif', out: 'oif' }),
      ];
    case 'ip6 vips_link_local_name':
      return [
        ...start,
        ...addresses('ipv6AddressOnName'),
        ...rules.both('_link_local', name, { in: 'iifname', out: 'oifname' }),
      ];
  }
}

const ipv6Source = 8;
const ipv6Destination = 24;

function network(offset: number, bytes: number): Expression {
  return { type: 'payload', header: 'network', offset, bytes, into: 1 };
}

function equals(...value: number[]): Expression {
  return { type: 'equals', register: 1, value: Uint8Array.from(value) };
}

function inSet(register: 1 | 2, set: string): Expression {
  return { type: 'lookup', set, register };
}

/** linux/in.h: IPPROTO_IGMP 2, IPPROTO_ICMPV6 58. */
const igmp: readonly Expression[] = [network(9, 1), equals(2)];
const icmpv6: readonly Expression[] = [{ type: 'meta', key: 'l4proto', into: 1 }, equals(58)];
const icmpv6Type: Expression = { type: 'payload', header: 'transport', offset: 0, bytes: 1, into: 1 };
/** RFC 3810 section 5.2, and RFC 4861 sections 4.1, 4.3 and 4.4. */
const mldReport: readonly Expression[] = [...icmpv6, icmpv6Type, equals(143)];
const routerSolicit: readonly Expression[] = [...icmpv6, icmpv6Type, equals(133)];
const neighbourTypes = [135, 136];
/** The packet leaves by a macvlan, whose index is then in register 2. */
const ofMacvlan: readonly Expression[] = [
  { type: 'meta', key: 'oifkind', into: 2 },
  { type: 'equals', register: 2, value: nameBytes('macvlan') },
  { type: 'meta', key: 'oif', into: 2 },
];
/** fe80::/10. */
const linkLocal: readonly Expression[] = [
  { type: 'mask', register: 1, mask: Uint8Array.of(0xff, 0xc0, ...new Uint8Array(14)) },
  equals(0xfe, 0x80, ...new Uint8Array(14)),
];

class Rules {
  readonly #table: Table;
  readonly #options: VrrpTableOptions;

  constructor(table: Table, options: VrrpTableOptions) {
    this.#table = table;
    this.#options = options;
  }

  base(chain: 'in' | 'out'): TableChange {
    const hook = { at: chain === 'in' ? 'input' : 'output', priority: this.#options.priority } as const;
    return newChain(this.#table, chain, hook);
  }

  set(name: SetName, key: KeyKind): TableChange {
    return newSet(this.#table, { name: bareName(name), key });
  }

  map(name: SetName): TableChange {
    return newSet(this.#table, { name: bareName(name), key: 'interfaceIndex', data: 'interfaceIndex' });
  }

  add(
    chain: string,
    expressions: readonly Expression[],
    end: Expression = { type: 'verdict', verdict: 'drop' },
  ): TableChange {
    const counter: readonly Expression[] = this.#options.counters ? [{ type: 'counter' }] : [];
    return newRule(this.#table, chain, [...expressions, ...counter, end]);
  }

  /** A copy goes by the interface below, and the packet itself nowhere. */
  forward(
    chain: string,
    kind: readonly Expression[],
    destination: { readonly offset: number; readonly bytes: number },
  ): TableChange {
    return this.add(chain, [
      ...kind,
      network(destination.offset, destination.bytes),
      ...ofMacvlan,
      { type: 'lookup', set: 'vmac_map', register: 2, into: 2 },
      { type: 'duplicate', address: 1, device: 2 },
    ]);
  }

  /** The chain for what comes, and those for what is link-local. */
  parts(): readonly TableChange[] {
    return [this.base('in'), newChain(this.#table, 'in_link_local'), newChain(this.#table, 'out_link_local')];
  }

  /** Neighbour discovery passes, and what is link-local is looked at with its interface. */
  neighbours(): readonly TableChange[] {
    const pass = (chain: string): TableChange =>
      this.add(chain, [network(6, 1), equals(58), icmpv6Type, inSet(1, 'neighbor-discovery')], {
        type: 'verdict',
        verdict: 'accept',
      });
    const part = (chain: string, offset: number): TableChange =>
      this.add(chain, [network(offset, 16), ...linkLocal], { type: 'goto', chain: `${chain}_link_local` });
    const types = neighbourTypes.map((icmp) => ({ key: Uint8Array.of(icmp) }));
    return [
      newSet(this.#table, { name: 'neighbor-discovery', key: 'icmpv6Type', constant: true }),
      ...newElements(this.#table, 'neighbor-discovery', types),
      pass('in'),
      part('in', ipv6Destination),
      pass('out'),
      part('out', ipv6Source),
    ];
  }

  /** Packets to and from the set's IPv6 addresses; `meta`: of this interface. */
  both(
    suffix: string,
    set: SetName,
    meta?: { readonly in: 'iif' | 'iifname'; readonly out: 'oif' | 'oifname' },
  ): readonly TableChange[] {
    return (['in', 'out'] as const).map((chain) => {
      const address = network(chain === 'in' ? ipv6Destination : ipv6Source, 16);
      const where: readonly Expression[] = meta === undefined ? [] : [{ type: 'meta', key: meta[chain], into: 2 }];
      return this.add(`${chain}${suffix}`, [address, ...where, inSet(1, bareName(set))]);
    });
  }
}
