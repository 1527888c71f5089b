import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseIp } from '../../src/core/index.ts';
import { findControl, membership, writeControl, writeSocketAddress } from '../../src/platform/socket-abi.ts';
import { splitIpv4 } from '../../src/platform/vrrp-receiver.ts';

function ip(text: string) {
  const parsed = parseIp(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

describe('socket structures', () => {
  test('addresses and memberships are the bytes of the kernel headers', () => {
    const into = Buffer.alloc(28, 0xee);
    assert.equal(writeSocketAddress(into, ip('192.0.2.1'), 9), 16);
    assert.equal(into.toString('hex', 0, 16), '02000000c00002010000000000000000');
    assert.equal(writeSocketAddress(into, ip('ff02::12'), 9), 28);
    assert.equal(into.toString('hex'), '0a00000000000000ff02000000000000000000000000001209000000');
    assert.equal(membership(ip('224.0.0.18'), 3).toString('hex'), 'e00000120000000003000000');
    assert.equal(membership(ip('ff02::12'), 3).toString('hex'), 'ff02000000000000000000000000001203000000');
  });

  test('control messages that were written are found, padded or not', () => {
    const into = Buffer.alloc(64);
    const second = writeControl(into, 0, 41, 52, Uint8Array.of(255, 0, 0, 0));
    const end = writeControl(into, second, 41, 50, new Uint8Array(20).fill(7));
    assert.equal(findControl(into, end, 41, 52, 4), 16);
    assert.equal(findControl(into, end, 41, 50, 20), second + 16);
    assert.equal(findControl(into, end, 41, 50, 21), undefined);
    assert.equal(findControl(into, end, 0, 50, 20), undefined);
  });

  test('whatever bytes come, the search ends and stays inside', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 96 }), (bytes) => {
        const found = findControl(Buffer.from(bytes), bytes.length, 41, 50, 20);
        return found === undefined || found + 20 <= bytes.length;
      }),
    );
  });
});

describe('a received IPv4 datagram', () => {
  const header = '4600001c00000000ff700000c0a80001e0000012 01010000'.replace(' ', '');
  test('is split behind its options, and both halves are copies', () => {
    const bytes = Buffer.from(`${header}2101`, 'hex');
    const packet = splitIpv4(bytes);
    bytes.fill(0);
    assert.deepEqual(packet, {
      source: '192.168.0.1',
      destination: '224.0.0.18',
      ttl: 255,
      payload: Uint8Array.of(0x21, 0x01),
      header: new Uint8Array(Buffer.from(header, 'hex')),
    });
  });

  test('cut or of another version is none; nothing throws', () => {
    assert.equal(splitIpv4(Buffer.from(header, 'hex').subarray(0, 23)), undefined);
    assert.equal(splitIpv4(new Uint8Array(40).fill(0x60)), undefined);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const packet = splitIpv4(bytes);
        return packet === undefined || packet.payload.length <= bytes.length - 20;
      }),
    );
  });
});
