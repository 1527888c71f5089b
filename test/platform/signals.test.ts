import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { signalNumbers, type DaemonSignal } from '../../src/platform/index.ts';

const index = new URL('../../src/platform/index.ts', import.meta.url).href;
const names = Object.keys(signalNumbers) as DaemonSignal[];

describe('signals', () => {
  test('each reaches its handler in another process, any number of times, and the defaults come back', async () => {
    const code = `import(${JSON.stringify(index)}).then((p) => {
      const stop = p.onSignals(${JSON.stringify(names)}, (signal) => console.log(signal));
      process.stdin.once('data', () => { stop(); console.log('stopped'); });
      console.log('listening');
    });`;
    const child = spawn(process.execPath, [...process.execArgv.filter((a) => a !== '--test'), '-e', code], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<string> => String((await lines.next()).value);
    assert.equal(await next(), 'listening');
    for (const name of [...names, ...names]) {
      process.kill(child.pid ?? 0, signalNumbers[name]);
      assert.equal(await next(), name);
    }
    const ended = new Promise((resolve) =>
      child.once('exit', (_code, signal) => {
        resolve(signal);
      }),
    );
    child.stdin.write('stop\n');
    assert.equal(await next(), 'stopped');
    process.kill(child.pid ?? 0, 'SIGHUP');
    assert.equal(await ended, 'SIGHUP');
  });
});
