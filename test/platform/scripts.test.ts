import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { runScript, type ScriptOutcome } from '../../src/platform/index.ts';
import { scriptEnvironment } from '../../src/platform/scripts.ts';
import { printedBy } from './printed-by.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-scripts-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, text: string, mode: number): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode });
  return path;
}

const withoutDuration = (outcome: ScriptOutcome): string =>
  outcome.type === 'exited'
    ? `exited ${String(outcome.code)}`
    : outcome.type === 'killed'
      ? `killed ${outcome.signal}`
      : outcome.type === 'not-executable'
        ? `not-executable: ${outcome.reason}`
        : 'timeout';

const missing = join(folder, 'missing');
const plain = file('plain', '#!/bin/sh\nexit 0\n', 0o644);
const lostInterpreter = file('lost', '#!/nowhere/sh\nexit 0\n', 0o755);

describe('the outcome of a script', () => {
  const rows: readonly [name: string, argv: readonly string[], outcome: string][] = [
    ['success', ['/bin/sh', '-c', 'exit 0'], 'exited 0'],
    ['its own status', ['/bin/sh', '-c', 'exit 42'], 'exited 42'],
    ['a bare name is looked for in PATH', ['true'], 'exited 0'],
    ['no shell reads the arguments', ['test', '$HOME;false', '=', '$HOME;false'], 'exited 0'],
    ['a signal', ['/bin/sh', '-c', 'kill -USR1 $$'], 'killed SIGUSR1'],
    [
      'a missing program is no success',
      [missing],
      `not-executable: ${missing}: no such file (or its interpreter is missing)`,
    ],
    [
      'a missing interpreter',
      [lostInterpreter],
      `not-executable: ${lostInterpreter}: no such file (or its interpreter is missing)`,
    ],
    ['an unknown name', ['no-such-name'], 'not-executable: no-such-name: not found in PATH'],
    [
      'a file that may not be executed',
      [plain],
      `not-executable: ${plain}: not executable by this user (check its mode and those of its directories)`,
    ],
    ['a file without #! is for the shell', [file('bare', 'exit 7\n', 0o755)], 'exited 7'],
    ['no words at all', [], 'not-executable: the command is empty'],
  ];
  for (const [name, argv, expected] of rows) {
    test(name, async () => {
      assert.equal(withoutDuration(await runScript({ argv }).outcome), expected);
    });
  }

  test('an argument that no program can be given is an outcome, not an exception', async () => {
    const outcome = await runScript({ argv: ['/bin/true', 'a\0b'] }).outcome;
    assert.equal(outcome.type, 'not-executable');
  });
});

test('scripts that end at the same time each have their own status', async () => {
  const runs = Array.from({ length: 40 }, (_, i) => runScript({ argv: ['/bin/sh', '-c', `exit ${String(i)}`] }));
  const outcomes = await Promise.all(runs.map(({ outcome }) => outcome));
  assert.deepEqual(
    outcomes.map(withoutDuration),
    runs.map((_, i) => `exited ${String(i)}`),
  );
});

test('children of Node are left to Node', async () => {
  const child = spawn('/bin/sh', ['-c', 'exit 3']);
  const exit = new Promise((resolve) => child.on('exit', resolve));
  assert.equal(withoutDuration(await runScript({ argv: ['/bin/sh', '-c', 'exit 4'] }).outcome), 'exited 4');
  assert.equal(await exit, 3);
});

describe('what a script is given', () => {
  const output = (command: string): Promise<string> => printedBy({ argv: ['/bin/sh', '-c', command] });

  test('standard input is empty', async () => {
    assert.equal(await output('cat; echo end'), 'end\n');
  });

  test('no descriptor of ours', async () => {
    assert.deepEqual((await output('ls /proc/$$/fd; true')).trim().split('\n'), ['0', '1', '2']);
  });

  test('its own process group', async () => {
    assert.equal(await output('set -- $(cat /proc/$$/stat); [ "$5" = $$ ] && echo leader'), 'leader\n');
  });

  test('a session of its own, in the root folder', async () => {
    assert.equal(await output('set -- $(cat /proc/$$/stat); [ "$6" = $$ ] && pwd'), '/\n');
  });

  test('no signal that is ignored or held back', async () => {
    const masks = (await output('exec grep -E "^Sig(Blk|Ign)" /proc/self/status')).match(/[0-9a-f]{16}/g) ?? [];
    // 32 and 33 are libc's own.
    const ofLibc = 0b11n << 31n;
    assert.deepEqual(
      masks.map((mask) => BigInt(`0x${mask}`) & ~ofLibc),
      [0n, 0n],
    );
  });

  test('what it prints goes nowhere', async () => {
    const path = join(folder, 'descriptors');
    await runScript({ argv: ['/bin/sh', '-c', `readlink /proc/$$/fd/1 /proc/$$/fd/2 > ${path}`] }).outcome;
    assert.equal(readFileSync(path, 'utf8').split('\n')[1], '/dev/null');
  });

  test('an environment without loader tricks and without what we tell our own parts', () => {
    const from = {
      PATH: '/bin',
      HOME: undefined,
      LD_PRELOAD: 'x',
      LD_LIBRARY_PATH: 'x',
      IFS: 'x',
      NODE_CHANNEL_FD: '3',
      NOTIFY_SOCKET: '/x',
      WATCHKEEPER_PART: 'vrrp',
    };
    assert.deepEqual(scriptEnvironment(from, { STATE: 'MASTER' }), { PATH: '/bin', STATE: 'MASTER' });
  });

  test('for the program of a check, nothing of ours but where and for whom it runs', async () => {
    const path = join(folder, 'environment');
    process.env['OF_THE_SERVICE'] = 'secret';
    try {
      for (const bare of [false, true]) {
        await runScript({ argv: ['/bin/sh', '-c', `cat /proc/self/environ > ${path}`], bare }).outcome;
        const names = readFileSync(path, 'utf8')
          .split('\0')
          .map((entry) => entry.split('=')[0]);
        assert.deepEqual([names.includes('PATH'), names.includes('OF_THE_SERVICE')], [true, !bare]);
      }
    } finally {
      delete process.env['OF_THE_SERVICE'];
    }
  });
});

describe('a script that takes too long', () => {
  test('is terminated with what it started', async () => {
    const path = join(folder, 'grandchild');
    const started = runScript({
      argv: ['/bin/sh', '-c', `sleep 60 & echo $! > ${path}; wait`],
      timeoutMs: 300,
    });
    assert.equal((await started.outcome).type, 'timeout');
    assert.equal(await gone(Number(readFileSync(path, 'utf8'))), true);
  });

  test('and that ignores TERM is killed 2 s later', async () => {
    const outcome = await runScript({ argv: ['/bin/sh', '-c', 'trap "" TERM; sleep 60; sleep 60'], timeoutMs: 100 })
      .outcome;
    assert.equal(outcome.type, 'timeout');
    assert.ok(outcome.durationMs >= 2100 && outcome.durationMs < 10_000, String(outcome.durationMs));
  });

  test('but had ended before we came to look', async () => {
    const script = runScript({ argv: ['/bin/sh', '-c', 'exit 5'], timeoutMs: 200 });
    const until = performance.now() + 400;
    // Whoever holds up the event loop: a garbage collection, a machine that sleeps.
    while (performance.now() < until);
    assert.equal(withoutDuration(await script.outcome), 'exited 5');
  });

  test('can be ended before its time', async () => {
    const script = runScript({ argv: ['sleep', '60'] });
    script.terminate();
    assert.equal(withoutDuration(await script.outcome), 'killed SIGTERM');
  });
});

/** Orphans are reaped by init a moment after their signal. */
async function gone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      const state = readFileSync(`/proc/${String(pid)}/stat`, 'utf8').split(' ')[2];
      if (state === 'Z') return true;
    } catch {
      return true;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return false;
}
