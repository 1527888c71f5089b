import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CheckSchedule, type TimedChecker } from '../../src/checkers/index.ts';
import { parseIp } from '../../src/core/index.ts';

const address = parseIp('192.168.170.25');
assert.ok(address.ok);
const span = { file: 'test.conf', line: 1, column: 1, endLine: 1, endColumn: 2 };
const connection = { connectIp: address.value, connectPort: 80, connectTimeoutMs: 1000 };

function tcp(change: Partial<TimedChecker> = {}): TimedChecker {
  const timing = {
    delayLoopMs: 6000,
    warmupMs: 6000,
    retry: 1,
    delayBeforeRetryMs: 1000,
    alpha: false,
    logAllFailures: false,
  };
  return { type: 'TCP_CHECK', span, ...timing, ...connection, ...change } as TimedChecker;
}

function http(urls: number, change: Partial<TimedChecker> = {}): TimedChecker {
  const url = {
    span,
    path: '/',
    statusCodes: [[200, 299]],
    regexNoMatch: false,
    regexOptions: [],
    tlsCompliant: false,
  };
  const more = {
    type: 'HTTP_GET',
    urls: Array.from({ length: urls }, () => url),
    httpProtocol: '1.0',
    enableSni: false,
    fastRecovery: false,
    tlsCompliant: false,
  };
  return tcp({ ...more, ...change } as Partial<TimedChecker>);
}

/** Runs one checker with the given outcomes, one after the other, and tells when it ran and what was decided: `1000 url0 ok up`. */
function trace(checker: TimedChecker, outcomes: string, up = true, random = 0): string[] {
  const schedule = new CheckSchedule(() => random);
  schedule.configure(new Map([['a', { checker, up }]]), 0);
  return Array.from(outcomes, (outcome) => {
    const nowMs = schedule.nextDeadline() ?? Number.NaN;
    const [run] = schedule.due(nowMs);
    const verdict = schedule.result('a', { ok: outcome === '+', reason: '' }, nowMs);
    const decided = verdict?.changed === true ? (verdict.up ? 'UP' : `DOWN after ${String(verdict.retries)}`) : '';
    return `${String(nowMs)} url${String(run?.url)} ${outcome} ${decided}`.trimEnd();
  });
}

describe('the schedule of checks', () => {
  const table: readonly {
    name: string;
    checker: TimedChecker;
    outcomes: string;
    up?: boolean;
    random?: number;
    expected: string[];
  }[] = [
    {
      name: 'runs after 1 s, then each delay_loop',
      checker: tcp(),
      outcomes: '++',
      expected: ['1000 url0 +', '7000 url0 +'],
    },
    {
      name: 'spreads the first runs over warmup',
      checker: tcp(),
      outcomes: '+',
      random: 0.5,
      expected: ['4000 url0 +'],
    },
    {
      name: 'takes a failing first run at its word',
      checker: tcp({ retry: 3 }),
      outcomes: '-',
      expected: ['1000 url0 - DOWN after 0'],
    },
    {
      name: 'retries after delay_before_retry before a server is down, and checks each delay_loop while it is',
      checker: tcp({ retry: 2 }),
      outcomes: '+----+',
      expected: [
        '1000 url0 +',
        '7000 url0 -',
        '8000 url0 -',
        '9000 url0 - DOWN after 2',
        '15000 url0 -',
        '21000 url0 + UP',
      ],
    },
    {
      name: 'forgets failures at a success',
      checker: tcp(),
      outcomes: '+-+--',
      expected: ['1000 url0 +', '7000 url0 -', '8000 url0 +', '14000 url0 -', '15000 url0 - DOWN after 1'],
    },
    {
      name: 'starts down and silent where alpha says so',
      checker: tcp(),
      up: false,
      outcomes: '+',
      expected: ['1000 url0 + UP'],
    },
    {
      name: 'asks for all urls, and for the one that failed first again',
      checker: http(2, { retry: 1 }),
      outcomes: '++-+',
      expected: ['1000 url0 +', '7000 url1 +', '13000 url0 -', '14000 url0 +'],
    },
    {
      name: 'asks for the next url at once with fast_recovery',
      checker: http(2, { fastRecovery: true }),
      outcomes: '++',
      expected: ['1000 url0 +', '1000 url1 +'],
    },
    {
      name: 'is up only when all urls passed',
      checker: http(2),
      up: false,
      outcomes: '++',
      expected: ['1000 url0 +', '7000 url1 + UP'],
    },
  ];
  for (const { name, checker, outcomes, up, random, expected } of table) {
    test(name, () => {
      assert.deepEqual(trace(checker, outcomes, up, random), expected);
    });
  }

  test('a reload keeps what is known and forgets what is gone, late results too', () => {
    const schedule = new CheckSchedule(() => 0);
    const both = new Map(['a', 'b'].map((id) => [id, { checker: tcp(), up: true }] as const));
    schedule.configure(both, 0);
    assert.equal(schedule.due(1000).length, 2);
    schedule.result('a', { ok: false, reason: '' }, 1000);
    schedule.configure(new Map([['a', { checker: tcp(), up: true }]]), 2000);
    assert.equal(schedule.result('b', { ok: false, reason: '' }, 2500), undefined);
    assert.deepEqual(
      schedule.due(3000).map(({ id }) => id),
      ['a'],
    );
    assert.equal(schedule.result('a', { ok: true, reason: '' }, 3000)?.changed, true, 'it was down before the reload');
  });

  test('no check runs early, none twice at once, and each runs again', () => {
    const checkers = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(checkers, fc.infiniteStream(fc.boolean()), (loops, results) => {
        const schedule = new CheckSchedule(() => 0);
        schedule.configure(
          new Map(
            loops.map((ms, i) => [
              String(i),
              { checker: tcp({ delayLoopMs: ms, warmupMs: 0, delayBeforeRetryMs: ms }), up: true },
            ]),
          ),
          0,
        );
        const runs = new Map<string, number>();
        const last = new Map<string, number>();
        for (let nowMs = 1000; nowMs <= 1200; nowMs = Math.max(nowMs + 1, schedule.nextDeadline() ?? nowMs)) {
          for (const { id, checker } of schedule.due(nowMs)) {
            const before = last.get(id);
            if (before !== undefined) assert.ok(nowMs - before >= checker.delayLoopMs, `${id} ran early`);
            assert.equal(
              schedule.due(nowMs).some((run) => run.id === id),
              false,
              `${id} runs twice`,
            );
            last.set(id, nowMs);
            runs.set(id, (runs.get(id) ?? 0) + 1);
            schedule.result(id, { ok: results.next().value === true, reason: '' }, nowMs);
          }
        }
        for (const [i, ms] of loops.entries())
          assert.ok((runs.get(String(i)) ?? 0) >= Math.floor(200 / ms), `${String(i)} ran too seldom`);
      }),
      { numRuns: 50 },
    );
  });
});
