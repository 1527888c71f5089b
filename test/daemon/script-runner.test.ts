import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { ProgramOutcome } from '../../src/checkers/index.ts';
import { startScript } from '../../src/daemon/script-runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-programs-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});
const open = { enableScriptSecurity: false, scriptUser: { user: '0', group: '0' } };
const secure = { ...open, enableScriptSecurity: true };
const root = { skip: process.getuid?.() === 0 ? false : 'it takes root to run scripts as root' };

function script(name: string, text: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode });
  return path;
}

function outcome(argv: readonly string[], rules = open, timeoutMs = 5000): Promise<ProgramOutcome> {
  return startScript({ argv }, timeoutMs, rules).outcome;
}

function isRunning(pid: number): boolean {
  try {
    // What has ended and is not yet waited for is a zombie.
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the programs of checks', root, () => {
  test('are run with their words', async () => {
    const path = script('words', '#!/bin/sh\n[ "$1" = "a b" ] && exit 17\n');
    const { type, ...rest } = await outcome([path, 'a b']);
    assert.deepEqual([type, 'code' in rest && rest.code], ['exited', 17]);
  });

  test('fail where they cannot be run', async () => {
    const result = await outcome([script('lost', '#!/nowhere/sh\n')]);
    assert.equal(result.type, 'not-executable');
  });

  test('fail where their user does not exist', async () => {
    const run = startScript({ argv: ['/bin/true'], user: 'nobody-of-this-name' }, 1000, open);
    assert.deepEqual(await run.outcome, {
      type: 'not-executable',
      reason: "user 'nobody-of-this-name' is not in /etc/passwd",
    });
  });

  test('are ended with all that they started', async () => {
    const pidFile = join(folder, 'pid');
    const path = script('hang', `#!/bin/sh\nsleep 60 &\necho $! > ${pidFile}\nwait\n`);
    const run = startScript({ argv: [path] }, 300, open);
    assert.equal((await run.outcome).type, 'timeout');
    await run.ended;
    const pid = Number(readFileSync(pidFile, 'utf8'));
    const until = Date.now() + 3000;
    while (isRunning(pid)) assert.ok(Date.now() < until, 'its child lives on');
  });

  test('are not run as root with enable_script_security once somebody else could change them', async () => {
    const path = script('shared', '#!/bin/sh\nexit 0\n');
    assert.equal((await outcome([path], secure)).type, 'exited');
    rmSync(path);
    writeFileSync(path, '#!/bin/sh\nexit 0\n');
    chmodSync(path, 0o777);
    const result = await outcome([path], secure);
    assert.equal(
      result.type === 'not-executable' && result.reason,
      `${path} is not run as root (enable_script_security): ${path} is writable by everybody`,
    );
    assert.equal((await outcome([path], open)).type, 'exited', 'without enable_script_security it is');
  });
});
