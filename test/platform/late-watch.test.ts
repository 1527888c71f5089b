import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { watchLateness } from '../../src/platform/index.ts';

test('told when a timer comes late by the delay, and not by less', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    let nowMs = 0;
    const late: number[] = [];
    const end = watchLateness(
      1000,
      (byMs) => late.push(byMs),
      () => nowMs,
    );
    const pass = (ms: number): void => {
      nowMs += ms;
      mock.timers.tick(250);
    };
    pass(250);
    pass(1200);
    assert.deepEqual(late, []);
    pass(1250);
    pass(9250);
    assert.deepEqual(late, [1000, 9000]);
    end();
    pass(9999);
    assert.equal(late.length, 2);
  } finally {
    mock.timers.reset();
  }
});
