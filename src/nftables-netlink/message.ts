import type { ByteWriter } from '../core/index.ts';
import { writeBytes, writeNested, writeText, writeU32be } from '../netlink/index.ts';
import { writeExpressions, type Expression } from './expression.ts';

/** Changes of nftables (linux/netfilter/nf_tables.h); numbers are in network order. */

export type TableFamily = 'ip' | 'ip6';
const families = { ip: 2, ip6: 10 } as const;

/** NFNL_SUBSYS_NFTABLES: the upper byte of each message's type. */
export const subsystem = 10;
const type = (message: number): number => (subsystem << 8) | message;
const messageTypes = {
  newTable: type(0),
  deleteTable: type(2),
  newChain: type(3),
  newRule: type(6),
  newSet: type(9),
  newElements: type(12),
  deleteElements: type(14),
} as const;

const flag = { create: 0x400, append: 0x800 } as const;
const tableAttribute = { name: 1, flags: 2 } as const;
const chainAttribute = { table: 1, name: 3, hook: 4, policy: 5, type: 7 } as const;
const hookAttribute = { number: 1, priority: 2 } as const;
const ruleAttribute = { table: 1, chain: 2, expressions: 4 } as const;
const setAttribute = {
  table: 1,
  name: 2,
  flags: 3,
  keyType: 4,
  keyLength: 5,
  dataType: 6,
  dataLength: 7,
  id: 10,
  userData: 13,
} as const;
const elementsAttribute = { table: 1, set: 2, elements: 3 } as const;
const elementAttribute = { key: 1, data: 2 } as const;
const listElement = 1;
const dataValue = 1;
const setFlag = { constant: 0x2, map: 0x8 } as const;
/** NF_INET_LOCAL_IN and NF_INET_LOCAL_OUT. */
const hooks = { input: 1, output: 3 } as const;
const acceptPolicy = 1;

/** One message of a transaction. */
export interface TableChange {
  /** What an error calls it. */
  readonly what: string;
  readonly type: number;
  readonly flags: number;
  readonly body: (writer: ByteWriter) => void;
}

export interface Table {
  readonly family: TableFamily;
  readonly name: string;
}

/** The kinds of keys: the number that nft has for each, to show them, and the length in bytes. */
const keyKinds = {
  ipv4Address: { number: 7, bytes: 4, hostOrder: false },
  ipv6Address: { number: 8, bytes: 16, hostOrder: false },
  interfaceIndex: { number: 20, bytes: 4, hostOrder: true },
  icmpv6Type: { number: 29, bytes: 1, hostOrder: false },
  ipv6AddressOnIndex: { number: (8 << 6) | 20, bytes: 20, hostOrder: undefined },
  ipv6AddressOnName: { number: (8 << 6) | 41, bytes: 32, hostOrder: undefined },
} as const;
export type KeyKind = keyof typeof keyKinds;

export interface SetElement {
  readonly key: Uint8Array;
  readonly data?: Uint8Array;
}

function change(
  { family, name }: Table,
  what: string,
  kind: { readonly type: number; readonly flags?: number },
  body: (writer: ByteWriter) => void,
): TableChange {
  return {
    what: `${what} of table ${family} ${name}`,
    type: kind.type,
    flags: kind.flags ?? 0,
    body: (writer) => {
      // nfgenmsg: family, version 0, resource 0
      writer.u8(families[family]).u8(0).u16be(0);
      body(writer);
    },
  };
}

export function newTable(table: Table): TableChange {
  return change(table, 'creation', { type: messageTypes.newTable, flags: flag.create }, (writer) => {
    writeText(writer, tableAttribute.name, table.name);
    writeU32be(writer, tableAttribute.flags, 0);
  });
}

/** Fails where there is none. */
export function deleteTable(table: Table): TableChange {
  return change(table, 'removal', { type: messageTypes.deleteTable }, (writer) => {
    writeText(writer, tableAttribute.name, table.name);
  });
}

/** A chain of type filter, accepting; without hook it is only gone to. */
export function newChain(
  table: Table,
  name: string,
  hook?: { readonly at: keyof typeof hooks; readonly priority: number },
): TableChange {
  return change(table, `chain ${name}`, { type: messageTypes.newChain, flags: flag.create }, (writer) => {
    writeText(writer, chainAttribute.table, table.name);
    writeText(writer, chainAttribute.name, name);
    if (hook === undefined) return;
    writeText(writer, chainAttribute.type, 'filter');
    writeU32be(writer, chainAttribute.policy, acceptPolicy);
    writeNested(writer, chainAttribute.hook, (inner) => {
      writeU32be(inner, hookAttribute.number, hooks[hook.at]);
      writeU32be(inner, hookAttribute.priority, hook.priority);
    });
  });
}

/** A rule at the chain's end. */
export function newRule(table: Table, chain: string, expressions: readonly Expression[]): TableChange {
  const kind = { type: messageTypes.newRule, flags: flag.create | flag.append };
  return change(table, `rule in ${chain}`, kind, (writer) => {
    writeText(writer, ruleAttribute.table, table.name);
    writeText(writer, ruleAttribute.chain, chain);
    writeNested(writer, ruleAttribute.expressions, (list) => {
      writeExpressions(list, expressions);
    });
  });
}

export interface NewSet {
  readonly name: string;
  readonly key: KeyKind;
  /** Each key has a value: of interfaces the index. */
  readonly data?: KeyKind;
  readonly constant?: boolean;
}

export function newSet(table: Table, set: NewSet): TableChange {
  return change(table, `set ${set.name}`, { type: messageTypes.newSet, flags: flag.create }, (writer) => {
    const key = keyKinds[set.key];
    const data = set.data === undefined ? undefined : keyKinds[set.data];
    writeText(writer, setAttribute.table, table.name);
    writeText(writer, setAttribute.name, set.name);
    const constant = set.constant === true ? setFlag.constant : 0;
    writeU32be(writer, setAttribute.flags, constant | (data === undefined ? 0 : setFlag.map));
    writeU32be(writer, setAttribute.keyType, key.number);
    writeU32be(writer, setAttribute.keyLength, key.bytes);
    if (data !== undefined) {
      writeU32be(writer, setAttribute.dataType, data.number);
      writeU32be(writer, setAttribute.dataLength, data.bytes);
    }
    // Asked for by the kernel, and looked at only for sets without a name.
    writeU32be(writer, setAttribute.id, 1);
    writeBytes(writer, setAttribute.userData, byteOrders(key.hostOrder, data?.hostOrder));
  });
}

/** What nft keeps with a set to show its elements: type, length and value of the byte order of keys (0) and of values (1). */
function byteOrders(...orders: readonly (boolean | undefined)[]): Uint8Array {
  return Uint8Array.from(orders.flatMap((host, i) => (host === undefined ? [] : [i, 4, host ? 1 : 2, 0, 0, 0])));
}

export function newElements(table: Table, set: string, elements: readonly SetElement[]): readonly TableChange[] {
  return elementChanges(table, set, elements, { type: messageTypes.newElements, flags: flag.create });
}

/** Fails where one of them is not there. */
export function deleteElements(table: Table, set: string, elements: readonly SetElement[]): readonly TableChange[] {
  return elementChanges(table, set, elements, { type: messageTypes.deleteElements });
}

/** An attribute, in which the list travels, holds 64 KB; each element is 80 bytes at most. */
const elementsPerMessage = 500;

function elementChanges(
  table: Table,
  set: string,
  elements: readonly SetElement[],
  kind: { readonly type: number; readonly flags?: number },
): readonly TableChange[] {
  const parts = Array.from({ length: Math.ceil(elements.length / elementsPerMessage) }, (_, i) =>
    elements.slice(i * elementsPerMessage, (i + 1) * elementsPerMessage),
  );
  return parts.map((part) =>
    change(table, `elements in ${set}`, kind, (writer) => {
      writeText(writer, elementsAttribute.table, table.name);
      writeText(writer, elementsAttribute.set, set);
      writeNested(writer, elementsAttribute.elements, (list) => {
        for (const { key, data } of part) {
          writeNested(list, listElement, (element) => {
            writeValue(element, elementAttribute.key, key);
            if (data !== undefined) writeValue(element, elementAttribute.data, data);
          });
        }
      });
    }),
  );
}

function writeValue(writer: ByteWriter, attribute: number, value: Uint8Array): void {
  writeNested(writer, attribute, (inner) => {
    writeBytes(inner, dataValue, value);
  });
}
