import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { ByteWriter, type IpFamily } from '../../src/core/index.ts';
import { parseDestination, parseService, writeDestination, writeService } from '../../src/ipvs-netlink/codec.ts';
import { parseDaemon, writeDaemon } from '../../src/ipvs-netlink/sync-daemon.ts';
import { attributeList, messageFlag, parseAttributes, parseMessages, writeBytes } from '../../src/netlink/index.ts';
import { readCapture } from '../netlink/capture.ts';

export type Kind = 'service' | 'destination' | 'daemon';
export const kinds: readonly Kind[] = ['service', 'destination', 'daemon'];
/** IPVS_CMD_SET_INFO: the one message whose attributes are no objects. */
const setInfo = 14;
/** Types below belong to netlink itself and to the list of families. */
const firstFamily = 17;

/** A service, destination or daemon as somebody wrote it. */
export interface CapturedObject {
  readonly kind: Kind;
  readonly by: 'ipvsadm' | 'keepalived' | 'the kernel';
  readonly bytes: Uint8Array;
  readonly capture: string;
}

/** Made by scripts/capture-ipvs.ts, and the single commands before it by hand with ipvsadm. */
export const captures = readdirSync(new URL('../wire/ipvs', import.meta.url)).map((file) => file.replace('.hex', ''));

export function objectsOf(capture: string): readonly CapturedObject[] {
  const program = capture === 'keepalived' ? 'keepalived' : 'ipvsadm';
  return readCapture(`ipvs/${capture}`).flatMap(({ request, answers }) =>
    [request, ...answers].flatMap((datagram) =>
      parseMessages(datagram).messages.flatMap(({ type, flags, payload }) =>
        type < firstFamily || payload[0] === setInfo
          ? []
          : attributeList(payload.subarray(4)).flatMap((attribute) => {
              const kind = kinds[attribute.type - 1];
              const by = (flags & messageFlag.request) === 0 ? 'the kernel' : program;
              return kind === undefined ? [] : [{ kind, by, bytes: attribute.value, capture } as const];
            }),
      ),
    ),
  );
}

/** What our codec makes of an object; `serviceFamily` counts for destinations that do not name theirs. */
export function read(kind: Kind, bytes: Uint8Array, serviceFamily: IpFamily = 'ipv4'): object | undefined {
  if (kind === 'service') return parseService(bytes);
  return kind === 'destination' ? parseDestination(bytes, serviceFamily) : parseDaemon(bytes);
}

/** The object read and written again. */
export function rewritten(kind: Kind, bytes: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  if (kind === 'service') writeService(writer, parseService(bytes) ?? assert.fail('not read'));
  else if (kind === 'destination') writeDestination(writer, parseDestination(bytes, 'ipv4') ?? assert.fail('not read'));
  else writeDaemon(writer, parseDaemon(bytes) ?? assert.fail('not read'));
  const [body] = parseAttributes(writer.finish()).values();
  return body ?? assert.fail('nothing was written');
}

/** A service that is only named, with all that it takes to read it: the scheduler. */
export function named(service: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  if (!parseAttributes(service).has(6)) writeBytes(writer, 6, Uint8Array.of(0));
  return writer.bytes(service).finish();
}

/** One attribute that differs: the captured one, ours, and all captured ones of the object. */
interface Pair {
  readonly theirs: Uint8Array | undefined;
  readonly ours: Uint8Array | undefined;
  readonly all: ReadonlyMap<number, Uint8Array>;
}

interface Reason {
  readonly kind: Kind;
  readonly types: readonly number[];
  readonly holds: (pair: Pair) => boolean;
}

const tunnel = 2;
/** IP_VS_SVC_F_HASHED */
const hashed = 2;

/** All reasons for which an attribute may differ from the captured one. */
export const reasons = {
  'they let the kernel set its own flags too, and the kernel shows its own': {
    kind: 'service',
    types: [7],
    holds: ({ theirs, ours }) => {
      const [value = 0, , , , mask = 0] = ours ?? [];
      const [theirValue = 0, ...rest] = theirs ?? [];
      return rest.length === 7 && theirValue === (value | (theirValue & hashed)) && (value & ~mask) === 0;
    },
  },
  'the kernel counts': {
    kind: 'service',
    types: [10, 12],
    holds: ({ ours }) => ours === undefined,
  },
  'the kernel counts connections too': {
    kind: 'destination',
    types: [7, 8, 9, 10, 12],
    holds: ({ ours }) => ours === undefined,
  },
  'nobody reads what stands behind an IPv4 address': {
    kind: 'destination',
    types: [1],
    holds: ({ theirs, ours, all }) => all.get(11)?.[0] !== 10 && isSame(theirs?.subarray(0, 4), ours?.subarray(0, 4)),
  },
  'a tunnel of no server is of no type': {
    kind: 'destination',
    types: [13, 14, 15],
    holds: ({ theirs, ours, all }) =>
      ours === undefined && isNothing(theirs) && ((all.get(3)?.[0] ?? 0) & 7) !== tunnel,
  },
  'a tunnel that needs no port and flags has them as zero': {
    kind: 'destination',
    types: [14, 15],
    holds: ({ theirs, ours, all }) => theirs === undefined && isNothing(ours) && (all.get(3)?.[0] ?? 0) === tunnel,
  },
  'who stops a daemon names no interface': {
    kind: 'daemon',
    types: [2],
    holds: ({ theirs, ours }) => theirs === undefined && isNothing(ours),
  },
} as const satisfies Readonly<Record<string, Reason>>;

export type ReasonName = keyof typeof reasons;

/** Compares attribute by attribute, since their order says nothing: the reasons of what differs, and 'attribute N' for what has none. */
export function differences(kind: Kind, theirs: Uint8Array, ours: Uint8Array): readonly string[] {
  const [all, mine] = [parseAttributes(theirs), parseAttributes(ours)];
  return [...new Set([...all.keys(), ...mine.keys()])].flatMap((type) => {
    const pair = { theirs: all.get(type), ours: mine.get(type), all };
    if (isSame(pair.theirs, pair.ours)) return [];
    const found = Object.entries<Reason>(reasons).find(
      ([, reason]) => reason.kind === kind && reason.types.includes(type) && reason.holds(pair),
    );
    return [found?.[0] ?? `attribute ${String(type)}`];
  });
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && Buffer.compare(a, b) === 0);
}

function isNothing(bytes: Uint8Array | undefined): boolean {
  return bytes?.every((byte) => byte === 0) === true;
}
