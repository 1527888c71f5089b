import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createDeadlineTimer, monotonicMs } from '../../src/platform/index.ts';

function firing(deadlineMs: number): Promise<number> {
  return new Promise((resolve) => {
    createDeadlineTimer(() => {
      resolve(monotonicMs());
    }).arm(deadlineMs);
  });
}

describe('the deadline timer', () => {
  for (const delayMs of [0.2, 0.9, 1, 1.5, 7.25, 20]) {
    test(`never fires early: ${String(delayMs)} ms`, async () => {
      for (let round = 0; round < 5; round++) {
        const deadlineMs = monotonicMs() + delayMs;
        const firedMs = await firing(deadlineMs);
        assert.ok(firedMs >= deadlineMs, `${String(deadlineMs - firedMs)} ms early`);
      }
    });
  }

  test('a deadline that has passed fires, but not inside arm', async () => {
    let fired = 0;
    const done = new Promise<void>((resolve) => {
      createDeadlineTimer(() => {
        fired++;
        resolve();
      }).arm(monotonicMs() - 5);
    });
    assert.equal(fired, 0);
    await done;
    assert.equal(fired, 1);
  });

  test('the last deadline counts, and each fires once', async () => {
    const fired: number[] = [];
    let resolveDone: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      resolveDone = resolve;
    });
    const timer = createDeadlineTimer(() => {
      fired.push(fired.length + 1);
      if (fired.length === 1) timer.arm(monotonicMs() + 3);
      else resolveDone();
    });
    timer.arm(monotonicMs() + 60_000);
    timer.arm(undefined);
    timer.arm(monotonicMs() + 2);
    await done;
    assert.deepEqual(fired, [1, 2]);
  });

  test('a delay longer than a timeout can be waits instead of firing at once', async () => {
    let fired = false;
    const timer = createDeadlineTimer(() => {
      fired = true;
    });
    timer.arm(monotonicMs() + 2 ** 33);
    await firing(monotonicMs() + 10);
    timer.arm(undefined);
    assert.equal(fired, false);
  });
});
