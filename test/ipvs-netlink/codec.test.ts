import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  ByteWriter,
  ipFromBytes,
  type IpvsDestination,
  type IpvsService,
  type IpvsSyncDaemon,
} from '../../src/core/index.ts';
import { parseDestination, parseService, writeDestination, writeService } from '../../src/ipvs-netlink/codec.ts';
import { parseDaemon, writeDaemon } from '../../src/ipvs-netlink/sync-daemon.ts';
import { parseAttributes } from '../../src/netlink/index.ts';

const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const v4 = fc.uint8Array({ minLength: 4, maxLength: 4 }).map(ipFromBytes);
const v6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(ipFromBytes);
const name = fc.stringMatching(/^[a-z_]{1,15}$/);

function service(address: typeof v4, family: 'ipv4' | 'ipv6', bits: number): fc.Arbitrary<IpvsService> {
  return fc
    .record({
      key: fc.oneof(
        fc.record({
          kind: fc.constant('address' as const),
          protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'sctp' as const),
          address,
          port: u16,
        }),
        fc.record({
          kind: fc.constant('fwmark' as const),
          fwmark: fc.integer({ min: 1, max: 0xffffffff }),
          family: fc.constant(family),
        }),
      ),
      scheduler: name,
      flags: fc.constantFrom(0, 1, 4, 5, 8, 24, 61),
      timeoutSecs: u32,
      netmask: bits === 32 ? u32 : fc.integer({ min: 0, max: 128 }),
      persistenceEngine: fc.option(name, { nil: undefined }),
    })
    .map(({ persistenceEngine, ...rest }) => (persistenceEngine === undefined ? rest : { ...rest, persistenceEngine }));
}

const plain = { port: u16, weight: u32, upperThreshold: u32, lowerThreshold: u32 };
const destination: fc.Arbitrary<IpvsDestination> = fc.oneof(
  fc.record({
    ...plain,
    address: fc.oneof(v4, v6),
    forwarding: fc.constantFrom('masq' as const, 'local' as const, 'direct-route' as const, 'bypass' as const),
  }),
  fc.record({
    ...plain,
    address: fc.oneof(v4, v6),
    forwarding: fc.constant('tunnel' as const),
    tunnel: fc.record({
      type: fc.constantFrom('ipip' as const, 'gue' as const, 'gre' as const),
      port: u16,
      flags: fc.integer({ min: 0, max: 3 }),
    }),
  }),
);

/** What is in the one nested attribute that was written. */
function body(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  const [value] = parseAttributes(writer.finish()).values();
  assert.ok(value !== undefined);
  return value;
}

test('a service survives the way to the kernel and back', () => {
  fc.assert(
    fc.property(fc.oneof(service(v4, 'ipv4', 32), service(v6, 'ipv6', 128)), (made) => {
      const value = structuredClone(made);
      const bytes = body((writer) => {
        writeService(writer, value);
      });
      assert.deepEqual(parseService(bytes), value);
    }),
  );
});

test('so does a destination, of either family under a service of the other', () => {
  fc.assert(
    fc.property(destination, fc.constantFrom('ipv4' as const, 'ipv6' as const), (made, serviceFamily) => {
      const value = structuredClone(made);
      const bytes = body((writer) => {
        writeDestination(writer, value);
      });
      const { use, ...found } = parseDestination(bytes, serviceFamily) ?? assert.fail('not read');
      assert.deepEqual(found, value);
      assert.deepEqual(use, { activeConns: 0, inactConns: 0, persistConns: 0 });
    }),
  );
});

test('so does a sync daemon', () => {
  const daemon: IpvsSyncDaemon = {
    role: 'backup',
    interface: 'eth0',
    syncId: 255,
    maxlen: 1400,
    group: ipFromBytes(Uint8Array.of(224, 0, 0, 81)),
    port: 8848,
    ttl: 3,
  };
  const bytes = body((writer) => {
    writeDaemon(writer, daemon);
  });
  assert.deepEqual(parseDaemon(bytes), daemon);
});

test('any bytes are read without a throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      parseService(bytes);
      parseDestination(bytes, 'ipv4');
      parseDaemon(bytes);
    }),
  );
});
