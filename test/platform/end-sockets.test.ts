import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { readdirSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { parseIp, type IpAddress, type Result } from '../../src/core/index.ts';
import { endSockets } from '../../src/platform/index.ts';
import { widened } from '../../src/platform/ping-groups.ts';

type Ends = Parameters<typeof endSockets.connectTcp>[0];
type Outcome = Parameters<Parameters<typeof endSockets.connectTcp>[1]>[0];

function ip(text: string): IpAddress {
  const parsed = parseIp(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
}

const loopback = ip('127.0.0.1');

function connected(ends: Ends): Promise<Outcome> {
  return new Promise((resolve) => {
    endSockets.connectTcp(ends, resolve);
  });
}

function told(outcome: Result<unknown, { readonly code: string; readonly here: boolean }>): string {
  return outcome.ok ? 'connected' : `${outcome.error.code}${outcome.error.here ? ' here' : ''}`;
}

/** Descriptors are closed by the time that the event loop has turned. */
async function descriptors(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 5));
  return readdirSync('/proc/self/fd').length;
}

describe('connecting', () => {
  let server: Server;
  let port = 0;
  let peers: string[] = [];
  before(async () => {
    server = createServer((socket) => {
      peers.push(`${socket.remoteAddress ?? ''} ${String(socket.remotePort)}`);
      socket.on('error', () => undefined);
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    // With the first comes what they have in common.
    await connected({ connectIp: loopback, connectPort: 1 });
  });
  after(() => {
    server.close();
  });

  const failures: readonly {
    name: string;
    ends: Omit<Ends, 'connectPort'> & { connectPort?: number };
    told: string;
  }[] = [
    {
      name: 'a closed port is said of the server',
      ends: { connectIp: loopback, connectPort: 1 },
      told: 'ECONNREFUSED',
    },
    {
      name: 'an address that is not here is said of this host',
      ends: { connectIp: loopback, bindto: ip('203.0.113.1') },
      told: 'EADDRNOTAVAIL here',
    },
    {
      name: 'an interface that is not here is said of this host',
      ends: { connectIp: loopback, bindIf: 'wk-none' },
      told: 'ENODEV here',
    },
    { name: 'a link-local address without its interface', ends: { connectIp: ip('fe80::1') }, told: 'EINVAL here' },
    { name: 'no route', ends: { connectIp: ip('255.255.255.255') }, told: 'ENETUNREACH' },
  ];
  for (const { name, ends, told: expected } of failures) {
    test(name, async () => {
      const before = await descriptors();
      assert.equal(told(await connected({ connectPort: port, ...ends })), expected);
      assert.equal(await descriptors(), before);
    });
  }

  test('it comes from bindto and bind_port, at once again, and speaks as any stream', async () => {
    peers = [];
    const ends = { connectIp: loopback, connectPort: port, bindto: ip('127.0.0.7'), bindPort: 18_423, bindIf: 'lo' };
    for (let time = 0; time < 3; time++) {
      const outcome = await connected(ends);
      assert.ok(outcome.ok, told(outcome));
      const stream = outcome.value.stream();
      const echoed = new Promise((resolve) =>
        stream.once('data', (bytes) => {
          resolve(String(bytes));
        }),
      );
      stream.write('hello');
      assert.equal(await echoed, 'hello');
      stream.destroy();
      await descriptors();
    }
    assert.deepEqual(peers, Array(3).fill('127.0.0.7 18423'));
  });

  test('no descriptor is left, whether it is given up, closed, taken or refused', async () => {
    const before = await descriptors();
    const ends = { connectIp: loopback, connectPort: port };
    for (let time = 0; time < 20; time++) {
      endSockets.connectTcp(ends, () => assert.fail('it was given up'))();
      endSockets.connectTcp({ ...ends, bindIf: 'wk-none' }, () => assert.fail('it was given up'))();
      const closed = await connected(ends);
      assert.ok(closed.ok);
      closed.value.close();
      closed.value.close();
      const taken = await connected(ends);
      assert.ok(taken.ok);
      const stream = taken.value.stream();
      taken.value.close();
      stream.destroy();
      await connected({ ...ends, connectPort: 1 });
    }
    await new Promise((resolve) => {
      server.getConnections((_, count) => {
        if (count === 0) resolve(count);
        else setTimeout(resolve, 200);
      });
    });
    assert.equal(await descriptors(), before);
  });

  test('a given-up connection says nothing, even if it is there', async () => {
    const giveUp = endSockets.connectTcp({ connectIp: loopback, connectPort: port }, () =>
      assert.fail('it was given up'),
    );
    const until = performance.now() + 20;
    while (performance.now() < until);
    giveUp();
    giveUp();
    await descriptors();
  });
});

describe('datagrams', () => {
  test('go to and come from one other end only', async () => {
    const peer = createSocket('udp4');
    const stranger = createSocket('udp4');
    await new Promise<void>((resolve) => peer.bind(0, '127.0.0.1', resolve));
    const before = await descriptors();
    const came: string[] = [];
    let arrived: () => void = () => undefined;
    const second = new Promise<void>((resolve) => (arrived = resolve));
    peer.on('message', (bytes, from) => {
      stranger.send('forged', from.port, from.address, () => {
        peer.send(bytes, from.port, from.address);
        peer.send('', from.port, from.address);
      });
    });
    const opened = endSockets.openUdp(
      { connectIp: loopback, connectPort: peer.address().port, bindto: ip('127.0.0.9') },
      {
        onDatagram: (bytes, source) => {
          came.push(`${source} ${Buffer.from(bytes).toString()}`);
          if (came.length === 2) arrived();
        },
        onError: ({ code }) => assert.fail(code),
      },
    );
    assert.ok(opened.ok);
    assert.ok(opened.value.send(Buffer.from('question')).ok);
    await second;
    assert.deepEqual(came, ['127.0.0.1 question', '127.0.0.1 ']);
    opened.value.close();
    opened.value.close();
    stranger.close();
    peer.close();
    assert.ok((await descriptors()) <= before);
  });

  test('an unreachable port is an error, once, and closes the socket', async () => {
    const before = await descriptors();
    const code = await new Promise((resolve) => {
      const opened = endSockets.openUdp(
        { connectIp: loopback, connectPort: 1 },
        {
          onDatagram: () => assert.fail('a datagram'),
          onError: (failure) => {
            resolve(failure);
          },
        },
      );
      assert.ok(opened.ok);
      assert.ok(opened.value.send(Buffer.from('x')).ok);
    });
    assert.deepEqual(code, { code: 'ECONNREFUSED', here: false });
    assert.equal(await descriptors(), before);
  });

  test('what cannot be bound says so', () => {
    const events = { onDatagram: () => undefined, onError: () => undefined };
    const opened = endSockets.openUdp({ connectIp: loopback, connectPort: 1, bindto: ip('203.0.113.1') }, events);
    assert.equal(told(opened), 'EADDRNOTAVAIL here');
  });
});

test('the range of groups that may ping grows by ours, and by nothing that is not between', () => {
  for (const [range, group, wider] of [
    ['1\t0', 0, '0 0'],
    ['1\t0', 33, '33 33'],
    ['100\t200', 0, '0 200'],
    ['100\t200', 300, '100 300'],
    ['0\t2147483647', 5, '0 2147483647'],
  ] as const)
    assert.equal(widened(range, group), wider);
  assert.equal(widened('what', 1), undefined);
});
