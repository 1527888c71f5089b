import assert from 'node:assert/strict';
import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { runCheck, type CheckResult, type TimedChecker } from '../../src/checkers/index.ts';
import { parseIp } from '../../src/core/index.ts';
import { endSockets } from '../../src/platform/index.ts';

/** Mail, name and other servers that misbehave: each check ends in time with one reason, and takes no memory to speak of. */

const address = parseIp('127.0.0.1');
assert.ok(address.ok);
const span = { file: 'test.conf', line: 1, column: 1, endLine: 1, endColumn: 2 };
const timing = { delayLoopMs: 1000, warmupMs: 0, retry: 0, delayBeforeRetryMs: 0, alpha: false, logAllFailures: false };
const timeoutMs = 250;
const own = {
  SMTP_CHECK: { heloName: 'me.example' },
  DNS_CHECK: { dnsType: 'A', name: 'example.org' },
  UDP_CHECK: { replyExpected: true, requireReply: 'aa', minReplyLength: 0, maxReplyLength: 255 },
} as const;

/** Its result, and that it came in time and took no memory. */
async function resultOf(type: keyof typeof own, port: number, change: object = {}): Promise<CheckResult> {
  assert.ok(address.ok);
  const connection = { connectIp: address.value, connectPort: port, connectTimeoutMs: timeoutMs };
  const checker = { type, span, ...timing, ...connection, ...own[type], ...change } as TimedChecker;
  const memory = process.memoryUsage().rss;
  const result = await runCheck({ id: 'a', checker, url: 0 }, endSockets).outcome;
  assert.ok(process.memoryUsage().rss - memory < 100 * 1024 * 1024, 'memory stays bounded');
  assert.ok(result.reason.length < 200 && /^[\x20-\x7e…]+$/.test(result.reason), `one line: ${result.reason}`);
  return result;
}

async function smtp(serve: (socket: Socket) => void): Promise<CheckResult> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await resultOf('SMTP_CHECK', (server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

/** Says one thing at once, and then one at each command. */
function saying(...words: readonly (string | ((socket: Socket) => void))[]): (socket: Socket) => void {
  return (socket) => {
    let next = 0;
    const speak = (): void => {
      const word = words[next++];
      if (typeof word === 'string') socket.write(word);
      else word?.(socket);
    };
    speak();
    socket.on('data', speak);
  };
}

function pour(start: string, more: string): (socket: Socket) => void {
  return (socket) => {
    const chunk = Buffer.from(more.repeat(Math.ceil(65_536 / more.length)));
    const write = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.write(start);
    socket.on('drain', write);
    write();
  };
}

const drop = (socket: Socket): void => {
  socket.resetAndDestroy();
};
const end = (socket: Socket): void => {
  socket.end();
};
const trickle = (socket: Socket): void => {
  const timer = setInterval(() => socket.write('2'), timeoutMs / 4);
  socket.on('close', () => {
    clearInterval(timer);
  });
};

describe('a mail server that', () => {
  const hi = '220 hi\r\n';
  const ok = '250 ok\r\n';
  const table: readonly (readonly [string, (socket: Socket) => void, RegExp])[] = [
    ['never greets', saying(), /^read timeout: no greeting within 0\.25 s$/],
    ['never answers HELO', saying(hi), /^read timeout: no answer to HELO within/],
    ['never answers QUIT', saying(hi, ok), /^read timeout: no answer to QUIT within/],
    ['closes at once', saying(end), /^read failure: the server closed the connection instead of its greeting$/],
    ['closes at HELO', saying(hi, end), /^read failure: the server closed .* answer to HELO$/],
    ['closes at QUIT', saying(hi, ok, end), /^read failure: the server closed .* answer to QUIT$/],
    ['resets at once', saying(drop), /^(?:read failure: )?connection reset by the server/],
    [
      'resets at HELO',
      saying(hi, drop),
      /^read failure: connection reset by the server instead of its answer to HELO$/,
    ],
    ['resets at QUIT', saying(hi, ok, drop), /^read failure: connection reset by the server instead of/],
    ['greets without end', pour('', '220-more\r\n'), /^bad greeting banner: more than 100 lines$/],
    ['greets with a line without end', pour('220 ', 'x'), /^bad greeting banner: a line of more than 512 bytes$/],
    ['answers HELO without end', saying(hi, pour('', '250-more\r\n')), /^bad HELO response: more than 100 lines$/],
    ['sends a byte now and then', saying(trickle), /^the dialogue did not end within 3 s$/],
    [
      'answers with what a terminal would obey',
      saying('554 \x1b]0;x\x07\r\n'),
      /^bad greeting banner: '554 \?]0;x\?', not 220$/,
    ],
  ];
  for (const [name, serve, reason] of table) {
    test(name, async () => {
      const result = await smtp(serve);
      assert.equal(result.ok, false);
      assert.match(result.reason, reason);
    });
  }

  test('is well', async () => {
    assert.equal((await smtp(saying(hi, ok, '221 bye\r\n'))).ok, true);
  });

  test('does not listen', async () => {
    assert.deepEqual(await resultOf('SMTP_CHECK', 1), { ok: false, reason: 'connection refused' });
  });
});

type Answer = (socket: UdpSocket, question: Buffer, from: RemoteInfo) => void;

async function udp(type: 'DNS_CHECK' | 'UDP_CHECK', answer: Answer, change: object = {}): Promise<CheckResult> {
  const socket = createSocket({ type: 'udp4', sendBufferSize: 1 << 20 });
  socket.on('error', () => undefined);
  socket.on('message', (question, from) => {
    answer(socket, question, from);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  try {
    return await resultOf(type, socket.address().port, change);
  } finally {
    socket.close();
  }
}

/** Sends until it has sent `count`. */
function flood(count: number, make: (question: Buffer) => Buffer): Answer {
  return (socket, question, { port, address: host }) => {
    const datagram = make(question);
    let left = count;
    let closed = false;
    socket.on('close', () => (closed = true));
    const more = (): void => {
      if (closed) return;
      for (let i = 0; i < 64 && left-- > 0; i++) socket.send(datagram, port, host, () => undefined);
      if (left > 0) setImmediate(more);
    };
    more();
  };
}

const once = (make: (question: Buffer) => Buffer): Answer => flood(1, make);

/** The question as an answer with these flags and this many records behind it. */
function reply(question: Buffer, flags = 0x8180, records = 0): Buffer {
  const bytes = Buffer.from(question);
  bytes.writeUInt16BE(flags, 2);
  bytes.writeUInt16BE(records, 6);
  return bytes;
}

function forged(question: Buffer): Buffer {
  const bytes = reply(question);
  bytes.writeUInt16BE(bytes.readUInt16BE(0) ^ 1, 0);
  return bytes;
}

describe('a name server that', () => {
  const table: readonly (readonly [string, Answer, RegExp])[] = [
    ['never answers', () => undefined, /^read timeout: no answer within 0\.25 s$/],
    [
      'answers with another id',
      once(forged),
      /^read timeout: .*; 1 datagram was no answer, the last one of another id$/,
    ],
    [
      'floods with other ids',
      flood(50_000, forged),
      /(?:1000|\d+) datagrams were no answer, the last one of another id$/,
    ],
    ['sends the query back', once((question) => question), /the last one no answer to a query$/],
    ['answers with nothing', once(() => Buffer.alloc(0)), /the last one shorter than a header of DNS$/],
    ['says that it fails', once((question) => reply(question, 0x8182)), /^the answer has rcode 2 \(SERVFAIL\)$/],
    [
      'points in circles',
      once((question) => Buffer.concat([reply(question, 0x8180, 1), Buffer.from([0xc0, question.length, 0, 1])])),
      /^the answer is malformed: a name points to itself/,
    ],
    [
      'answers from another port',
      (_, question, { port, address: host }) => {
        const other = createSocket('udp4');
        other.send(reply(question), port, host, () => other.close());
      },
      /^read timeout: no answer within 0\.25 s$/,
    ],
  ];
  for (const [name, answer, reason] of table) {
    test(name, async () => {
      const result = await udp('DNS_CHECK', answer);
      assert.equal(result.ok, false);
      assert.match(result.reason, reason);
    });
  }

  test('answers behind forged answers is well, and so is one that truncates', async () => {
    const behind: Answer = (socket, question, { port, address: host }) => {
      socket.send(forged(question), port, host, () => {
        socket.send(reply(question), port, host);
      });
    };
    assert.equal((await udp('DNS_CHECK', behind)).ok, true);
    assert.equal(
      (
        await udp(
          'DNS_CHECK',
          once((question) => reply(question, 0x8380, 9)),
        )
      ).ok,
      true,
    );
  });

  test('does not listen', async () => {
    assert.deepEqual(await resultOf('DNS_CHECK', 1), { ok: false, reason: 'connection refused' });
  });

  test('is never asked with the same id and from the same port by habit', async () => {
    const seen = new Set<string>();
    for (let time = 0; time < 8; time++) {
      await udp('DNS_CHECK', (socket, question, from) => {
        seen.add(`${question.toString('hex', 0, 2)} ${String(from.port)}`);
        socket.send(reply(question), from.port, from.address);
      });
    }
    assert.equal(seen.size, 8);
    assert.ok(new Set(Array.from(seen, (one) => one.split(' ')[0])).size > 4, 'the ids differ');
  });
});

describe('a server of UDP that', () => {
  const silent: Answer = () => undefined;
  test('is silent is up or down as the file asks', async () => {
    assert.deepEqual(await udp('UDP_CHECK', silent), { ok: false, reason: 'no reply within 0.25 s' });
    const result = await udp('UDP_CHECK', silent, { replyExpected: false, requireReply: undefined });
    assert.equal(result.ok, true);
  });

  test('floods: the first reply decides', async () => {
    const good = flood(20_000, () => Buffer.from('aabb', 'hex'));
    assert.deepEqual(await udp('UDP_CHECK', good), { ok: true, reason: 'replied with 2 bytes' });
    const bad = flood(20_000, () => Buffer.alloc(60_000, 0xaa));
    assert.match((await udp('UDP_CHECK', bad)).reason, /^the reply has 60000 bytes, not 0 to 255/);
  });

  test('does not listen is down, whatever the file asks', async () => {
    for (const change of [{}, { replyExpected: false }])
      assert.deepEqual(await resultOf('UDP_CHECK', 1, change), { ok: false, reason: 'connection refused' });
  });
});
