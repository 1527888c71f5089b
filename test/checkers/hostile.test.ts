import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { before, describe, test } from 'node:test';
import { createSecureContext, TLSSocket } from 'node:tls';
import { CheckRunner, runCheck, TlsContexts, type CheckResult, type TimedChecker } from '../../src/checkers/index.ts';
import { parseIp } from '../../src/core/index.ts';
import { endSockets, searchRegex } from '../../src/platform/index.ts';
import { makeCertificate } from '../lab/cluster.ts';
import { anyPage } from './ssl-get.ts';

/** Servers that misbehave: each check ends in time with one reason, and takes no memory to speak of. */

const address = parseIp('127.0.0.1');
assert.ok(address.ok);
const span = { file: 'test.conf', line: 1, column: 1, endLine: 1, endColumn: 2 };

async function against(serve: (socket: Socket) => void, act: (port: number) => Promise<void>): Promise<void> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  try {
    await act(typeof bound === 'object' && bound !== null ? bound.port : 0);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

function checker(type: 'TCP_CHECK' | 'HTTP_GET' | 'SSL_GET', port: number, url: object = {}): TimedChecker {
  assert.ok(address.ok);
  const timing = {
    delayLoopMs: 1000,
    warmupMs: 0,
    retry: 0,
    delayBeforeRetryMs: 0,
    alpha: false,
    logAllFailures: false,
  };
  const connection = { connectIp: address.value, connectPort: port, connectTimeoutMs: 250 };
  const page = { ...anyPage, ...url };
  const http = { urls: [page], httpProtocol: '1.0', enableSni: false, fastRecovery: false, tlsCompliant: false };
  return { type, span, ...timing, ...connection, ...(type === 'TCP_CHECK' ? {} : http) } as TimedChecker;
}

const tls = new TlsContexts(undefined);
const runner = new CheckRunner(
  endSockets,
  () => assert.fail('no program is run'),
  () => ({ searchRegex, tls }),
);

function outcome(check: TimedChecker): Promise<CheckResult> {
  return runner.run({ id: 'a', checker: check, url: 0 }).outcome;
}

/** Writes for as long as the other side reads. */
function pour(socket: Socket, start: string, more: string): void {
  socket.write(start);
  const chunk = Buffer.from(more.repeat(Math.ceil(65_536 / more.length)));
  const write = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', write);
  write();
}

const header = 'HTTP/1.1 200 OK\r\n';
const chunked = `${header}Transfer-Encoding: chunked\r\n\r\n`;
const table: readonly {
  name: string;
  type?: 'SSL_GET';
  serve: (socket: Socket) => void;
  url?: object;
  reason: RegExp;
}[] = [
  { name: 'never answers', serve: () => undefined, reason: /nothing was received within 0\.25 s/ },
  { name: 'closes without an answer', serve: (socket) => socket.end(), reason: /closed without an answer/ },
  {
    name: 'resets at once',
    serve: (socket) => socket.resetAndDestroy(),
    reason: /connection reset|closed without an answer/,
  },
  {
    name: 'resets in the header',
    serve: (socket) => socket.write(header, () => socket.resetAndDestroy()),
    reason: /connection reset|no end of its header/,
  },
  {
    name: 'resets in the body',
    serve: (socket) => socket.write(`${header}\r\nhalf of i`, () => socket.resetAndDestroy()),
    reason: /connection reset/,
  },
  {
    name: 'announces more than it sends',
    url: { digest: '0'.repeat(32) },
    serve: (socket) => socket.end(`${header}Content-Length: 999999999999999\r\n\r\nhello\n`),
    reason: /MD5 digest of \/ is b1946ac92492d2347c6235b4d2611184, not 0{32}/,
  },
  {
    name: 'announces a length that is none',
    url: { digest: '0'.repeat(32) },
    serve: (socket) => socket.end(`${header}Content-Length: -1\r\nContent-Length: 1e9\r\n\r\nhello\n`),
    reason: /MD5 digest of \/ is b1946ac92492d2347c6235b4d2611184, not 0{32}/,
  },
  {
    name: 'resets behind a complete reply, which keepalived takes for a failure',
    serve: (socket) => socket.write(`${header}Content-Length: 6\r\n\r\nhello\n`, () => socket.resetAndDestroy()),
    reason: /connection reset/,
  },
  {
    name: 'sends a header without end',
    serve: (socket) => {
      pour(socket, header, 'X: y\r\n');
    },
    reason: /no end of the header within 4095 bytes/,
  },
  {
    name: 'sends a status line of megabytes (CVE-2018-19115)',
    serve: (socket) => {
      pour(socket, '', 'A');
    },
    reason: /no end of the header within 4095 bytes/,
  },
  {
    name: 'sends a body without end',
    serve: (socket) => {
      pour(socket, `${header}\r\n`, 'endless ');
    },
    reason: /did not end within 3 s/,
  },
  {
    name: 'sends chunk headers without end',
    serve: (socket) => {
      pour(socket, chunked, '1\r\nx\r\n');
    },
    reason: /did not end within 3 s/,
  },
  {
    name: 'sends a byte now and then',
    serve: (socket) => {
      const timer = setInterval(() => socket.write('x'), 50);
      socket.on('close', () => {
        clearInterval(timer);
      });
    },
    reason: /did not end within 3 s/,
  },
  { name: 'speaks HTTP/0.9', serve: (socket) => socket.end('<html>hello</html>'), reason: /no end of its header/ },
  { name: 'has no status code', serve: (socket) => socket.end('HELLO\r\n\r\n'), reason: /no HTTP status code/ },
  {
    name: 'answers 404',
    serve: (socket) => socket.end('HTTP/1.1 404 Not Found\r\n\r\n'),
    reason: /status code 404 of \/ is not among those wanted/,
  },
  {
    name: 'redirects to itself: nobody goes there',
    serve: (socket) => socket.end('HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n'),
    reason: /status code 302/,
  },
  {
    name: 'has another page',
    url: { digest: '0'.repeat(32) },
    serve: (socket) => socket.end(`${header}\r\nhello\n`),
    reason: /MD5 digest of \/ is b1946ac92492d2347c6235b4d2611184, not 0{32}/,
  },
  {
    name: 'has a page that the regex is not in',
    url: { regex: 'healthy' },
    serve: (socket) => socket.end(`${header}\r\nhello\n`),
    reason: /the answer of \/ does not match the regex 'healthy'/,
  },
  {
    name: 'has a page that the regex must not be in',
    url: { regex: 'lo$', regexNoMatch: true },
    serve: (socket) => socket.end(`${header}\r\nhello\n`),
    reason: /matches the regex 'lo\$', which it must not/,
  },
  {
    name: 'has a page in which the regex explodes',
    url: { regex: '([a-z]+)+[0-9]' },
    serve: (socket) => socket.end(`${header}\r\n${'a'.repeat(50_000)}!`),
    reason: /the regex '.*' was given up: it takes too long/,
  },
  {
    name: 'pours a page that the regex may yet match',
    url: { regex: 'x+y' },
    serve: (socket) => {
      pour(socket, `${header}\r\n`, 'x');
    },
    reason: /did not end within 3 s/,
  },
  {
    name: 'answers TLS with garbage',
    type: 'SSL_GET',
    serve: (socket) => socket.write('garbage garbage garbage'),
    reason: /^TLS failed: wrong version number$/,
  },
  { name: 'never answers TLS', type: 'SSL_GET', serve: () => undefined, reason: /within 0\.25 s/ },
];

describe('a web server that', () => {
  // The first socket loads libc, which may take longer than the checks below wait.
  before(() => outcome(checker('TCP_CHECK', 1)));

  for (const { name, type, serve, url, reason } of table) {
    test(name, async () => {
      const before = process.memoryUsage().rss;
      await against(serve, async (port) => {
        const result = await outcome(checker(type ?? 'HTTP_GET', port, url));
        assert.equal(result.ok, false);
        assert.match(result.reason, reason);
        assert.ok(result.reason.length < 200, 'one line');
      });
      assert.ok(process.memoryUsage().rss - before < 150 * 1024 * 1024, 'memory stays bounded');
    });
  }

  test('is well', async () => {
    await against(
      (socket) => socket.end(`${header}\r\nhello\n`),
      async (port) => {
        const result = await outcome(checker('HTTP_GET', port, { digest: 'b1946ac92492d2347c6235b4d2611184' }));
        assert.deepEqual(result, { ok: true, reason: 'HTTP status code 200 and MD5 digest of / as wanted' });
      },
    );
  });

  for (const [name, url] of [
    ['in the body', { regex: '^hello$' }],
    ['in the header', { regex: '^HTTP/1.1 200' }],
    ['from the body on', { regex: 'llo', regexMinOffset: 2, regexMaxOffset: 2 }],
    ['behind what Content-Length says, as the reference has it', { regex: 'lo' }],
    ['not there, as wanted', { regex: 'error', regexNoMatch: true }],
  ] as const) {
    test(`has what the regex asks for: ${name}`, async () => {
      await against(
        (socket) => socket.end(`${header}Content-Length: 3\r\n\r\nhello`),
        async (port) => {
          const { ok, reason } = await outcome(checker('HTTP_GET', port, url));
          assert.ok(ok, reason);
          assert.match(reason, /regex of \/ as wanted \(Content-Length is 3, the body has 5 bytes\)/);
        },
      );
    });
  }

  // The digest of chunks is over their bytes as they came.
  for (const [protocol, name, reply, url, expected] of [
    ['1.1K', 'chunks', `${chunked}6\r\nhello\n\r\n0\r\n\r\n`, { digest: '8aea47faa8ff765544508726bbcd3b9d' }, 'well'],
    ['1.0K', 'says how long it is', `${header}Content-Length: 6\r\n\r\nhello\n`, { regex: 'hello' }, 'well'],
    ['1.1K', 'says nothing of its length', `${header}\r\nhello\n`, {}, 'nothing was received within 0.25 s'],
    ['1.1K', 'sends chunks that are none', `${chunked}nonsense\r\n`, {}, 'the chunks of the reply are malformed'],
    ['1.0', 'chunks, and was not asked to keep it', `${chunked}0\r\n\r\n`, {}, 'nothing was received within 0.25 s'],
  ] as const) {
    test(`keeps the connection (${protocol}) and ${name}`, async () => {
      await against(
        (socket) => socket.write(reply),
        async (port) => {
          const { ok, reason } = await outcome({
            ...checker('HTTP_GET', port, url),
            httpProtocol: protocol,
          } as TimedChecker);
          assert.equal(ok ? 'well' : reason, expected);
        },
      );
    });
  }

  test('pours chunk headers and keeps the connection is given up', async () => {
    await against(
      (socket) => {
        pour(socket, chunked, '1\r\nx\r\n');
      },
      async (port) => {
        const { reason } = await outcome({ ...checker('HTTP_GET', port), httpProtocol: '1.1K' } as TimedChecker);
        assert.match(reason, /did not end within 3 s/);
      },
    );
  });

  test('asks for exactly what keepalived asks for', async () => {
    let request = '';
    await against(
      (socket) => {
        socket.on('data', (chunk) => {
          request += chunk.toString('latin1');
          socket.end(`${header}\r\n`);
        });
      },
      async (port) => {
        await outcome(checker('HTTP_GET', port, { path: '/\u00e9\u20ac', virtualhost: 'test.mydomain' }));
        assert.equal(
          Buffer.from(request, 'latin1').toString(),
          'GET /\u00e9\u20ac HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: test.mydomain\r\n\r\n',
        );
      },
    );
  });

  test('ends TLS without saying so is well, as it is for keepalived', async () => {
    const { certificate: cert, key } = makeCertificate();
    const context = createSecureContext({ cert, key });
    await against(
      (socket) => {
        const secure = new TLSSocket(socket, { isServer: true, secureContext: context });
        secure.on('error', () => undefined);
        secure.once('data', () => secure.write(`${header}\r\nhello\n`, () => socket.end()));
      },
      async (port) => {
        const check = {
          ...checker('SSL_GET', port, { digest: 'b1946ac92492d2347c6235b4d2611184' }),
          connectTimeoutMs: 3000,
        };
        const result = await outcome(check);
        assert.ok(result.ok, result.reason);
      },
    );
  });

  test('has nothing to do with files of the SSL block that cannot be used: it is not judged', async () => {
    const broken = new CheckRunner(
      endSockets,
      () => assert.fail('no program is run'),
      () => ({ searchRegex, tls: new TlsContexts({ certificate: '/nowhere/cert.pem' }) }),
    );
    await against(
      () => undefined,
      async (port) => {
        const result = await broken.run({ id: 'a', checker: checker('SSL_GET', port), url: 0 }).outcome;
        assert.equal(result.unjudged, true);
        assert.match(result.reason, /'\/nowhere\/cert\.pem' of the SSL block cannot be read: it does not exist/);
      },
    );
  });

  test('refuses connections', async () => {
    let closed = 0;
    await against(
      () => undefined,
      (port) => {
        closed = port;
        return Promise.resolve();
      },
    );
    for (const type of ['TCP_CHECK', 'HTTP_GET'] as const) {
      assert.deepEqual(await outcome(checker(type, closed)), { ok: false, reason: 'connection refused' });
    }
  });

  test('accepts connections is enough for TCP_CHECK', async () => {
    await against(
      () => undefined,
      async (port) => {
        const running = runCheck({ id: 'a', checker: checker('TCP_CHECK', port), url: 0 }, endSockets);
        assert.equal((await running.outcome).ok, true);
      },
    );
  });
});
