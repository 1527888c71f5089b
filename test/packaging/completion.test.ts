import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { completionScript } from '../../scripts/package/completion.ts';

/** What bash offers for a line whose last word is being typed. */
function offered(...words: readonly string[]): readonly string[] {
  const script = `${completionScript()}
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _watchkeeper
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  // Started by a socket for its input, bash takes itself for a login from the network and reads a file of the host.
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-uc', script, 'bash', ...words], { encoding: 'utf8' });
  assert.equal(stderr, '');
  return stdout.split('\n').filter((word) => word !== '');
}

const rows: readonly (readonly [name: string, words: readonly string[], offered: readonly string[]])[] = [
  ['commands', ['watchkeeper', 'si'], ['simulate']],
  ['an option of the daemon', ['/usr/sbin/keepalived', '--vrrp_'], ['--vrrp_pid']],
  ['an option after another', ['keepalived', '-n', '--use'], ['--use-file']],
  ['a file for an option', ['keepalived', '-f', 'package.js'], ['package.json']],
  ['options of a command', ['watchkeeper', 'lint', '--fail'], ['--fail-level']],
  ['values of an option', ['watchkeeper', 'lint', '--format', 's'], ['sarif']],
  ['files of a command', ['watchkeeper', 'fmt', 'tsconfig.b'], ['tsconfig.build.json']],
  ['nothing of the daemon for a command', ['watchkeeper', 'plan', '--dont'], []],
  ['genhash', ['genhash', '--use-v'], ['--use-virtualhost']],
  ['no file for a number', ['genhash', '-p', 'package'], []],
];

for (const [name, words, expected] of rows) {
  test(`bash completes ${name}`, () => {
    assert.deepEqual(offered(...words), expected);
  });
}
