import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  defaultLimits,
  isIdle,
  newScriptQueue,
  nextDeadline,
  queueStep,
  type QueueEffect,
  type QueueEvent,
} from '../../src/notify/index.ts';

/** A queue with its clock and the scripts that run. */
class Bench {
  queue;
  nowMs = 0;
  readonly running = new Map<number, string>();
  lines: string[] = [];

  constructor(limits = defaultLimits) {
    this.queue = newScriptQueue(limits);
  }

  notice(object: string, state: string, ...names: readonly string[]): this {
    const commands = (names.length > 0 ? names : [state]).map((name) => ({ argv: [name] }));
    return this.step({ type: 'notice', object, state, commands });
  }

  exit(name: string, outcome?: string): this {
    const [run] = [...this.running].find(([, running]) => running === name) ?? [];
    assert.ok(run !== undefined, `${name} does not run`);
    this.running.delete(run);
    return this.step({ type: 'exited', run, outcome });
  }

  /** Lets time pass to the next deadline. */
  wait(): this {
    const at = nextDeadline(this.queue);
    assert.ok(at !== undefined, 'nothing is due');
    this.nowMs = at;
    return this.step({ type: 'timer' });
  }

  step(event: QueueEvent): this {
    const { queue, effects } = queueStep(this.queue, event, this.nowMs);
    this.queue = queue;
    for (const effect of effects) this.#perform(effect);
    return this;
  }

  did(): readonly string[] {
    const { lines } = this;
    this.lines = [];
    return lines;
  }

  #perform(effect: QueueEffect): void {
    if (effect.type === 'log') this.lines.push(effect.text);
    else if (effect.type === 'kill') this.lines.push(`${effect.signal} ${this.running.get(effect.run) ?? '?'}`);
    else {
      const name = effect.command.argv[0] ?? '';
      this.running.set(effect.run, name);
      this.lines.push(`start ${name}`);
    }
  }
}

describe('the scripts of one object', () => {
  test('those of one event start together, those of the next when all of them have ended', () => {
    const bench = new Bench().notice('VI_1', 'MASTER', 'm', 'n').notice('VI_1', 'BACKUP', 'b');
    assert.deepEqual(bench.did(), ['start m', 'start n']);
    assert.deepEqual(bench.exit('m').did(), []);
    assert.deepEqual(bench.exit('n').did(), ['start b']);
    assert.ok(isIdle(bench.exit('b').queue));
  });

  test('those of other objects do not wait', () => {
    assert.deepEqual(new Bench().notice('VI_1', 'MASTER', 'm').notice('VI_2', 'MASTER', 'n').did(), [
      'start m',
      'start n',
    ]);
  });

  test('a failure is said with the state that the script was told', () => {
    assert.deepEqual(new Bench().notice('VI_1', 'MASTER', '/m').exit('/m', 'exited with status 3').did().slice(1), [
      "VI_1: script '/m' for MASTER exited with status 3",
    ]);
  });

  test('a flapping object skips states in the middle, says which, and ends with the latest', () => {
    const bench = new Bench({ ...defaultLimits, waitingPerObject: 2 }).notice('VI_1', 'MASTER', 'm1');
    bench
      .notice('VI_1', 'BACKUP', 'b1')
      .notice('VI_1', 'MASTER', 'm2')
      .notice('VI_1', 'FAULT', 'f')
      .notice('VI_1', 'BACKUP', 'b2');
    bench.did();
    assert.deepEqual(bench.exit('m1').did(), [
      'VI_1: its scripts are slower than its changes; left out BACKUP, MASTER and went on with FAULT',
      'start f',
    ]);
    assert.deepEqual(bench.exit('f').did(), ['start b2']);
  });
});

describe('a script that does not end', () => {
  test('is left alone while nothing waits for it', () => {
    assert.equal(nextDeadline(new Bench().notice('VI_1', 'MASTER', 'm').queue), undefined);
  });

  test('is ended when the next event has waited long enough, and given up when that does not help', () => {
    const bench = new Bench().notice('VI_1', 'MASTER', 'm');
    bench.nowMs = 1000;
    bench.notice('VI_1', 'BACKUP', 'b').wait();
    assert.equal(bench.nowMs, defaultLimits.patienceMs);
    assert.deepEqual(bench.did().slice(1), [
      'SIGTERM m',
      "VI_1: script 'm' for MASTER still runs after 30.0 s and BACKUP waits: ended it",
    ]);
    assert.deepEqual(bench.wait().did(), ['SIGKILL m']);
    assert.deepEqual(bench.wait().did(), [
      "VI_1: script 'm' for MASTER does not end: no longer waiting for it",
      'start b',
    ]);
    assert.equal(bench.nowMs, defaultLimits.patienceMs + 4000);
  });

  test('is ended when the daemon stops, after the time that it has', () => {
    const bench = new Bench().notice('VI_1', 'STOP', 's').step({ type: 'end', withinMs: 1500 }).wait();
    assert.equal(bench.nowMs, 1500);
    assert.ok(bench.did().includes('SIGTERM s'));
    assert.ok(isIdle(bench.exit('s', 'was ended by SIGTERM').queue));
  });
});

test('no more scripts run at once than the limit, and all run in the end', () => {
  const bench = new Bench({ ...defaultLimits, running: 3 });
  for (let i = 0; i < 10; i++) bench.notice(`RS ${String(i)}`, 'DOWN', `d${String(i)}`);
  let ran = 0;
  while (bench.running.size > 0) {
    assert.ok(bench.running.size <= 3);
    bench.exit([...bench.running.values()][0] ?? '');
    ran++;
  }
  assert.equal(ran, 10);
});

test('whatever comes, the last state of each object is the last that its scripts are told', () => {
  const event = fc.record({ object: fc.constantFrom('a', 'b'), exits: fc.boolean() });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const bench = new Bench({ waitingPerObject: 2, running: 2, patienceMs: 1000 });
      const latest = new Map<string, string>();
      const told: string[] = [];
      for (const [i, { object, exits }] of events.entries()) {
        const name = `${object}${String(i)}`;
        latest.set(object, name);
        bench.notice(object, name, name);
        const [oldest] = bench.running.values();
        if (exits && oldest !== undefined) bench.exit(oldest);
        told.push(...bench.did());
      }
      for (let [oldest] = bench.running.values(); oldest !== undefined; [oldest] = bench.running.values()) {
        bench.exit(oldest);
        told.push(...bench.did());
      }
      const starts = told.filter((line) => line.startsWith('start ')).map((line) => line.slice('start '.length));
      for (const [object, name] of latest) {
        assert.equal(starts.filter((started) => started.startsWith(object)).at(-1), name);
      }
      assert.ok(isIdle(bench.queue));
    }),
  );
});
