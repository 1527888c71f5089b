import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import { makeCertificate } from '../lab/cluster.ts';
import { projectRoot } from '../lab/machine.ts';

/** The same pages through Debian's genhash and ours: the digests of existing configurations keep their value. */

const found = spawnSync('sh', ['-c', 'PATH=$PATH:/usr/sbin:/usr/bin command -v genhash']).status === 0;
const trouble = found ? undefined : 'the reference genhash is not installed';
if (trouble !== undefined) console.log(`skipped: genhash beside the reference: ${trouble}`);

const run = promisify(execFile);

interface Ended {
  readonly stdout: string;
  readonly code?: number;
}

function asResult(error: unknown): Ended {
  return error as Ended;
}

/** What differs from run to run, as a word. */
function spoken({ stdout, code }: Ended): { readonly stdout: string; readonly status: number } {
  return { stdout: stdout.replace(/= \d+ usecs/, '= N usecs'), status: code ?? 0 };
}

/** Answers every request with these bytes and closes. */
async function serving<T>(reply: Buffer, act: (port: number) => Promise<T>): Promise<T> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(reply));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    return await act(typeof address === 'object' && address !== null ? address.port : 0);
  } finally {
    server.close();
  }
}

const pages: readonly (readonly [string, string | Buffer])[] = [
  ['with a length', 'HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello\n'],
  ['without a length', 'HTTP/1.1 200 OK\r\n\r\nhello\n'],
  ['empty', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['chunked', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n0\r\n\r\n'],
  ['shorter than it says', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello\n'],
  ['longer than it says', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhello\n'],
  ['with the length in lower case', 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nhello\n'],
  ['with another header that ends in Content-Length', 'HTTP/1.1 200 OK\r\nX-Content-Length: 3\r\n\r\nhello\n'],
  ['not found', 'HTTP/1.1 404 Not Found\r\n\r\nno such page'],
  ['redirect', 'HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\r\nmoved'],
  ['100 Continue first', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello\n'],
  ['header without carriage returns', 'HTTP/1.1 200 OK\n\nhello\n'],
  ['20,000 bytes', `HTTP/1.1 200 OK\r\n\r\n${'A'.repeat(20_000)}`],
  [
    'binary',
    Buffer.concat([
      Buffer.from('HTTP/1.1 200 OK\r\n\r\n'),
      Buffer.from(Array.from({ length: 3000 }, (_, i) => i & 0xff)),
    ]),
  ],
  ['nothing', ''],
  ['a status line of 10 MB (CVE-2018-19115 was in genhash too)', `HTTP/1.1 ${'2'.repeat(10_000_000)}`],
  ['a status line without a code', 'HTTP/1.1\r\n\r\nhello\n'],
  ['of HTTP/0.9', 'hello\n'],
  [
    'with more chunks than anybody wants',
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(100_000)}0\r\n\r\n`,
  ],
];

describe('genhash beside the reference', { skip: trouble ?? false }, () => {
  for (const [name, reply] of pages) {
    test(`a page that is: ${name}`, async () => {
      await serving(Buffer.from(reply), async (port) => {
        const words = ['-s', '127.0.0.1', '-p', String(port), '-u', '/'];
        const reference = await run('genhash', words);
        const ours = await run(process.execPath, [join(projectRoot, 'bin', 'genhash'), ...words]);
        assert.equal(ours.stdout, reference.stdout);
      });
    });
  }

  for (const [name, more] of [
    ['an argument too much', ['extra']],
    ['an unknown option', ['-z']],
    ['help', ['-h']],
    ['verbose', ['-v']],
    ['a server that keeps the connection', ['-t', '1']],
    ['a virtual host and HTTP/1.1', ['-V', 'www.example.org', '-P', '1.1']],
    ['HTTP/1.0 with close', ['-P', '1.0c']],
    ['HTTP/1.0 with close, in capitals', ['-P', '1.0C']],
    ['a protocol that does not exist', ['-P', '1.2']],
    ['long options', ['--use-virtualhost', 'a.example', '--protocol=1.1', '--verbose']],
    ['the begins of long options', ['--use-v', 'a.example', '--proto', '1.1', '--verb']],
    ['a second url, which counts', ['-u', '/second']],
    ['a server name without TLS', ['-I']],
    ['an empty virtual host', ['-V', '']],
    ['no time at all', ['-t', '0']],
    ['no number of seconds', ['-t', 'x']],
    ['a firewall mark', ['-m', '5']],
    ['no firewall mark', ['-m', 'x']],
    ['a port that does not exist', ['-p', '70000']],
    ['a name instead of an address', ['-s', 'localhost']],
    ['TLS to a server that has none', ['-S']],
    ['TLS to a server that has none, verbose', ['-S', '-v']],
  ] as const) {
    test(`words: ${name}`, async () => {
      const reply = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n');
      const requests: string[] = [];
      const hold = more[0] === '-t';
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', (request) => {
          requests.push(request.toString('latin1'));
          if (hold) socket.write(reply);
          else socket.end(reply);
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      try {
        const words = ['-s', '127.0.0.1', '-p', String(port), '-u', '/', ...more];
        const reference = spoken(await run('genhash', words).catch(asResult));
        const ours = spoken(
          await run(process.execPath, [join(projectRoot, 'bin', 'genhash'), ...words]).catch(asResult),
        );
        assert.deepEqual(ours, reference);
        // A server that is asked by TLS has no request to show.
        if (more[0] !== '-S') assert.equal(requests[1], requests[0], 'the same request');
      } finally {
        server.close();
      }
    });
  }

  const bothTell = async (words: readonly string[]): Promise<string> => {
    const reference = spoken(await run('genhash', words).catch(asResult));
    const ours = spoken(await run(process.execPath, [join(projectRoot, 'bin', 'genhash'), ...words]).catch(asResult));
    assert.deepEqual(ours, reference);
    return reference.stdout;
  };

  test('a page of 100 MB', async () => {
    const piece = Buffer.alloc(1_000_000, 'watchkeeper ');
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        let left = 100;
        const more = (): void => {
          while (left > 0) if ((left--, !socket.write(piece))) return;
          socket.end();
        };
        socket.on('drain', more);
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        more();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const hash = createHash('md5');
      for (let i = 0; i < 100; i++) hash.update(piece);
      const port = String((server.address() as AddressInfo).port);
      assert.equal(await bothTell(['-s', '127.0.0.1', '-p', port, '-u', '/']), `${hash.digest('hex')}\n`);
    } finally {
      server.close();
    }
  });

  test('a server with an IPv6 address', async () => {
    const hosts: string[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (request) => {
        hosts.push(/Host: .*/.exec(request.toString())?.[0] ?? '');
        socket.end('HTTP/1.1 200 OK\r\n\r\nhello\n');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
    try {
      const port = String((server.address() as AddressInfo).port);
      assert.equal(await bothTell(['-s', '::1', '-p', port, '-u', '/']), 'b1946ac92492d2347c6235b4d2611184\n');
      assert.deepEqual(hosts, [`Host: [::1]:${port}`, `Host: [::1]:${port}`]);
    } finally {
      server.close();
    }
  });

  for (const [name, more, expected] of [
    ['TLS', ['-S'], ''],
    ['TLS with a server name', ['-S', '-I', '-V', 'www.example.org'], 'www.example.org'],
    ['TLS, verbose', ['-S', '-v'], ''],
    ['TLS and HTTP/1.1', ['-S', '-P', '1.1'], ''],
  ] as const) {
    test(name, async () => {
      const { certificate: cert, key } = makeCertificate();
      const names: string[] = [];
      const server = createTlsServer({ cert, key }, (socket) => {
        names.push(typeof socket.servername === 'string' ? socket.servername : '');
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n'));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const port = String((server.address() as AddressInfo).port);
        const told = await bothTell(['-s', '127.0.0.1', '-p', port, '-u', '/', ...more]);
        assert.match(told, /b1946ac92492d2347c6235b4d2611184/);
        assert.deepEqual(names, [expected, expected]);
      } finally {
        server.close();
      }
    });
  }

  for (const more of [[], ['-v'], ['-S'], ['-S', '-v']]) {
    test(`a server that never answers: ${more.join(' ')}`, async () => {
      const server = createServer((socket) => socket.on('error', () => undefined));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const port = String((server.address() as AddressInfo).port);
        assert.match(await bothTell(['-s', '127.0.0.1', '-p', port, '-u', '/', '-t', '1', ...more]), /^Timeout /);
      } finally {
        server.close();
      }
    });
  }

  test('a server that refuses ends with 0, as in the reference', async () => {
    const port = await serving(Buffer.alloc(0), (used) => Promise.resolve(used));
    const words = ['-s', '127.0.0.1', '-p', String(port), '-u', '/'];
    const reference = await run('genhash', words);
    const ours = await run(process.execPath, [join(projectRoot, 'bin', 'genhash'), ...words]);
    assert.match(reference.stdout + reference.stderr, /fail/i);
    assert.match(ours.stdout, /Connection failed/);
  });
});
