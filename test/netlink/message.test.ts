import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteWriter } from '../../src/core/index.ts';
import {
  attributeList,
  attributeText,
  attributeU16,
  attributeU16be,
  attributeU32,
  attributeU32be,
  attributeU8,
  parseAttributes,
  parseMessages,
  writeBytes,
  writeMessage,
  writeNested,
  writeText,
  writeU16,
  writeU16be,
  writeU32,
  writeU8,
} from '../../src/netlink/index.ts';

function written(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return writer.finish();
}

test('attributes are padded to 4 bytes, in the order of the kernel', () => {
  const bytes = written((writer) => {
    writeU8(writer, 1, 7);
    writeU16(writer, 2, 0x1234);
    writeU16be(writer, 3, 0x1234);
    writeU32(writer, 4, 0xfffefdfc);
    writeText(writer, 5, 'rr');
  });
  const expected =
    '0500010007000000' + '0600020034120000' + '0600030012340000' + '08000400fcfdfeff' + '0700050072720000';
  assert.equal(Buffer.from(bytes).toString('hex'), expected);
  const attributes = parseAttributes(bytes);
  assert.equal(attributeU8(attributes, 1), 7);
  assert.equal(attributeU16(attributes, 2), 0x1234);
  assert.equal(attributeU16be(attributes, 3), 0x1234);
  assert.equal(attributeU32(attributes, 4), 0xfffefdfc);
  assert.equal(attributeU32be(attributes, 4), 0xfcfdfeff);
  assert.equal(attributeText(attributes, 5), 'rr');
  assert.equal(attributeU32(attributes, 2), undefined, 'too short for what is asked');
  assert.equal(attributeText(attributes, 9), undefined);
});

test('a nested attribute is marked as one, and found without the mark', () => {
  const bytes = written((writer) => {
    writeNested(writer, 2, (inner) => {
      writeU32(inner, 1, 5);
    });
  });
  assert.equal(Buffer.from(bytes).toString('hex'), '0c000280' + '0800010005000000');
  assert.equal(attributeU32(parseAttributes(parseAttributes(bytes).get(2) ?? new Uint8Array(0)), 1), 5);
});

const attribute = fc.tuple(fc.integer({ min: 0, max: 0x3fff }), fc.uint8Array({ maxLength: 40 }));

test('attributes nobody knows survive, in order and with repetitions', () => {
  fc.assert(
    fc.property(fc.array(attribute), (attributes) => {
      const bytes = written((writer) => {
        for (const [type, value] of attributes) writeBytes(writer, type, value);
      });
      assert.deepEqual(
        attributeList(bytes).map(({ type, value }) => [type, value]),
        attributes,
      );
    }),
  );
});

const message = fc.record(
  {
    type: fc.integer({ min: 0, max: 0xffff }),
    flags: fc.integer({ min: 0, max: 0xffff }),
    sequence: fc.integer({ min: 0, max: 0xffffffff }),
    payload: fc.uint8Array({ maxLength: 60 }),
  },
  { noNullPrototype: true },
);

function datagramOf(messages: readonly { type: number; flags: number; sequence: number; payload: Uint8Array }[]) {
  return written((writer) => {
    for (const { payload, ...header } of messages) writeMessage(writer, header, (body) => body.bytes(payload));
  });
}

test('messages survive in one datagram', () => {
  fc.assert(
    fc.property(fc.array(message), (messages) => {
      const { messages: found, complete } = parseMessages(datagramOf(messages));
      assert.deepEqual(
        found,
        messages.map((one) => ({ ...one, portId: 0 })),
      );
      assert.ok(complete);
    }),
  );
});

test('a datagram cut anywhere gives the messages before the cut', () => {
  fc.assert(
    fc.property(fc.array(message, { minLength: 1 }), fc.nat(), (messages, at) => {
      const bytes = datagramOf(messages);
      const cut = parseMessages(bytes.subarray(0, at % bytes.length));
      assert.ok(cut.messages.length <= messages.length);
      for (const [i, found] of cut.messages.entries()) assert.deepEqual(found, { ...messages[i], portId: 0 });
    }),
  );
});

test('any bytes are read without a throw and without an end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      parseMessages(bytes);
      attributeList(bytes);
    }),
  );
});
