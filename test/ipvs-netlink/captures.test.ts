import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ByteWriter } from '../../src/core/index.ts';
import { attributeList, writeBytes } from '../../src/netlink/index.ts';
import { captures, differences, kinds, objectsOf, read, reasons, rewritten, type Kind } from './captured.ts';

/** Services, destinations and daemons as ipvsadm, keepalived and the kernel wrote them. */

const objects = captures.flatMap(objectsOf);
const whole = objects.filter(({ kind, bytes }) => read(kind, bytes) !== undefined);

/** What says which object it is, and what is read where an attribute of the rest is missing. */
const identity: Readonly<Record<Kind, readonly string[]>> = {
  service: ['key', 'scheduler'],
  destination: ['address', 'port', 'forwarding'],
  daemon: ['role'],
};
const absent: Readonly<Record<Kind, object>> = {
  service: { flags: 0, timeoutSecs: 0, persistenceEngine: undefined },
  destination: { weight: 0, upperThreshold: 0, lowerThreshold: 0 },
  daemon: { interface: '', syncId: 0, maxlen: undefined, group: undefined, port: undefined, ttl: undefined },
};

describe('captured services, destinations and daemons', () => {
  test('are there, of each kind and from each side', () => {
    const found = new Set(whole.map(({ kind, by }) => `${kind} of ${by}`));
    const expected = kinds.flatMap((kind) => ['ipvsadm', 'keepalived', 'the kernel'].map((by) => `${kind} of ${by}`));
    assert.deepEqual([...found].sort(), expected.sort());
    const values = JSON.stringify(whole.map(({ kind, bytes }) => read(kind, bytes)));
    for (const value of ['tcp', 'udp', 'sctp', 'fwmark', 'sip', 'masq', 'direct-route', 'tunnel', 'ipip', 'gue', 'gre'])
      assert.ok(values.includes(`"${value}"`), value);
  });

  test('are all read, but for services that are only named', () => {
    const unread = objects.filter(({ kind, bytes }) => read(kind, bytes) === undefined);
    assert.deepEqual(
      unread.filter(({ kind, bytes }) => kind !== 'service' || attributeList(bytes).some(({ type }) => type > 5)),
      [],
    );
  });

  test('are written as they were read, or the reason is known', () => {
    const met = new Set<string>();
    for (const { kind, bytes, capture } of whole) {
      const written = rewritten(kind, bytes);
      for (const difference of differences(kind, bytes, written)) {
        assert.ok(difference in reasons, `${capture}: ${kind}: ${difference}`);
        met.add(difference);
      }
      assert.deepEqual(unused(read(kind, written)), unused(read(kind, bytes)), `${capture}: ${kind}`);
    }
    assert.deepEqual([...met].sort(), Object.keys(reasons).sort(), 'a reason that nothing needs');
  });

  test('cut anywhere are not read at all, or without what was cut', () => {
    for (const { kind, bytes, capture } of whole) {
      const full = read(kind, bytes) as Readonly<Record<string, unknown>>;
      // The address family of a destination comes late; where it is cut off, the service's counts.
      const family = String(full['address']).includes(':') ? 'ipv6' : 'ipv4';
      for (let length = 0; length < bytes.length; length++) {
        const cut = read(kind, bytes.subarray(0, length), family) as Readonly<Record<string, unknown>> | undefined;
        if (cut === undefined) continue;
        const where = `${capture}: ${kind}, ${String(length)} bytes`;
        for (const name of identity[kind]) assert.deepEqual(cut[name], full[name], `${where}: ${name}`);
        for (const [name, value] of Object.entries(absent[kind]))
          if (!isEqual(cut[name], value)) assert.deepEqual(cut[name], full[name], `${where}: ${name}`);
      }
    }
  });

  test('with attributes that nobody knows, anywhere among the others, say the same', () => {
    for (const { kind, bytes, capture } of whole) {
      const list = attributeList(bytes);
      for (let at = 0; at <= list.length; at++) {
        const writer = new ByteWriter();
        for (const [i, { type, value }] of list.entries()) {
          if (i === at) writeStrange(writer);
          writeBytes(writer, type, value);
        }
        if (at === list.length) writeStrange(writer);
        assert.deepEqual(read(kind, writer.finish()), read(kind, bytes), `${capture}: ${kind}`);
      }
    }
  });

  test('with a value of any other length are read without a throw', () => {
    for (const { kind, bytes } of whole) {
      const list = attributeList(bytes);
      for (const changed of list.keys())
        for (const length of [0, 1, 2, 3, 5, 15, 17, 40]) {
          const writer = new ByteWriter();
          for (const [i, { type, value }] of list.entries())
            writeBytes(writer, type, i === changed ? resized(value, length) : value);
          read(kind, writer.finish());
        }
    }
  });
});

/** Without what the kernel counts, which nobody writes. */
function unused(object: object | undefined): object {
  return { ...object, use: undefined };
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Types that no kernel has yet: empty, of an odd length, and nested. */
function writeStrange(writer: ByteWriter): void {
  writeBytes(writer, 99, new Uint8Array(0));
  writeBytes(writer, 100, Uint8Array.of(1, 2, 3));
  writeBytes(writer, 0x8000 | 101, Uint8Array.of(8, 0, 1, 0, 1, 0, 0, 0));
}

function resized(value: Uint8Array, length: number): Uint8Array {
  const copy = new Uint8Array(length);
  copy.set(value.subarray(0, length));
  return copy;
}
