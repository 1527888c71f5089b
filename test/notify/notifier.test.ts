import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defaultLimits, Notifier, type ScriptOutcome, type ScriptRunner } from '../../src/notify/index.ts';

/** Scripts that end when the test says so, or when they are killed. */
class FakeScripts implements ScriptRunner {
  readonly log: string[] = [];
  readonly #exits = new Map<string, (outcome: ScriptOutcome) => void>();

  start: ScriptRunner['start'] = ({ argv }, onExit) => {
    const name = argv.join(' ');
    this.log.push(`start ${name}`);
    this.#exits.set(name, onExit);
    return {
      kill: (signal) => {
        this.log.push(`${signal} ${name}`);
        this.end(name, { type: 'signal', signal });
      },
    };
  };

  end(name: string, outcome: ScriptOutcome): void {
    const exit = this.#exits.get(name);
    this.#exits.delete(name);
    assert.ok(exit !== undefined, `${name} does not run`);
    exit(outcome);
  }
}

function notifier(limits = defaultLimits) {
  const scripts = new FakeScripts();
  const makeFifo = (): void => undefined;
  const log = (level: string, text: string): void => {
    scripts.log.push(`${level}: ${text}`);
  };
  const options = { runner: scripts, makeFifo, log, nowMs: () => performance.now(), limits };
  return { scripts, notifier: new Notifier(options, { fifos: [] }) };
}

function down(script: string) {
  return { object: 'VS', virtualServer: 'v', state: 'DOWN', script: { argv: [script] } } as const;
}

describe('the notifier', () => {
  test('runs the scripts of an object one after the other and waits for them at the end', async () => {
    const { scripts, notifier: told } = notifier();
    told.notify(down('/first'));
    told.notify(down('/second'));
    const closed = told.close(60_000);
    scripts.end('/first', { type: 'error', message: 'no such file' });
    scripts.end('/second', { type: 'exit', code: 0 });
    await closed;
    assert.deepEqual(scripts.log, [
      'start /first',
      "warning: VS v: script '/first' for DOWN could not be run: no such file",
      'start /second',
    ]);
  });

  test('ends scripts that run on when it closes', async () => {
    const { scripts, notifier: told } = notifier();
    told.notify(down('/hangs'));
    await told.close(5);
    assert.deepEqual(scripts.log.slice(0, 2), ['start /hangs', 'SIGTERM /hangs']);
  });

  test('ends a script that a later event waits for', async () => {
    const { scripts, notifier: told } = notifier({ ...defaultLimits, patienceMs: 5 });
    told.notify(down('/hangs'));
    told.notify(down('/next'));
    const closed = told.close(60_000);
    while (!scripts.log.includes('start /next')) await new Promise((resolve) => setImmediate(resolve));
    scripts.end('/next', { type: 'exit', code: 0 });
    await closed;
    assert.ok(scripts.log.includes('SIGTERM /hangs'));
  });
});
