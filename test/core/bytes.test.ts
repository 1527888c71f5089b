import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ByteReader, ByteWriter, internetChecksum, TruncatedError } from '../../src/core/index.ts';

describe('bytes', () => {
  test('what is written is read back, beyond the first capacity', () => {
    const writer = new ByteWriter(2);
    writer
      .u8(1)
      .u16be(0x0203)
      .u32be(0x04050607)
      .u16le(0x0908)
      .u32le(0x0d0c0b0a)
      .u64le(0x1122334455667788n)
      .zeros(3)
      .bytes(Uint8Array.of(9, 9));
    writer.patchU16be(1, 0xbeef).patchU16le(7, 0x0102).patchU32le(9, 0xcafebabe);
    const reader = new ByteReader(writer.finish());
    assert.equal(reader.u8(), 1);
    assert.equal(reader.u16be(), 0xbeef);
    assert.equal(reader.u32be(), 0x04050607);
    assert.equal(reader.u16le(), 0x0102);
    assert.equal(reader.u32le(), 0xcafebabe);
    assert.equal(reader.u64le(), 0x1122334455667788n);
    assert.deepEqual(reader.take(3), Uint8Array.of(0, 0, 0));
    assert.equal(reader.remaining, 2);
  });

  test('reading past the end says where and how much', () => {
    const reader = new ByteReader(Uint8Array.of(1, 2, 3));
    reader.skip(2);
    assert.throws(() => reader.u32be(), new TruncatedError(2, 4, 3));
    assert.equal(reader.offset, 2);
    assert.throws(() => reader.take(-1), TruncatedError);
  });

  test('patching what was not written is refused', () => {
    assert.throws(() => new ByteWriter().u8(1).patchU16be(0, 1), RangeError);
  });

  test('the checksum of RFC 1071, section 3, is right', () => {
    assert.equal(internetChecksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7)), ~0xddf2 & 0xffff);
  });

  test('a message that carries its checksum sums to zero', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2, maxLength: 3000 }), (data) => {
        const even = data.length % 2 === 0 ? data : data.slice(1);
        const sum = internetChecksum(even);
        assert.equal(internetChecksum(even, Uint8Array.of(sum >> 8, sum & 0xff)), 0);
      }),
    );
  });
});
