import assert from 'node:assert/strict';
import { createServer, connect, type AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { Deadline } from '../../src/checkers/deadline.ts';

/** What a garbage collection, a start of many programs or a paused machine does. */
function standStill(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('the time that a server may take', () => {
  test('passes', async () => {
    await new Promise<void>((resolve) => new Deadline(10, resolve));
  });

  test('does not pass while this process does not listen', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const events: string[] = [];
    await new Promise<void>((resolve) => {
      const deadline = new Deadline(100, () => {
        events.push('late');
        resolve();
      });
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () => {
        events.push('connected');
        deadline.clear();
        socket.destroy();
        resolve();
      });
      standStill(300);
    });
    server.close();
    assert.deepEqual(events, ['connected']);
  });

  test('is as much longer as this process was late, and no more', async () => {
    let turns = 0;
    await new Promise<void>((resolve) => {
      new Deadline(50, resolve);
      standStill(200);
      const look = setInterval(() => turns++, 5);
      setTimeout(() => {
        clearInterval(look);
      }, 1000).unref();
    });
    assert.ok(turns > 1, 'it listened again before it gave up');
  });

  test('begins anew with each sign of life', async () => {
    const signs: string[] = [];
    await new Promise<void>((resolve) => {
      const deadline = new Deadline(40, () => {
        signs.push('late');
        resolve();
      });
      standStill(150);
      let left = 3;
      const sign = (): void => {
        signs.push('sign');
        deadline.refresh();
        if (--left > 0) setTimeout(sign, 5);
      };
      setImmediate(sign);
    });
    assert.deepEqual(signs, ['sign', 'sign', 'sign', 'late']);
  });

  test('ends when it is cleared', async () => {
    let passed = false;
    const deadline = new Deadline(5, () => (passed = true));
    standStill(20);
    deadline.clear();
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(passed, false);
  });
});
