import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { nextReloadMs } from '../../src/daemon/reload-time.ts';

const zone = process.env['TZ'];

describe('the time in a reload_time_file', () => {
  before(() => {
    process.env['TZ'] = 'Europe/Berlin';
  });
  after(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  // In Berlin 10:30:00 in winter, and 01:30:00 before the clocks change.
  const winter = '2026-01-15T09:30:00Z';
  for (const [line, now, due] of [
    ['10:30:01', winter, '2026-01-15T09:30:01Z'],
    ['10:30:00', winter, '2026-01-16T09:30:00Z'],
    ['10:29:59', winter, '2026-01-16T09:29:59Z'],
    ['09:30:01Z', winter, '2026-01-15T09:30:01Z'],
    ['09:29:59Z', winter, '2026-01-16T09:29:59Z'],
    ['00:00:00', winter, '2026-01-15T23:00:00Z'],
    ['00:00:00Z', '2026-12-31T12:00:00Z', '2027-01-01T00:00:00Z'],
    ['26-07-01 12:00:00', winter, '2026-07-01T10:00:00Z'],
    ['2026-07-01 12:00:00', winter, '2026-07-01T10:00:00Z'],
    ['2026-07-01 12:00:00Z', winter, '2026-07-01T12:00:00Z'],
    ['2028-02-29 12:00:00Z', winter, '2028-02-29T12:00:00Z'],
    // A day of 23 hours, and one of 25.
    ['01:00:00', '2026-03-29T00:30:00Z', '2026-03-29T23:00:00Z'],
    ['12:00:00', '2026-10-24T11:00:00Z', '2026-10-25T11:00:00Z'],
  ] as const) {
    test(`${line} at ${now} is ${due}`, () => {
      const next = nextReloadMs(line, Date.parse(now));
      assert.ok(next.ok, next.ok ? '' : next.error);
      assert.equal(new Date(next.value).toISOString(), due.replace('Z', '.000Z'));
    });
  }

  for (const [line, why] of [
    ['', /holds no time/],
    ['10:30', /holds no time/],
    [' 10:30:00', /holds no time/],
    ['10:30:00 ', /holds no time/],
    ['10:30:00z', /holds no time/],
    ['2026-07-01  10:30:00', /holds no time/],
    ['2026-7-1 10:30:00', /holds no time/],
    ['24:00:00', /no clock shows/],
    ['10:60:00', /no clock shows/],
    ['2026-02-29 10:30:00', /no calendar/],
    ['2026-13-01 10:30:00', /no calendar/],
    ['2026-00-01 10:30:00', /no calendar/],
    ['0000-01-01 10:30:00', /no calendar/],
    ['2026-01-15 09:29:00Z', /is over/],
    ['2026-01-15 09:30:00Z', /is over/],
  ] as const) {
    test(`'${line}' is refused`, () => {
      const next = nextReloadMs(line, Date.parse(winter));
      assert.match(next.ok ? 'taken' : next.error, why);
    });
  }
});
