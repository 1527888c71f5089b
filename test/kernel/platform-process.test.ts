import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { after, describe, test } from 'node:test';
import { hasCapability, raiseOpenFiles, runScript, Scheduler } from '../../src/platform/index.ts';
import { printedBy } from '../platform/printed-by.ts';

const skip = process.getuid?.() === 0 ? false : 'needs root: priorities, limits and other users';
const done = { ok: true, value: undefined };

const output = (argv: readonly string[], account: { uid?: number; gid?: number } = {}): Promise<string> =>
  printedBy({ argv, ...account });

/** Fields 40 and 41 of proc(5)'s stat: real-time priority and policy. */
function scheduling(stat: string): string {
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(37, 39)
    .join(' ');
}

describe('a process of root', { skip }, () => {
  test('has its capabilities', () => {
    assert.equal(hasCapability('CAP_NET_ADMIN'), true);
  });

  test('runs scripts as another user, without its own groups', async () => {
    assert.equal(
      await output(['id'], { uid: 65534, gid: 65534 }),
      'uid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)\n',
    );
  });

  describe('tells why another user cannot run a script', () => {
    const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-other-user-'));
    after(() => {
      rmSync(folder, { recursive: true });
    });
    chmodSync(folder, 0o755);
    const script = (name: string, text: string, mode: number): string => {
      writeFileSync(join(folder, name), text, { mode });
      return join(folder, name);
    };
    const rows: readonly (readonly [name: string, program: string, outcome: string])[] = [
      ['it may', script('fine', '#!/bin/sh\nexit 5\n', 0o755), 'exited 5'],
      ['its own status of 126', script('own', '#!/bin/sh\nexit 126\n', 0o755), 'exited 126'],
      ['a command of it is missing', script('lacks', '#!/bin/sh\nno-such-command\n', 0o755), 'exited 127'],
      ['for root alone', script('closed', '#!/bin/sh\nexit 0\n', 0o700), 'not executable by this user'],
      ['it is missing', join(folder, 'missing'), 'no such file'],
    ];
    for (const [name, program, expected] of rows)
      test(name, async () => {
        const outcome = await runScript({ argv: [program], uid: 65534, gid: 65534 }).outcome;
        const text = outcome.type === 'exited' ? `exited ${String(outcome.code)}` : JSON.stringify(outcome);
        assert.ok(text.includes(expected), text);
      });
  });

  test('is scheduled as the configuration says, and its scripts are not', async () => {
    const scheduler = new Scheduler();
    const status = (name: string): string =>
      new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
    const own = (): string => scheduling(readFileSync('/proc/self/stat', 'utf8'));
    const allowed = status('Cpus_allowed_list');
    const plain = { rlimitRttimeUs: 100_000, noSwap: false };
    const wanted = { ...plain, rtPriority: 10, noSwap: true, cpuAffinity: [0], priority: -5 };
    assert.deepEqual(scheduler.apply(wanted), []);
    assert.equal(own(), '10 2');
    assert.equal(scheduling(await output(['cat', '/proc/self/stat'])), '0 0');
    assert.equal(status('Cpus_allowed_list'), '0');
    assert.notEqual(status('VmLck'), '0');
    assert.equal(limit('Max realtime timeout'), '100000');
    assert.deepEqual(scheduler.apply(plain), [], 'a reload that asks for nothing of it takes it back');
    assert.equal(own(), '0 0');
    assert.equal(status('Cpus_allowed_list'), allowed);
    assert.equal(status('VmLck'), '0');
    assert.match(scheduler.apply({ ...plain, cpuAffinity: [1023] }).join(), /processors 1023 cannot be set/);
  });

  const limit = (name: string): string =>
    new RegExp(`^${name} +(\\d+)`, 'm').exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? '';

  test('sets its limits', () => {
    execFileSync('prlimit', ['--pid', String(process.pid), '--nofile=500:']);
    assert.deepEqual(raiseOpenFiles(800), done);
    assert.equal(limit('Max open files'), '800');
    assert.deepEqual(raiseOpenFiles(10), done);
    assert.equal(limit('Max open files'), '800');
  });
});

describe('a part', () => {
  const node = [process.execPath, ...process.execArgv.filter((argument) => argument !== '--test')];
  const part = (mode: string): readonly string[] => [
    ...node,
    fileURLToPath(new URL('../platform/part.ts', import.meta.url)),
    mode,
  ];
  const locked = 'memory cannot be locked: it takes CAP_IPC_LOCK, or no limit of locked memory';
  const rows: readonly (readonly [name: string, wrapper: readonly string[], mode: string, printed: string])[] = [
    ['that is locked in memory lives on when V8 gives memory back', ['env'], 'locked', '\nalive'],
    [
      'with a limit too low is not locked in memory, and lives on',
      ['prlimit', '--memlock=8388608', 'setpriv', '--bounding-set=-ipc_lock,-sys_resource'],
      'locked',
      `${locked} (LimitMEMLOCK=infinity in the unit)\nalive`,
    ],
    [
      'that is busy under a real-time priority is not killed while its event loop turns',
      ['prlimit', '--rttime=500000:500000'],
      'busy',
      '\nalive',
    ],
  ];
  for (const [name, [program = '', ...wrapper], mode, printed] of rows)
    test(name, { skip, timeout: 120_000 }, () => {
      const { stdout, stderr, signal } = spawnSync(program, [...wrapper, ...part(mode)], { encoding: 'utf8' });
      assert.deepEqual({ printed: stdout.trimEnd(), signal }, { printed, signal: null }, stderr);
    });

  test('dies with the process that started it', { timeout: 120_000 }, async () => {
    const parent = spawn('/bin/sh', ['-c', '"$@" & echo $!; wait', 'sh', ...part('die-with-parent')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: parent.stdout })[Symbol.asyncIterator]();
    const pid = Number((await lines.next()).value);
    assert.equal((await lines.next()).value, 'armed');
    parent.kill('SIGKILL');
    // The part has the pipe too: it ends when the last process that could write has gone.
    assert.equal((await lines.next()).done, true);
    assert.ok(pid > 0);
  });
});
