import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, mock, test } from 'node:test';
import type { Result } from '../../src/core/index.ts';
import { ReloadTimer } from '../../src/daemon/reload-timer.ts';

const path = '/run/reload-at';
const start = Date.UTC(2026, 0, 15, 9, 30, 0);
const hourMs = 3_600_000;

function rig(line?: string) {
  const state = { line, nowMs: start, readable: true };
  const log: string[] = [];
  const removed: string[] = [];
  let reloads = 0;
  let changed: (() => void) | undefined;
  const timer = new ReloadTimer({
    log: (_, text) => log.push(text),
    readFirstLine: (): Result<string | undefined> =>
      state.readable ? { ok: true, value: state.line } : { ok: false, error: 'is not a regular file' },
    followFile: (_, listener) => {
      changed = listener;
      return () => {
        changed = undefined;
      };
    },
    removeFile: (file) => {
      removed.push(file);
      state.line = undefined;
      changed?.();
      return { ok: true, value: undefined };
    },
    wallClockMs: () => state.nowMs,
    reload: () => {
      reloads++;
    },
  });
  const pass = (ms: number): void => {
    // Timers and the clock go together, as long as nobody sets the clock.
    for (let left = ms; left > 0; left -= 1000) {
      const step = Math.min(left, 1000);
      state.nowMs += step;
      mock.timers.tick(step);
    }
  };
  const write = (next: string | undefined): void => {
    state.line = next;
    changed?.();
  };
  return { timer, state, log, removed, pass, write, reloads: () => reloads, followed: () => changed !== undefined };
}

const zone = process.env['TZ'];

describe('reload_time_file', () => {
  before(() => {
    process.env['TZ'] = 'UTC';
  });
  beforeEach(() => {
    mock.timers.reset();
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  after(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
    mock.timers.reset();
  });

  test('reloads at its time, once, and the file is gone', () => {
    const { timer, pass, reloads, removed, log } = rig('09:31:00Z');
    timer.follow(path, false);
    pass(59_999);
    assert.equal(reloads(), 0);
    pass(1);
    assert.equal(reloads(), 1);
    assert.deepEqual(removed, [path]);
    timer.follow(path, false);
    pass(48 * hourMs);
    assert.equal(reloads(), 1);
    assert.deepEqual(log, ['Scheduling reload for 2026-01-15 09:31:00']);
  });

  test('with reload_repeat the file stays, and a time without a date comes each day', () => {
    const { timer, pass, reloads, removed } = rig('09:31:00Z');
    timer.follow(path, true);
    for (const day of [1, 2, 3]) {
      pass(60_000);
      assert.equal(reloads(), day);
      timer.follow(path, true);
      pass(24 * hourMs - 60_000);
    }
    assert.deepEqual(removed, []);
  });

  test('with reload_repeat a time with a date comes once, and is told to be over', () => {
    const { timer, pass, reloads, log } = rig('2026-01-15 09:31:00Z');
    timer.follow(path, true);
    pass(60_000);
    timer.follow(path, true);
    pass(48 * hourMs);
    assert.equal(reloads(), 1);
    assert.match(log.at(-1) ?? '', /reload_time_file \/run\/reload-at holds '2026-01-15 09:31:00Z', which is over/);
  });

  test('comes, changes and goes with the file', () => {
    const { timer, pass, write, reloads, log } = rig();
    timer.follow(path, false);
    assert.deepEqual(log, []);
    write('09:40:00Z');
    write('09:35:00Z');
    pass(299_000);
    assert.equal(reloads(), 0);
    write(undefined);
    pass(48 * hourMs);
    assert.equal(reloads(), 0);
    assert.deepEqual(log, [
      'Scheduling reload for 2026-01-15 09:40:00',
      'Scheduling reload for 2026-01-15 09:35:00',
      'Cancelling reload scheduled for 2026-01-15 09:35:00',
    ]);
  });

  test('what is no time cancels it, and says what would be right', () => {
    const { timer, pass, write, state, reloads, log } = rig('09:31:00Z');
    timer.follow(path, false);
    write('in a minute');
    pass(120_000);
    state.readable = false;
    write('09:40:00Z');
    pass(hourMs);
    assert.equal(reloads(), 0);
    assert.match(log.join('\n'), /reload_time_file \/run\/reload-at holds no time of a reload: it takes .*HH:MM:SS/);
    assert.match(log.at(-1) ?? '', /reload_time_file \/run\/reload-at is not a regular file/);
  });

  test('goes by the clock, which may be set', () => {
    const { timer, pass, state, reloads } = rig('10:30:00Z');
    timer.follow(path, false);
    state.nowMs -= hourMs;
    pass(hourMs + 60_000);
    assert.equal(reloads(), 0);
    state.nowMs = Date.UTC(2026, 0, 15, 10, 30, 1);
    pass(10_000);
    assert.equal(reloads(), 1);
  });

  test('a configuration without it, and the stop, end it', () => {
    const { timer, pass, reloads, followed } = rig('09:31:00Z');
    timer.follow(path, false);
    timer.follow(undefined, false);
    assert.equal(followed(), false);
    pass(hourMs);
    timer.follow(path, false);
    timer.stop();
    pass(48 * hourMs);
    assert.equal(reloads(), 0);
  });
});
