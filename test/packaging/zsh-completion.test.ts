import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { zshCompletionScript } from '../../scripts/package/zsh-completion.ts';

describe('the completion of zsh', () => {
  const script = zshCompletionScript();

  test('is for the three programs', () => {
    assert.match(script, /^#compdef keepalived watchkeeper genhash\n/);
  });

  // As zshcompsys(1) has them: `+` and `=` before a value that must follow, `-` before one that must be attached.
  for (const line of [
    "'(-f --use-file)'{-f+,--use-file=}'[configuration file (default /etc/keepalived/keepalived.conf)]:FILE:_files'",
    "'(-n --dont-fork)'{-n,--dont-fork}'[stay in the foreground]'",
    "'*'{-D,--log-detail}'[log in detail]'",
    "'(-t --config-test)'{-t-,--config-test=-}'[check the configuration; findings go to LOG_FILE or the standard error output]::LOG_FILE:_files'",
    "--all'[run all parts, also those without configuration]'",
    "'lint:find mistakes in configurations, on any machine'",
  ])
    test(`has ${line.slice(0, 50)}`, () => {
      assert.ok(script.includes(line), script);
    });

  test('closes what it opens', () => {
    // The words of zsh that are used here are those of bash too.
    const { stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
    assert.equal(stderr, '');
  });
});
