import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decodeControl, encodeControl, type ControlPacket } from '../../src/bfd/index.ts';

const captured = readFileSync(path.join(import.meta.dirname, '../wire/bfd/keepalived.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split(/ +/) as [string, string]);

describe('captured packets', () => {
  for (const [name, hex] of captured) {
    test(`${name} is read and written`, () => {
      const bytes = Buffer.from(hex, 'hex');
      const packet = decodeControl(bytes);
      assert.ok(packet.ok);
      const { state, poll, final, detectMult, desiredMinTxUs, requiredMinRxUs } = packet.value;
      const words = [state, ...(poll ? ['Poll'] : []), ...(final ? ['Final'] : [])];
      assert.equal(words.join(), name);
      assert.deepEqual([detectMult, requiredMinRxUs], [4, 50_000]);
      assert.equal(desiredMinTxUs, state === 'Up' ? 60_000 : 1_000_000);
      assert.equal(Buffer.from(encodeControl(packet.value)).toString('hex'), hex);
    });
  }
});

describe('a packet that is not valid (RFC 5880 section 6.8.6)', () => {
  const good = Buffer.from('20c004184dcbe537e09147c00000ea600000c35000000000', 'hex');
  const changed = (at: number, value: number): Uint8Array => {
    const copy = Uint8Array.from(good);
    copy[at] = value;
    return copy;
  };
  const zeroed = (from: number, to: number): Uint8Array => Uint8Array.from(good).fill(0, from, to);
  for (const [name, bytes, reason] of [
    ['too short', good.subarray(0, 23), /23 bytes/],
    ['empty', new Uint8Array(0), /0 bytes/],
    ['version 0', changed(0, 0x00), /version is 0/],
    ['version 2', changed(0, 0x40), /version is 2/],
    ['length field below 24', changed(3, 23), /length field says 23/],
    ['length field below 26 with authentication', changed(1, 0xc4), /length field says 24/],
    ['length field beyond the packet', changed(3, 25), /25 of 24 bytes/],
    ['detection multiplier 0', changed(2, 0), /multiplier is 0/],
    ['multipoint bit', changed(1, 0xc1), /multipoint/],
    ['no discriminator of its own', zeroed(4, 8), /discriminator is 0/],
    ['no discriminator of ours while Up', zeroed(8, 12), /names no session/],
  ] as const) {
    test(name, () => {
      const packet = decodeControl(bytes);
      assert.ok(!packet.ok);
      assert.match(packet.error, reason);
    });
  }

  test('no discriminator of ours is right while Down', () => {
    const bytes = zeroed(8, 12);
    bytes[1] = 0x40;
    assert.ok(decodeControl(bytes).ok);
  });
});

test('whatever is written is read again, and nothing that is read throws', () => {
  const u32 = fc.nat(2 ** 32 - 1);
  const packet: fc.Arbitrary<ControlPacket> = fc.record(
    {
      diagnostic: fc.nat(31),
      state: fc.constantFrom('AdminDown', 'Down', 'Init', 'Up'),
      poll: fc.boolean(),
      final: fc.boolean(),
      demand: fc.boolean(),
      authenticated: fc.constant(false),
      detectMult: fc.integer({ min: 1, max: 255 }),
      myDiscriminator: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      yourDiscriminator: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      desiredMinTxUs: u32,
      requiredMinRxUs: u32,
      requiredMinEchoRxUs: u32,
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(packet, (value) => {
      assert.deepEqual(decodeControl(encodeControl(value)), { ok: true, value });
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      decodeControl(bytes);
    }),
  );
});
