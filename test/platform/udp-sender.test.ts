import assert from 'node:assert/strict';
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { parseIp } from '../../src/core/index.ts';
import { openUdpSender } from '../../src/platform/index.ts';

test('all datagrams of a sender come from one port of 49152 to 65535 (RFC 5881 section 4)', async () => {
  const receiver = createSocket('udp4').bind(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address();
  const loopback = parseIp('127.0.0.1');
  assert.ok(loopback.ok);
  const troubles: string[] = [];
  const onError = (text: string): unknown => troubles.push(text);
  const sender = openUdpSender({ destination: loopback.value, port, ttl: 255, onError }, Math.random);
  const ports: number[] = [];
  for (const text of ['first', 'second', 'third']) {
    sender.send(Buffer.from(text));
    const [data, from] = (await once(receiver, 'message')) as [Buffer, RemoteInfo];
    assert.equal(data.toString(), text);
    ports.push(from.port);
  }
  await sender.close();
  receiver.close();
  assert.equal(new Set(ports).size, 1);
  assert.ok((ports[0] ?? 0) >= 49_152 && (ports[0] ?? 0) <= 65_535, String(ports[0]));
  assert.deepEqual(troubles, []);
});
