import assert from 'node:assert/strict';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { CheckRunner, TlsContexts, type CheckResult } from '../../src/checkers/index.ts';
import { endSockets, searchRegex } from '../../src/platform/index.ts';
import { Authority, type Issued } from './authority.ts';
import { sslGet } from './ssl-get.ts';

/** TLS servers that misbehave in each phase: the check ends in time with one reason, and takes no memory to speak of. */

const digest = 'b1946ac92492d2347c6235b4d2611184';
const page = 'HTTP/1.1 200 OK\r\n\r\nhello\n';
/** What each wait may take, and all of them together. */
const timeoutMs = 500;
const totalMs = 12 * timeoutMs;

let authority: Authority;
let issued: Issued;

const tls = new TlsContexts(undefined);
const runner = new CheckRunner(
  endSockets,
  () => assert.fail('no program is run'),
  () => ({ searchRegex, tls }),
);

async function checked(port: number, connectTimeoutMs = timeoutMs): Promise<CheckResult> {
  const checker = sslGet(port, connectTimeoutMs, digest);
  const memory = process.memoryUsage().rss;
  const result = await runner.run({ id: 'a', checker, url: 0 }).outcome;
  assert.ok(process.memoryUsage().rss - memory < 150 * 1024 * 1024, 'memory stays bounded');
  assert.ok(result.reason.length < 200 && !result.reason.includes('\n'), `one line: ${result.reason}`);
  return result;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const answer = (socket: TLSSocket): void => {
  socket.once('data', () => {
    socket.end(page);
  });
};

type Filter = (record: Buffer, index: number, client: Socket) => void;

/** A real TLS server; what it says passes `filter`, record by record. */
async function behind(
  filter: Filter | undefined,
  serve: (socket: TLSSocket) => void,
  options: TlsOptions,
  act: (port: number) => Promise<void>,
): Promise<void> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  };
  const server = createTlsServer({ cert: issued.cert, key: issued.key, ...options }, (socket) => {
    keep(socket);
    serve(socket);
  });
  server.on('tlsClientError', () => undefined);
  server.on('connection', keep);
  const port = await listening(server);
  const front = createServer((client) => {
    keep(client);
    const real = connect(port, '127.0.0.1');
    keep(real);
    client.pipe(real);
    let [bytes, index] = [Buffer.alloc(0), 0];
    real.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 5 && bytes.length >= 5 + bytes.readUInt16BE(3)) {
        const end = 5 + bytes.readUInt16BE(3);
        filter?.(bytes.subarray(0, end), index++, client);
        bytes = bytes.subarray(end);
      }
    });
    real.on('end', () => client.end());
  });
  try {
    await act(filter === undefined ? port : await listening(front));
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    front.close();
  }
}

const versions = [
  ['1.2', 'TLSv1.2'],
  ['1.3', 'TLSv1.3'],
] as const;
const only = (version: 'TLSv1.2' | 'TLSv1.3'): TlsOptions => ({ minVersion: version, maxVersion: version });
const pass: Filter = (record, _, client) => client.write(record);

/** How many records of a version a server sends before its answer. */
async function recordsOf(version: 'TLSv1.2' | 'TLSv1.3'): Promise<number> {
  let [count, handshake] = [0, 0];
  const serve = (socket: TLSSocket): void => {
    socket.once('data', () => {
      handshake = count;
      socket.end(page);
    });
  };
  const counting: Filter = (record, index, client) => {
    count = index + 1;
    client.write(record);
  };
  await behind(counting, serve, only(version), async (port) => {
    assert.ok((await checked(port, 10_000)).ok);
  });
  return handshake;
}

describe('a TLS server', () => {
  before(async () => {
    authority = new Authority();
    issued = authority.issue({ names: 'IP:127.0.0.1' });
    // The first socket loads libc and TLS, which may take longer than the checks below wait.
    await checked(1);
  });
  after(() => {
    authority.remove();
  });

  for (const [version, name] of versions) {
    test(`of version ${version} is well behind what listens in between`, async () => {
      await behind(pass, answer, only(name), async (port) => {
        const result = await checked(port, 10_000);
        assert.ok(result.ok, result.reason);
      });
    });

    for (const [what, break_, reason] of [
      [
        'resets',
        (client: Socket) => client.resetAndDestroy(),
        /^connection reset by the server$|^the server (?:ended the connection during the TLS handshake|closed without an answer)$/,
      ],
      [
        'closes',
        (client: Socket) => client.end(),
        /^the server (?:ended the connection during the TLS handshake|closed without an answer)$/,
      ],
      ['is silent', () => undefined, /^(?:no connection|nothing was received) within 0\.25 s$/],
      [
        'talks garbage',
        (client: Socket) => client.write('garbage garbage garbage'),
        /^TLS failed: wrong version number$/,
      ],
    ] as const) {
      test(`of version ${version} that ${what} after each message of the handshake is down`, async () => {
        const count = await recordsOf(name);
        assert.ok(count >= 3, `${String(count)} records`);
        for (let at = 0; at < count; at++) {
          const filter: Filter = (record, index, client) => {
            if (index < at) client.write(record);
            else if (index === at) break_(client);
          };
          await behind(filter, answer, only(name), async (port) => {
            const startedMs = performance.now();
            const result = await checked(port, what === 'is silent' ? 250 : 10_000);
            assert.equal(result.ok, false, `after ${String(at)} records`);
            assert.match(result.reason, reason, `after ${String(at)} records`);
            assert.ok(performance.now() - startedMs < 2 * totalMs, 'in time');
          });
        }
      });
    }
  }

  test('that sends its handshake byte by byte has connect_timeout for it', async () => {
    let waiting = Buffer.alloc(0);
    const drip: Filter = (record, index, client) => {
      waiting = Buffer.concat([waiting, record]);
      if (index > 0) return;
      const timer = setInterval(() => {
        client.write(waiting.subarray(0, 1));
        waiting = waiting.subarray(1);
      }, timeoutMs / 20);
      client.on('close', () => {
        clearInterval(timer);
      });
    };
    await behind(drip, answer, only('TLSv1.2'), async (port) => {
      assert.deepEqual(await checked(port), { ok: false, reason: 'no connection within 0.5 s' });
    });
  });

  const record = (type: number, ...bytes: readonly Buffer[]): Buffer => {
    const body = Buffer.concat(bytes);
    return Buffer.concat([Buffer.from([type, 3, 3, body.length >> 8, body.length & 255]), body]);
  };
  /** A message of the handshake that claims to have 16 million bytes, and the begin of it. */
  const endless = record(22, Buffer.from([11, 0xff, 0xff, 0xff]), Buffer.alloc(16_000));
  for (const [what, first, more] of [
    ['a certificate without end', endless, record(22, Buffer.alloc(16_000))],
    ['warnings without end', record(21, Buffer.from([1, 90])), record(21, Buffer.from([1, 90]))],
    ['empty records without end', record(22), record(22)],
  ] as const) {
    test(`that sends ${what} is refused`, async () => {
      const pour: Filter = (own, index, client) => {
        if (index === 0) client.write(own);
        if (index !== 1) return;
        client.write(first);
        const chunk = Buffer.concat(Array.from({ length: Math.ceil(65_536 / more.length) }, () => more));
        const write = (): void => {
          while (!client.destroyed && client.write(chunk));
        };
        client.on('drain', write);
        write();
      };
      await behind(pour, answer, only('TLSv1.2'), async (port) => {
        const result = await checked(port);
        assert.equal(result.ok, false);
        assert.match(
          result.reason,
          /^TLS failed: (?:excessive message size|too many warn alerts|unexpected message|.*record)|^no connection within/,
        );
      });
    });
  }

  test('with 40 certificates is well, with thousands it is refused', async () => {
    const chain = (count: number): TlsOptions => ({ cert: issued.cert.repeat(1 + count) });
    await behind(undefined, answer, chain(40), async (port) => {
      const result = await checked(port, 10_000);
      assert.ok(result.ok, result.reason);
    });
    await behind(undefined, answer, chain(3000), async (port) => {
      const result = await checked(port, 10_000);
      assert.deepEqual(result, { ok: false, reason: 'TLS failed: excessive message size' });
    });
  });

  test('that asks for new keys before its answer is well (renegotiation of TLS 1.2)', async () => {
    const renegotiating = (socket: TLSSocket): void => {
      socket.once('data', () => {
        socket.renegotiate({}, () => socket.end(page));
      });
    };
    await behind(undefined, renegotiating, only('TLSv1.2'), async (port) => {
      const result = await checked(port, 10_000);
      assert.ok(result.ok, result.reason);
    });
  });

  test('that asks for new keys without end has as long as for anything else', async () => {
    let count = 0;
    const renegotiating = (socket: TLSSocket): void => {
      const again = (): void => {
        count++;
        if (!socket.destroyed) socket.renegotiate({}, again);
      };
      socket.once('data', again);
    };
    await behind(undefined, renegotiating, only('TLSv1.2'), async (port) => {
      const result = await checked(port);
      assert.equal(result.ok, false);
      assert.match(result.reason, /^nothing was received within 0\.5 s$|^TLS failed/);
      assert.ok(count > 1, `${String(count)} times`);
    });
  });

  test('that ends TLS before, or within, its body has another page', async () => {
    for (const part of [
      'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhel',
    ]) {
      const short = (socket: TLSSocket): void => {
        socket.once('data', () => socket.end(part));
      };
      await behind(undefined, short, {}, async (port) => {
        const result = await checked(port, 10_000);
        assert.equal(result.ok, false);
        assert.match(result.reason, /^MD5 digest of \/ is [0-9a-f]{32}, not/);
      });
    }
  });

  test('that ends TLS and never the connection is done with at once', async () => {
    const half = (socket: TLSSocket): void => {
      socket.once('data', () => {
        socket.write(page);
        // The end of TLS goes out; the connection below stays.
        socket.end();
      });
    };
    await behind(pass, half, { allowHalfOpen: true }, async (port) => {
      const result = await checked(port, 10_000);
      assert.ok(result.ok, result.reason);
    });
  });
});
