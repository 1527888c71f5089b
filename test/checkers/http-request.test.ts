import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { CheckRunner, TlsContexts } from '../../src/checkers/index.ts';
import type { HttpGet } from '../../src/config/index.ts';
import { parseIp } from '../../src/core/index.ts';
import { endSockets, searchRegex } from '../../src/platform/index.ts';
import { loadText } from '../config/load-text.ts';
import { configOf, firstPort, webCases } from '../lab/web-cases.ts';

/** Requests as keepalived 2.2.7 sent them, captured by test/interop/web-compare.test.ts. */
const wire = JSON.parse(readFileSync(new URL('../wire/http/requests.json', import.meta.url), 'utf8')) as readonly {
  readonly name: string;
  readonly requests: readonly string[];
}[];

const loopback = parseIp('127.0.0.1');
assert.ok(loopback.ok);
const address = loopback.value;

async function requestOf(checker: HttpGet, url: number): Promise<string> {
  let request = '';
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      request += chunk.toString('latin1');
      if (request.endsWith('\r\n\r\n')) socket.end('HTTP/1.1 200 OK\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const runner = new CheckRunner(
    {
      ...endSockets,
      connectTcp: (to, done) => endSockets.connectTcp({ ...to, connectIp: address, connectPort: port }, done),
    },
    () => assert.fail('no program is run'),
    () => ({ searchRegex, tls: new TlsContexts(undefined) }),
  );
  await runner.run({ id: 'a', checker, url }).outcome;
  server.close();
  return request;
}

const { config } = loadText(configOf(webCases));
const servers = config.lvs.virtualServers.flatMap(({ realServers }) => realServers);

function checkerOf(i: number): HttpGet {
  const checker = servers.find(({ port }) => port === firstPort + i)?.checkers[0];
  assert.ok(checker?.type === 'HTTP_GET' || checker?.type === 'SSL_GET');
  return checker;
}

describe('requests are those that keepalived sent', () => {
  for (const [i, { name, type }] of webCases.entries()) {
    if (type === 'SSL_GET') continue;
    test(name, async () => {
      const captured = wire.find((one) => one.name === name)?.requests ?? [];
      const checker = checkerOf(i);
      const asked = new Set<string>();
      for (const url of checker.urls.keys()) asked.add(await requestOf(checker, url));
      assert.deepEqual([...asked], captured);
    });
  }

  // 2.2.7 does not know them.
  for (const [protocol, line, close] of [
    ['1.0K', 'HTTP/1.0', 'Connection: keep-alive'],
    ['1.1K', 'HTTP/1.1', 'Connection: keep-alive'],
  ] as const) {
    test(`HTTP ${protocol}`, async () => {
      const request = await requestOf({ ...checkerOf(0), httpProtocol: protocol }, 0);
      const host = `Host: 127.0.0.1:${String(firstPort)}`;
      assert.equal(request, [`GET / ${line}`, 'User-Agent: KeepAliveClient', close, host, '', ''].join('\r\n'));
    });
  }
});
