import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { parseIp } from '../../src/core/index.ts';
import { endSockets } from '../../src/platform/index.ts';

/** One request and its answer over a connection of its own. */

const parsed = parseIp('127.0.0.1');
assert.ok(parsed.ok);
const loopback = parsed.value;

async function serving(serve: (socket: Socket) => void, act: (port: number) => Promise<void>): Promise<void> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await act((server.address() as AddressInfo).port);
  } finally {
    for (const socket of open) socket.destroy();
    server.close();
  }
}

/** What came, and `end` or the error behind it. */
function answerOf(port: number, request = 'ask'): Promise<string> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const told = (how: string): void => {
      resolve(`${Buffer.concat(pieces).toString('latin1')} ${how}`);
    };
    endSockets.connectTcp({ connectIp: loopback, connectPort: port }, (outcome) => {
      assert.ok(outcome.ok);
      outcome.value.ask(request, {
        onData: (bytes) => pieces.push(bytes),
        onEnd: () => {
          told('end');
        },
        onError: ({ code, here }) => {
          told(`${code}${here ? ' here' : ''}`);
        },
      });
      assert.throws(() => outcome.value.stream(), /after it was closed or taken/);
      outcome.value.close();
    });
  });
}

const echo = (socket: Socket): void => {
  socket.once('data', (bytes) => socket.end(bytes));
};

describe('an answer', () => {
  for (const [name, serve, expected] of [
    ['comes with its end', echo, 'ask end'],
    ['that is none ends too', (socket: Socket) => socket.end(), ' end'],
    ['that comes before the question counts', (socket: Socket) => socket.end('early'), 'early end'],
    [
      'in pieces comes whole',
      (socket: Socket) => {
        const pieces = ['one ', 'two ', 'three'];
        const next = (): void => {
          const piece = pieces.shift();
          if (piece === undefined) socket.end();
          else socket.write(piece, () => setTimeout(next, 5));
        };
        socket.once('data', next);
      },
      'one two three end',
    ],
    [
      'may end with a reset, which is told',
      (socket: Socket) => {
        socket.once('data', () => socket.write('half', () => setTimeout(() => socket.resetAndDestroy(), 20)));
      },
      'half ECONNRESET',
    ],
  ] as const) {
    test(name, async () => {
      await serving(
        (socket) => void serve(socket),
        async (port) => {
          assert.equal(await answerOf(port), expected);
        },
      );
    });
  }

  test('that comes while nobody asks yet waits, and the connection is told of once', async () => {
    await serving(
      (socket) => void socket.end('early'),
      async (port) => {
        let times = 0;
        const told = await new Promise((resolve) => {
          endSockets.connectTcp({ connectIp: loopback, connectPort: port }, (outcome) => {
            times++;
            assert.ok(outcome.ok);
            const { ask } = outcome.value;
            let came = '';
            setTimeout(() => {
              ask('ask', {
                onData: (bytes) => (came += String(bytes)),
                onEnd: () => {
                  resolve(`${came} end`);
                },
                onError: ({ code }) => {
                  resolve(`${came} ${code}`);
                },
              });
            }, 100);
          });
        });
        // The server does not listen any more: what it sent before is there all the same.
        assert.match(String(told), /^early (?:end|ECONNRESET|EPIPE)$/);
        assert.equal(times, 1);
      },
    );
  });

  test('to a question that does not fit at once is to all of it', async () => {
    const question = 'q'.repeat(20_000_000);
    let came = 0;
    await serving(
      (socket) => {
        socket.pause().on('data', (bytes) => {
          came += bytes.length;
          if (came === question.length) socket.end('read');
        });
        setTimeout(() => socket.resume(), 50);
      },
      async (port) => {
        assert.equal(await answerOf(port, question), 'read end');
      },
    );
  });

  test('of megabytes does not hold up others', async () => {
    const ended: string[] = [];
    await serving(
      (socket) =>
        socket.once('data', (bytes) => socket.end(bytes.toString() === 'much' ? Buffer.alloc(50_000_000, 'x') : bytes)),
      async (port) => {
        const much = answerOf(port, 'much').then((answer) => ended.push(`much ${String(answer.length)}`));
        await answerOf(port, 'little').then((answer) => ended.push(answer));
        await much;
        assert.deepEqual(ended, ['little end', 'much 50000004']);
      },
    );
  });

  test('is not heard of once it was given up, and nothing stays open', async () => {
    await serving(
      (socket) => socket.once('data', () => socket.end('late')),
      async (port) => {
        await answerOf(port);
        const before = readdirSync('/proc/self/fd').length;
        for (let time = 0; time < 20; time++)
          await new Promise<void>((resolve) => {
            endSockets.connectTcp({ connectIp: loopback, connectPort: port }, (outcome) => {
              assert.ok(outcome.ok);
              const none = (): void => assert.fail('it was given up');
              const giveUp = outcome.value.ask('ask', { onData: none, onEnd: none, onError: none });
              giveUp();
              giveUp();
              resolve();
            });
          });
        await answerOf(port);
        assert.equal(await leftOpen(before), 0);
      },
    );
  });

  test('of hundreds at once reaches whom it is for, though descriptors are used again at once', async () => {
    await serving(echo, async (port) => {
      const asked = async (n: number): Promise<void> => {
        for (let time = 0; time < 5; time++) {
          const question = `${String(n)} ${String(time)}`;
          assert.equal(await answerOf(port, question), `${question} end`);
        }
      };
      await Promise.all(Array.from({ length: 300 }, (_, n) => asked(n)));
    });
  });
});

/** How many more descriptors than before there are once the event loop has turned: those of the server of this test close late. */
async function leftOpen(before: number): Promise<number> {
  for (let turn = 0; turn < 100 && readdirSync('/proc/self/fd').length > before; turn++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return Math.max(0, readdirSync('/proc/self/fd').length - before);
}

test('a program ends when nothing is asked any more', async () => {
  await serving(echo, async (port) => {
    const program = `
      const { endSockets } = await import('./src/platform/index.ts');
      endSockets.connectTcp({ connectIp: '127.0.0.1', connectPort: ${String(port)} }, (outcome) => {
        outcome.value.ask('ask', { onData: (bytes) => console.log(String(bytes)), onEnd: () => console.log('end') });
      });`;
    const words = ['--import', 'tsx', '--input-type=module', '-e', program];
    const { stdout } = await promisify(execFile)(process.execPath, words, { timeout: 60_000 });
    assert.equal(stdout, 'ask\nend\n');
  });
});
