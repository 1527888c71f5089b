import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  newSupervision,
  nextSupervisionDeadline,
  superviseStep,
  type Supervision,
  type SupervisionEvent,
} from '../../src/daemon/supervision.ts';

/** Runs `[ms, event]` rows and returns what came out as short words: `100 spawn vrrp death`. */
function trace(
  rows: readonly (readonly [number, SupervisionEvent])[],
  options = { childWaitTimeMs: 5000, respawn: true },
): string[] {
  let state: Supervision = newSupervision(options);
  return rows.flatMap(([nowMs, event]) => {
    const step = superviseStep(state, event, nowMs);
    state = step.state;
    return step.effects
      .filter((effect) => effect.type !== 'log')
      .map((effect) =>
        [
          nowMs,
          effect.type,
          ...('part' in effect ? [effect.part] : []),
          ...('after' in effect ? [effect.after] : []),
          ...('status' in effect ? [effect.status] : []),
          ...('keep' in effect ? ['keep'] : []),
        ].join(' '),
      );
  });
}

const start: SupervisionEvent = { type: 'start', wanted: ['vrrp', 'checkers'] };
const killed = (part: 'vrrp' | 'checkers'): SupervisionEvent => ({ type: 'exited', part, signal: 'SIGKILL' });

describe('supervision', () => {
  const table: readonly { name: string; rows: readonly (readonly [number, SupervisionEvent])[]; expected: string[] }[] =
    [
      {
        name: 'a part that is killed is started again at once',
        rows: [
          [0, start],
          [100, killed('vrrp')],
        ],
        expected: ['0 spawn vrrp start', '0 spawn checkers start', '100 spawn vrrp death'],
      },
      {
        name: 'a part that keeps dying is started again after 1, 2, 4 s',
        rows: [
          [0, { type: 'start', wanted: ['vrrp'] }],
          [1, killed('vrrp')],
          [2, killed('vrrp')],
          [1002, { type: 'timer' }],
          [1003, killed('vrrp')],
          [3002, { type: 'timer' }],
          [3003, { type: 'timer' }],
          [3004, killed('vrrp')],
          [7004, { type: 'timer' }],
        ],
        expected: [
          '0 spawn vrrp start',
          '1 spawn vrrp death',
          '1002 spawn vrrp death',
          '3003 spawn vrrp death',
          '7004 spawn vrrp death',
        ],
      },
      {
        name: 'a long life clears the delay',
        rows: [
          [0, { type: 'start', wanted: ['vrrp'] }],
          [1, killed('vrrp')],
          [60_001, killed('vrrp')],
        ],
        expected: ['0 spawn vrrp start', '1 spawn vrrp death', '60001 spawn vrrp death'],
      },
      {
        name: 'a part that cannot work ends the daemon with its status after the others have stopped',
        rows: [
          [0, start],
          [10, { type: 'exited', part: 'checkers', code: 1 }],
          [20, { type: 'exited', part: 'vrrp', code: 0 }],
        ],
        expected: ['0 spawn vrrp start', '0 spawn checkers start', '10 stop vrrp', '20 exit 1'],
      },
      {
        name: 'stop waits for the parts',
        rows: [
          [0, start],
          [10, { type: 'stop' }],
          [20, { type: 'exited', part: 'vrrp', code: 0 }],
          [30, { type: 'exited', part: 'checkers', code: 0 }],
        ],
        expected: ['0 spawn vrrp start', '0 spawn checkers start', '10 stop vrrp', '10 stop checkers', '30 exit 0'],
      },
      {
        name: 'a part that does not stop is killed after child_wait_time',
        rows: [
          [0, { type: 'start', wanted: ['vrrp'] }],
          [10, { type: 'stop' }],
          [5009, { type: 'timer' }],
          [5010, { type: 'timer' }],
          [5011, killed('vrrp')],
        ],
        expected: ['0 spawn vrrp start', '10 stop vrrp', '5010 kill vrrp', '5011 exit 0'],
      },
      {
        name: 'reload starts what is new, tells what stays and stops what is gone',
        rows: [
          [0, { type: 'start', wanted: ['vrrp'] }],
          [10, { type: 'reload', wanted: ['vrrp', 'checkers'] }],
          [20, { type: 'reload', wanted: ['checkers'] }],
          [30, { type: 'exited', part: 'vrrp', code: 0 }],
        ],
        expected: [
          '0 spawn vrrp start',
          '10 reload vrrp',
          '10 spawn checkers start',
          '20 stop vrrp',
          '20 reload checkers',
        ],
      },
      {
        name: 'a part taken out and put back while it stops is started when it is down',
        rows: [
          [0, { type: 'start', wanted: ['vrrp'] }],
          [10, { type: 'reload', wanted: [] }],
          [20, { type: 'reload', wanted: ['vrrp'] }],
          [30, { type: 'exited', part: 'vrrp', code: 0 }],
        ],
        expected: ['0 spawn vrrp start', '10 stop vrrp', '30 spawn vrrp death'],
      },
      {
        name: 'for a successor the vrrp part stops when the others have: the peers wait from then on',
        rows: [
          [0, start],
          [10, { type: 'stop', keep: true }],
          [20, { type: 'stop' }],
          [30, { type: 'exited', part: 'checkers', code: 0 }],
          [40, { type: 'exited', part: 'vrrp', code: 0 }],
        ],
        expected: [
          '0 spawn vrrp start',
          '0 spawn checkers start',
          '10 stop checkers keep',
          '30 stop vrrp keep',
          '40 exit 0',
        ],
      },
      {
        name: 'for a successor the vrrp part is not killed with one that does not stop',
        rows: [
          [0, start],
          [10, { type: 'stop', keep: true }],
          [5010, { type: 'timer' }],
          [5011, killed('checkers')],
          [5012, { type: 'exited', part: 'vrrp', code: 0 }],
        ],
        expected: [
          '0 spawn vrrp start',
          '0 spawn checkers start',
          '10 stop checkers keep',
          '5010 kill checkers',
          '5011 stop vrrp keep',
          '5012 exit 0',
        ],
      },
      {
        name: 'for a successor the vrrp part alone stops at once',
        rows: [
          [0, { type: 'start', wanted: ['vrrp'] }],
          [10, { type: 'stop', keep: true }],
          [20, killed('vrrp')],
        ],
        expected: ['0 spawn vrrp start', '10 stop vrrp keep', '20 exit 0'],
      },
      {
        name: 'without parts, stop ends at once',
        rows: [
          [0, { type: 'start', wanted: [] }],
          [1, { type: 'stop' }],
        ],
        expected: ['1 exit 0'],
      },
    ];
  for (const { name, rows, expected } of table) {
    test(name, () => {
      assert.deepEqual(trace(rows), expected);
    });
  }

  test('a part that dies at once whenever it starts is started once a minute in the end, and does not fill a disk with its log', () => {
    let state = superviseStep(newSupervision({ childWaitTimeMs: 5000, respawn: true }), start, 0).state;
    let starts = 0;
    let lines = 0;
    let nowMs = 0;
    const step = (event: SupervisionEvent): void => {
      const { state: next, effects } = superviseStep(state, event, nowMs);
      state = next;
      starts += effects.filter(({ type }) => type === 'spawn').length;
      lines += effects.filter(({ type }) => type === 'log').length;
      if (effects.some(({ type }) => type === 'spawn')) step(killed('vrrp'));
    };
    step(killed('vrrp'));
    const day = 86_400_000;
    for (
      let due = nextSupervisionDeadline(state);
      due !== undefined && due < day;
      due = nextSupervisionDeadline(state)
    ) {
      nowMs = due;
      step({ type: 'timer' });
    }
    assert.ok(starts > 1000 && starts < 1500, `${String(starts)} starts`);
    assert.ok(lines < 3 * starts, `${String(lines)} lines`);
  });

  test('keepalived issue 2336: a thousand reloads tell each part once and leave nothing behind', () => {
    let state = superviseStep(newSupervision({ childWaitTimeMs: 5000, respawn: true }), start, 0).state;
    const size = (): number => JSON.stringify([...state.parts]).length;
    const before = size();
    for (let k = 1; k <= 1000; k++) {
      const { state: next, effects } = superviseStep(state, { type: 'reload', wanted: ['vrrp', 'checkers'] }, k);
      state = next;
      assert.deepEqual(
        effects.flatMap((effect) => (effect.type === 'log' ? [] : [effect.type])),
        ['reload', 'reload'],
      );
    }
    assert.equal(size(), before);
  });

  test('with -R the death of a part ends the daemon', () => {
    const options = { childWaitTimeMs: 5000, respawn: false };
    assert.deepEqual(
      trace(
        [
          [0, { type: 'start', wanted: ['vrrp'] }],
          [5, killed('vrrp')],
        ],
        options,
      ),
      ['0 spawn vrrp start', '5 exit 1'],
    );
  });

  test('no part ever runs twice, and a stop always ends', () => {
    const part = fc.constantFrom('vrrp' as const, 'checkers' as const);
    const event: fc.Arbitrary<SupervisionEvent> = fc.oneof(
      part.map((name) => killed(name)),
      part.map((name): SupervisionEvent => ({ type: 'exited', part: name, code: 0 })),
      fc.subarray(['vrrp', 'checkers'] as const).map((wanted): SupervisionEvent => ({ type: 'reload', wanted })),
      fc.constant<SupervisionEvent>({ type: 'timer' }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 70_000 }), event)), fc.boolean(), (rows, keep) => {
        let state = superviseStep(newSupervision({ childWaitTimeMs: 5000, respawn: true }), start, 0).state;
        const running = new Set<string>(['vrrp', 'checkers']);
        let nowMs = 0;
        const stop: SupervisionEvent = { type: 'stop', ...(keep ? { keep } : {}) };
        for (const [gapMs, next] of [...rows, [1, stop] as const]) {
          nowMs += gapMs;
          if (next.type === 'exited' && !running.delete(next.part)) continue;
          const step = superviseStep(state, next, nowMs);
          state = step.state;
          for (const effect of step.effects) {
            if (effect.type !== 'spawn') continue;
            assert.ok(!running.has(effect.part), `${effect.part} is started while it runs`);
            running.add(effect.part);
          }
        }
        let ended = running.size === 0;
        for (const name of running) {
          const step = superviseStep(
            state,
            { type: 'exited', part: name === 'vrrp' ? 'vrrp' : 'checkers', code: 0 },
            nowMs,
          );
          state = step.state;
          ended = step.effects.some((effect) => effect.type === 'exit');
        }
        assert.ok(ended);
        assert.ok(nextSupervisionDeadline(state) !== undefined);
      }),
    );
  });
});
