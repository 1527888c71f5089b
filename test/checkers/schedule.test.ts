import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CheckSchedule, type TimedChecker } from '../../src/checkers/index.ts';
import { parseIp } from '../../src/core/index.ts';
import { anyPage } from './ssl-get.ts';

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
  const more = {
    type: 'HTTP_GET',
    urls: Array.from({ length: urls }, () => anyPage),
    httpProtocol: '1.0',
    enableSni: false,
    fastRecovery: false,
    tlsCompliant: false,
  };
  return tcp({ ...more, ...change } as Partial<TimedChecker>);
}

/** Runs one checker with the given outcomes (`?`: the check could not be made), one after the other, and tells when it ran and what was decided: `1000 url0 ok up`. */
function trace(checker: TimedChecker, outcomes: string, up = true, random = 0): string[] {
  const schedule = new CheckSchedule(() => random);
  schedule.configure(new Map([['a', { checker, up }]]), 0);
  return Array.from(outcomes, (outcome) => {
    const nowMs = schedule.nextDeadline() ?? Number.NaN;
    const [run] = schedule.due(nowMs);
    const verdict = schedule.result('a', { ok: outcome === '+', reason: '', unjudged: outcome === '?' }, nowMs);
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
      name: 'passes over a check that could not be made, in whatever state and between retries',
      checker: tcp({ retry: 1 }),
      outcomes: '?+?-?-?-?+',
      expected: [
        '1000 url0 ?',
        '7000 url0 +',
        '13000 url0 ?',
        '19000 url0 -',
        '20000 url0 ?',
        '26000 url0 - DOWN after 1',
        '32000 url0 ?',
        '38000 url0 -',
        '44000 url0 ?',
        '50000 url0 + UP',
      ],
    },
    // The times and urls of the rows below are those of keepalived 2.2.7 with the same outcomes.
    {
      name: 'has the retries of SMTP_CHECK also at the first run and while the server is down',
      checker: tcp({ type: 'SMTP_CHECK', delayLoopMs: 3000, retry: 2 }),
      outcomes: '----+---',
      expected: [
        '1000 url0 -',
        '2000 url0 -',
        '3000 url0 - DOWN after 2',
        '6000 url0 -',
        '7000 url0 + UP',
        '10000 url0 -',
        '11000 url0 -',
        '12000 url0 - DOWN after 2',
      ],
    },
    {
      name: 'asks again for the url that failed, then for the next',
      checker: http(3, { delayLoopMs: 3000, retry: 2 }),
      outcomes: '+++-+++',
      expected: [
        '1000 url0 +',
        '4000 url1 +',
        '7000 url2 +',
        '10000 url0 -',
        '11000 url0 +',
        '14000 url1 +',
        '17000 url2 +',
      ],
    },
    {
      name: 'takes a server back when the url that failed and then all urls passed',
      checker: http(3, { delayLoopMs: 3000, retry: 2 }),
      outcomes: '+++' + '+----' + '+' + '+++',
      expected: [
        '1000 url0 +',
        '4000 url1 +',
        '7000 url2 +',
        '10000 url0 +',
        '13000 url1 -',
        '14000 url1 -',
        '15000 url1 - DOWN after 2',
        '18000 url1 -',
        '21000 url1 +',
        '24000 url0 +',
        '27000 url1 +',
        '30000 url2 + UP',
      ],
    },
    {
      name: 'takes a server with one url back at the second success',
      checker: http(1, { delayLoopMs: 3000 }),
      outcomes: '-++',
      expected: ['1000 url0 - DOWN after 0', '4000 url0 +', '7000 url0 + UP'],
    },
    {
      name: 'takes a server down when another url than the first fails at the start',
      checker: http(2, { delayLoopMs: 3000, retry: 2 }),
      outcomes: '+-',
      expected: ['1000 url0 +', '4000 url1 - DOWN after 0'],
    },
    {
      name: 'asks for all urls at once at the start with fast_recovery, later one each delay_loop',
      checker: http(2, { delayLoopMs: 3000, fastRecovery: true }),
      outcomes: '++++',
      expected: ['1000 url0 +', '1000 url1 +', '4000 url0 +', '7000 url1 +'],
    },
    {
      name: 'asks for all urls at once when a server comes back with fast_recovery',
      checker: http(3, { delayLoopMs: 3000, fastRecovery: true }),
      outcomes: '+-+++++',
      expected: [
        '1000 url0 +',
        '1000 url1 - DOWN after 0',
        '4000 url1 +',
        '4000 url0 +',
        '4000 url1 +',
        '4000 url2 + UP',
        '7000 url0 +',
      ],
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

  test('many that are due together begin a few at a time, each once', () => {
    const schedule = new CheckSchedule(() => 0);
    const ids = Array.from({ length: 100 }, (_, i) => `server ${String(i)}`);
    schedule.configure(new Map(ids.map((id) => [id, { checker: tcp(), up: true }])), 0);
    const turns: string[][] = [];
    for (let due = schedule.nextDeadline(); due !== undefined && due <= 1000; due = schedule.nextDeadline())
      turns.push(schedule.due(1000).map(({ id }) => id));
    assert.ok(turns.every(({ length }) => length > 0 && length <= 16));
    assert.deepEqual(new Set(turns.flat()), new Set(ids));
    assert.equal(turns.flat().length, 100);
  });

  test('a reload begins with the first url', () => {
    const schedule = new CheckSchedule(() => 0);
    const one = new Map([['a', { checker: http(3), up: true }]]);
    schedule.configure(one, 0);
    schedule.due(1000);
    schedule.result('a', { ok: true, reason: '' }, 1000);
    schedule.configure(one, 2000);
    assert.deepEqual(
      schedule.due(3000).map(({ url }) => url),
      [0],
    );
  });

  test('a reload while a check runs holds up no other check', () => {
    // a starts at 1000; after the reload b is due at 32500, and a again a delay_loop after its result.
    const randoms = [0, 0.5, 0, 0.5];
    const schedule = new CheckSchedule(() => randoms.shift() ?? 0);
    const both = new Map(
      ['a', 'b'].map((id) => [id, { checker: tcp({ delayLoopMs: 60_000, warmupMs: 60_000 }), up: true }] as const),
    );
    schedule.configure(both, 0);
    assert.deepEqual(
      schedule.due(1000).map(({ id }) => id),
      ['a'],
    );
    schedule.configure(both, 1500);
    assert.notEqual(schedule.result('a', { ok: true, reason: '' }, 1600), undefined, 'its result counts');
    assert.equal(schedule.nextDeadline(), 32_500);
    assert.deepEqual(
      schedule.due(32_500).map(({ id }) => id),
      ['b'],
    );
    assert.deepEqual(
      schedule.due(61_600).map(({ id }) => id),
      ['a'],
    );
  });

  test('whatever starts, ends and is reloaded: the next deadline is that of the check that waits least', () => {
    const action = fc.oneof(
      fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 3000 }) }),
      fc.record({ do: fc.constant('end' as const), which: fc.nat(9), ok: fc.boolean() }),
      fc.record({ do: fc.constant('reload' as const), ids: fc.uniqueArray(fc.nat(5), { maxLength: 6 }) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), fc.infiniteStream(fc.nat(999)), (actions, numbers) => {
        const schedule = new CheckSchedule(() => numbers.next().value / 1000);
        const known = new Set<string>();
        const running = new Set<string>();
        const waitsSinceMs = new Map<string, number>();
        let nowMs = 0;
        const configure = (ids: readonly number[]): void => {
          const names = ids.map(String);
          schedule.configure(new Map(names.map((id) => [id, { checker: tcp(), up: true }])), nowMs);
          known.clear();
          for (const id of names) known.add(id);
          for (const id of running) if (!known.has(id)) running.delete(id);
          for (const id of waitsSinceMs.keys()) waitsSinceMs.delete(id);
          for (const id of names) if (!running.has(id)) waitsSinceMs.set(id, nowMs);
        };
        configure([0, 1, 2, 3, 4, 5]);
        for (const step of actions) {
          if (step.do === 'reload') configure(step.ids);
          else if (step.do === 'end') {
            const id = [...running][step.which % Math.max(1, running.size)];
            if (id === undefined) continue;
            running.delete(id);
            waitsSinceMs.set(id, nowMs);
            assert.notEqual(schedule.result(id, { ok: step.ok, reason: '' }, nowMs), undefined, `${id} was running`);
          } else {
            nowMs += step.ms;
            for (const { id } of schedule.due(nowMs)) {
              assert.ok(known.has(id), `${id} is gone`);
              assert.ok(!running.has(id), `${id} runs twice`);
              running.add(id);
              waitsSinceMs.delete(id);
            }
            // The longest wait is start delay plus warmup.
            for (const [id, sinceMs] of waitsSinceMs) assert.ok(nowMs - sinceMs < 7000, `${id} is held up`);
          }
          assert.equal(schedule.nextDeadline() === undefined, waitsSinceMs.size === 0, 'a deadline while any waits');
        }
      }),
      { numRuns: 300 },
    );
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

  describe('a check that rests', () => {
    const checker = tcp({ warmupMs: 0, retry: 1 });
    const told = (schedule: CheckSchedule, resting: boolean, nowMs: number): void => {
      const checks = new Map([
        ['a', { checker, up: true, resting }],
        ['b', { checker, up: true }],
      ]);
      schedule.configure(checks, nowMs, 'as they are');
    };
    const due = (schedule: CheckSchedule, nowMs: number): string =>
      schedule
        .due(nowMs)
        .map(({ id }) => id)
        .join('');

    test('does not run, and holds up no other; the others keep their times', () => {
      const schedule = new CheckSchedule(() => 0);
      told(schedule, true, 0);
      assert.equal(due(schedule, 1000), 'b');
      schedule.result('b', { ok: true, reason: '' }, 1000);
      told(schedule, false, 5000);
      assert.equal(schedule.nextDeadline(), 6000, 'a second after it may run');
      assert.equal(due(schedule, 6999), 'a');
      assert.equal(due(schedule, 7000), 'b', 'as it would have been');
    });

    test('goes on with what it knew: a server that was well has its retries', () => {
      const schedule = new CheckSchedule(() => 0);
      told(schedule, false, 0);
      schedule.due(1000);
      schedule.result('a', { ok: true, reason: '' }, 1000);
      told(schedule, true, 2000);
      told(schedule, false, 3000);
      schedule.due(4000);
      assert.equal(schedule.result('a', { ok: false, reason: '' }, 4000)?.up, true);
      schedule.due(5000);
      assert.equal(schedule.result('a', { ok: false, reason: '' }, 5000)?.up, false);
    });

    test('that ran when it was to rest has no result, and runs again afterwards', () => {
      const schedule = new CheckSchedule(() => 0);
      told(schedule, false, 0);
      assert.equal(due(schedule, 1000), 'ab');
      told(schedule, true, 1500);
      assert.equal(schedule.result('a', { ok: false, reason: '' }, 1600), undefined);
      told(schedule, false, 2000);
      assert.equal(due(schedule, 3000), 'a');
    });
  });
});
