import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextLookMs, watchTable } from '../../src/daemon/table-watch.ts';

test('the next look comes after the period, or later where looking takes long', () => {
  assert.equal(nextLookMs(5000, 3), 5000);
  assert.equal(nextLookMs(5000, 200), 10_000);
});

async function looks(periodMs: number, tookMs: number, untilMs: number): Promise<readonly number[]> {
  let nowMs = 0;
  let due: { readonly atMs: number; readonly again: () => void } | undefined;
  const at: number[] = [];
  const end = watchTable({
    periodMs,
    check: () => {
      at.push(nowMs);
      nowMs += tookMs;
      return Promise.resolve();
    },
    nowMs: () => nowMs,
    later: (delayMs, again) => {
      due = { atMs: nowMs + delayMs, again };
      return () => (due = undefined);
    },
  });
  while (due !== undefined && due.atMs <= untilMs) {
    const { atMs, again } = due;
    due = undefined;
    nowMs = atMs;
    again();
    await new Promise(setImmediate);
  }
  end();
  assert.equal(due, undefined, 'nothing is due after the end');
  return at;
}

test('a small table is looked at every period', async () => {
  assert.deepEqual(await looks(5000, 0, 20_000), [5000, 10_000, 15_000, 20_000]);
});

test('a table that takes a second to read is looked at every minute or so', async () => {
  assert.deepEqual(await looks(5000, 1000, 60_000), [5000, 56_000]);
});

test('0 is never', async () => {
  assert.deepEqual(await looks(0, 0, 1e9), []);
});
