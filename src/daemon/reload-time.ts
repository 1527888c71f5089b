import { err, ok, type Result } from '../core/index.ts';

const form = /^(?:(\d{4}|\d\d)-(\d\d)-(\d\d) )?(\d\d):(\d\d):(\d\d)(Z?)$/;

/**
 * When the reload is due that a line of a reload_time_file asks for (keepalived.conf(5)): `HH:MM:SS`, which is today or tomorrow,
 * `YY-MM-DD HH:MM:SS` or `YYYY-MM-DD HH:MM:SS`, each with `Z` for UTC. Both times are milliseconds since 1970; the result is later than now.
 * The error says in words that follow the file's name why there is none.
 */
export function nextReloadMs(line: string, nowMs: number): Result<number> {
  const match = form.exec(line);
  if (match === null)
    return err(
      'holds no time of a reload: it takes [[YY]YY-MM-DD ]HH:MM:SS, and Z behind it for UTC, and nothing else',
    );
  const [, year, month = '', day = '', hour = '', minute = '', second = '', zone] = match;
  const clock = [Number(hour), Number(minute), Number(second)] as const;
  if (clock[0] > 23 || clock[1] > 59 || clock[2] > 59) return err(`holds '${line}', which no clock shows`);
  const utc = zone === 'Z';
  if (year === undefined) return ok(nextOfDay(clock, utc, nowMs));
  const date = [Number(year.length === 2 ? `20${year}` : year), Number(month), Number(day)] as const;
  if (!exists(date)) return err(`holds '${line}', which is in no calendar`);
  const dueMs = at(date, clock, utc);
  return dueMs > nowMs ? ok(dueMs) : err(`holds '${line}', which is over: there is no reload`);
}

type Three = readonly [number, number, number];

function nextOfDay(clock: Three, utc: boolean, nowMs: number): number {
  const now = new Date(nowMs);
  const [year, month, day] = utc
    ? [now.getUTCFullYear(), now.getUTCMonth() + 1, now.getUTCDate()]
    : [now.getFullYear(), now.getMonth() + 1, now.getDate()];
  const today = at([year, month, day], clock, utc);
  return today > nowMs ? today : at([year, month, day + 1], clock, utc);
}

/** Of a time that the change of the clocks leaves out, and of one that it has twice, what Date makes of it. */
function at([year, month, day]: Three, clock: Three, utc: boolean): number {
  return utc ? Date.UTC(year, month - 1, day, ...clock) : new Date(year, month - 1, day, ...clock).getTime();
}

function exists([year, month, day]: Three): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 100 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
