import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { VrrpTrackProcess } from '../../src/config/index.ts';
import { matches, ProcessWatch, type ProcessEvent } from '../../src/processes/index.ts';
import { span } from '../vrrp/configuration.ts';

function tracked(name: string, change: Partial<VrrpTrackProcess> = {}): VrrpTrackProcess {
  const delays = { forkDelayMs: 0, terminateDelayMs: 0 };
  return {
    name,
    span,
    process: ['web'],
    weight: 0,
    reverse: false,
    quorum: 1,
    fullCommand: false,
    ...delays,
    ...change,
  };
}

/** Each row was tried with keepalived 2.2.7: what is asked for, and which of the processes below it counted. */
describe('which processes match', () => {
  const processes: Readonly<Record<string, readonly string[]>> = {
    relative: ['./web', '1000'],
    whole: ['/opt/web', '1000'],
    shorter: ['/opt/web', '100'],
    more: ['/opt/web', '1000', '2000'],
    other: ['/opt/web', '1000', '300'],
    renamed: ['web', '1000'],
    'renamed with more': ['web', '1000', '5'],
  };
  const all = Object.keys(processes);
  const rows: readonly [string, readonly string[], Partial<VrrpTrackProcess>, readonly string[]][] = [
    ['a name', ['web'], {}, all],
    ['a path is no name', ['/opt/web'], {}, []],
    ['a name and a parameter', ['web', '1000'], {}, ['renamed']],
    ['a path and a parameter', ['/opt/web', '1000'], {}, ['whole']],
    ['full_command, a name', ['web'], { fullCommand: true }, ['renamed', 'renamed with more']],
    ['full_command, a path', ['/opt/web'], { fullCommand: true }, ['whole', 'shorter', 'more', 'other']],
    ['full_command, a path and a parameter', ['/opt/web', '1000'], { fullCommand: true }, ['whole']],
    ['param_match', ['/opt/web', '1000'], { fullCommand: true, paramMatch: 'exact' }, ['whole']],
    ['param_match, no parameters', ['/opt/web'], { fullCommand: true, paramMatch: 'exact' }, []],
    [
      'param_match partial',
      ['/opt/web', '1000'],
      { fullCommand: true, paramMatch: 'partial' },
      ['whole', 'more', 'other'],
    ],
    [
      'param_match initial',
      ['/opt/web', '10'],
      { fullCommand: true, paramMatch: 'initial' },
      ['whole', 'shorter', 'more', 'other'],
    ],
    ['the last one initial', ['/opt/web', '1000', '20'], { fullCommand: true, paramMatch: 'initial' }, ['more']],
  ];
  for (const [name, process, change, expected] of rows) {
    test(name, () => {
      const wanted = tracked('t', { process, ...change });
      assert.deepEqual(
        all.filter((key) => matches(wanted, { comm: 'web', argv: processes[key] ?? [] })),
        expected,
      );
    });
  }
});

/** Follows one vrrp_track_process of `change`; each step is written with its time, and what it changed. */
class Followed {
  readonly watch: ProcessWatch;
  readonly said: string[] = [];

  constructor(change: Partial<VrrpTrackProcess>, running: readonly number[] = []) {
    this.watch = new ProcessWatch([tracked('t', change)]);
    this.do({ type: 'all', processes: running.map((pid) => ({ pid, comm: 'web', argv: [] })) }, 0);
  }

  do(event: ProcessEvent, nowMs: number): this {
    for (let due = this.watch.deadlineMs; due !== undefined && due <= nowMs; due = this.watch.deadlineMs)
      this.#step({ type: 'timer' }, due);
    this.#step(event, nowMs);
    return this;
  }

  until(nowMs: number): readonly string[] {
    this.do({ type: 'timer' }, nowMs);
    return this.said;
  }

  #step(event: ProcessEvent, nowMs: number): void {
    for (const { ok } of this.watch.step(event, nowMs)) this.said.push(`${ok ? 'gained' : 'lost'} at ${String(nowMs)}`);
  }
}

const exec = (pid: number, comm = 'web'): ProcessEvent => ({ type: 'exec', pid, seen: { comm, argv: [] } });
const fork = (pid: number): ProcessEvent => ({ type: 'fork', parent: 1, pid });
const exit = (pid: number): ProcessEvent => ({ type: 'exit', pid });
const delays = { forkDelayMs: 1000, terminateDelayMs: 2000 };

describe('when a quorum is gained and lost, as keepalived 2.2.7 was seen to do it', () => {
  test('what the first look finds counts at once and is no change', () => {
    const made = new Followed(delays, [1]);
    assert.deepEqual(made.watch.values, { t: true });
    assert.deepEqual(made.until(10_000), []);
  });

  test('a program that is started counts at once, and what ends after terminate_delay', () => {
    assert.deepEqual(new Followed(delays).do(exec(1), 100).do(exit(1), 5000).until(10_000), [
      'gained at 100',
      'lost at 7000',
    ]);
  });

  test('a program that is started again in time was never gone', () => {
    assert.deepEqual(new Followed(delays, [1]).do(exit(1), 100).do(exec(2), 1600).until(10_000), []);
  });

  test('a child counts after fork_delay', () => {
    assert.deepEqual(new Followed({ ...delays, quorum: 2 }, [1]).do(fork(2), 100).until(10_000), ['gained at 1100']);
  });

  const short: readonly [string, ProcessEvent][] = [
    ['becomes another program', exec(2, 'sh')],
    ['ends', exit(2)],
    ['takes another name', { type: 'comm', pid: 2, comm: 'worker' }],
  ];
  for (const [name, event] of short) {
    test(`a child that ${name} within fork_delay does not count`, () => {
      assert.deepEqual(
        new Followed({ ...delays, quorumMax: 1 }, [1]).do(fork(2), 100).do(event, 600).until(10_000),
        [],
      );
    });
  }

  test('a child that becomes another program later is gone at once', () => {
    const made = new Followed({ ...delays, quorum: 2 }, [1]).do(fork(2), 100).do(exec(2, 'sh'), 1600);
    assert.deepEqual(made.until(10_000), ['gained at 1100', 'lost at 1600']);
  });

  test('quorum_max: one too many, and after terminate_delay no more', () => {
    const made = new Followed({ ...delays, quorumMax: 1 }, [1]).do(exec(2), 100).do(exit(2), 3000);
    assert.deepEqual(made.until(10_000), ['lost at 100', 'gained at 5000']);
  });

  test('quorum_max 0: none may run', () => {
    assert.deepEqual(new Followed({ quorumMax: 0 }).do(exec(1), 100).do(exit(1), 200).until(1000), [
      'lost at 100',
      'gained at 200',
    ]);
  });

  test('a process may take and give up its name', () => {
    const to = (comm: string): ProcessEvent => ({ type: 'comm', pid: 7, comm });
    assert.deepEqual(new Followed(delays).do(to('web'), 100).do(to('other'), 200).until(10_000), [
      'gained at 100',
      'lost at 200',
    ]);
  });

  test('events that come twice, or of what the look has seen already, count once', () => {
    const made = new Followed({ quorum: 2 }, [1, 2]).do(fork(2), 10).do(exec(2), 20).do(exit(2), 30).do(exit(2), 40);
    assert.deepEqual(made.until(100), ['lost at 30']);
  });

  test('after any events a look finds the count that they left', () => {
    const pid = fc.integer({ min: 1, max: 6 });
    const event = fc.oneof(
      fc.record({ type: fc.constant('fork' as const), parent: pid, pid }),
      fc.record({ type: fc.constant('exit' as const), pid }),
      fc.record({ type: fc.constant('comm' as const), pid, comm: fc.constantFrom('web', 'sh') }),
      fc.tuple(pid, fc.constantFrom('web', 'sh')).map(([id, comm]) => exec(id, comm)),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const made = new ProcessWatch([tracked('t', { quorum: 3 })]);
        made.step({ type: 'all', processes: [] }, 0);
        const running = new Map<number, string>();
        for (const one of events) {
          made.step(one, 0);
          const inherited = one.type === 'fork' ? running.get(one.parent) : undefined;
          if (one.type === 'fork' && inherited !== undefined) running.set(one.pid, inherited);
          else if (one.type === 'exec' && one.seen !== undefined) running.set(one.pid, one.seen.comm);
          else if (one.type === 'comm') running.set(one.pid, one.comm);
          else if (one.type === 'exit' || one.type === 'fork') running.delete(one.pid);
          const count = [...running.values()].filter((comm) => comm === 'web').length;
          assert.equal(made.values['t'], count >= 3);
        }
      }),
    );
  });
});
