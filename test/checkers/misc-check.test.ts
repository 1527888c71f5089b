import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  CheckRunner,
  type CheckResult,
  type ProgramOutcome,
  type RunningProgram,
  type TimedChecker,
} from '../../src/checkers/index.ts';
import { endSockets } from '../../src/platform/index.ts';

const span = { file: 'test.conf', line: 1, column: 1, endLine: 1, endColumn: 2 };

function misc(miscDynamic: boolean, miscTimeoutMs = 5000): TimedChecker {
  const timing = { delayLoopMs: 1000, warmupMs: 0, retry: 0, delayBeforeRetryMs: 0, alpha: false };
  const miscPath = { argv: ['/etc/check', 'a'] };
  return { type: 'MISC_CHECK', span, ...timing, logAllFailures: false, miscPath, miscTimeoutMs, miscDynamic };
}

/** Programs that end when the test says so. */
class Programs {
  readonly started: { end: (outcome: ProgramOutcome) => void; die: () => void; terminated: boolean }[] = [];
  readonly runner = new CheckRunner(
    endSockets,
    () => this.#start(),
    () => assert.fail('no web server is checked'),
  );

  #start(): RunningProgram {
    let end: (outcome: ProgramOutcome) => void = () => undefined;
    let die: () => void = () => undefined;
    const outcome = new Promise<ProgramOutcome>((resolve) => (end = resolve));
    const ended = new Promise<void>((resolve) => (die = resolve));
    const program = { end, die, terminated: false };
    this.started.push(program);
    return { outcome, ended, terminate: () => (program.terminated = true) };
  }

  run(checker: TimedChecker): ReturnType<CheckRunner['run']> {
    return this.runner.run({ id: 'a', checker, url: 0 });
  }

  at(i: number): Programs['started'][number] {
    const program = this.started[i];
    assert.ok(program !== undefined, `program ${String(i)} was started`);
    return program;
  }
}

/** What waits for others that are ready has its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function judged(outcome: ProgramOutcome, miscDynamic: boolean): Promise<CheckResult> {
  const programs = new Programs();
  const check = programs.run(misc(miscDynamic));
  await turn();
  programs.at(0).end(outcome);
  programs.at(0).die();
  return check.outcome;
}

describe('what a program means', () => {
  test('only exit status 0 is success', async () => {
    for (let code = 0; code <= 255; code++) {
      const { ok, weight } = await judged({ type: 'exited', code }, false);
      assert.deepEqual([ok, weight], [code === 0, undefined], `status ${String(code)}`);
    }
  });

  test('with misc_dynamic all but 1 are, and the weight is 2 less; 0 leaves it', async () => {
    for (let code = 0; code <= 255; code++) {
      const { ok, weight } = await judged({ type: 'exited', code }, true);
      assert.deepEqual([ok, weight], [code !== 1, code < 2 ? undefined : code - 2], `status ${String(code)}`);
    }
  });

  const rows: readonly [name: string, outcome: ProgramOutcome, reason: string][] = [
    ['an exit status', { type: 'exited', code: 3 }, '/etc/check exited with status 3'],
    ['a signal', { type: 'killed', signal: 'SIGTERM' }, '/etc/check was ended by SIGTERM'],
    ['too long', { type: 'timeout' }, '/etc/check ran for longer than 5 s'],
    ['never ran', { type: 'not-executable', reason: '/etc/check: no such file' }, '/etc/check: no such file'],
  ];
  for (const [name, outcome, reason] of rows) {
    test(`failure by ${name} says so`, async () => {
      assert.deepEqual(await judged(outcome, false), { ok: false, reason });
    });
  }
  for (const outcome of [
    { type: 'killed', signal: 'SIGKILL' },
    { type: 'timeout' },
    { type: 'not-executable', reason: '' },
  ] as const) {
    test(`misc_dynamic does not make a success of: ${outcome.type}`, async () => {
      assert.equal((await judged(outcome, true)).ok, false);
    });
  }
});

describe('one at a time', () => {
  test('the next run waits until the one before is gone, also when that was cancelled', async () => {
    const programs = new Programs();
    const first = programs.run(misc(false));
    await turn();
    first.cancel();
    assert.ok(programs.at(0).terminated);
    const second = programs.run(misc(false));
    await turn();
    assert.equal(programs.started.length, 1, 'the first still runs');
    programs.at(0).die();
    await turn();
    programs.at(1).end({ type: 'exited', code: 0 });
    assert.equal((await second.outcome).ok, true);
  });

  test('a program that does not even die when killed is not joined by another', async () => {
    const programs = new Programs();
    const first = programs.run(misc(false, 10));
    await turn();
    programs.at(0).end({ type: 'timeout' });
    assert.equal((await first.outcome).ok, false);
    assert.deepEqual(await programs.run(misc(false, 10)).outcome, {
      ok: false,
      reason: '/etc/check still runs from before and cannot be ended',
    });
    assert.equal(programs.started.length, 1);
  });

  test('what was cancelled while it waited is not started', async () => {
    const programs = new Programs();
    programs.run(misc(false));
    await turn();
    programs.run(misc(false)).cancel();
    programs.at(0).die();
    await turn();
    assert.equal(programs.started.length, 1);
  });

  test('at the end all are told to end, and waited for until they have', async () => {
    const programs = new Programs();
    programs.run(misc(false));
    await turn();
    let stopped = false;
    const stop = programs.runner.stop(10_000).then(() => (stopped = true));
    assert.ok(programs.at(0).terminated);
    await turn();
    assert.equal(stopped, false);
    programs.at(0).die();
    await stop;
  });
});
