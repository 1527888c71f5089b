import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCommandLine, splitCommand } from '../../src/parser/index.ts';

const rows: readonly (readonly [command: string, words: readonly string[], words227?: readonly string[]])[] = [
  ['', []],
  ['/bin/echo a  b\tc', ['/bin/echo', 'a', 'b', 'c']],
  ['x \\"a b\\" c', ['x', 'a b', 'c']],
  ['x \'a  b\'x\\"q w\\"e', ['x', 'a  bxq we']],
  ['x \\"\\" \'\' z', ['x', '', '', 'z']],
  ['x $HOME * > y', ['x', '$HOME', '*', '>', 'y']],
  ['x \\#x \\! y', ['x', '#x', '!', 'y']],
  ['x a\\x41\\101\\cA\\q', ['x', 'aAA\x01q']],
  ['x a\\tb', ['x', 'a\tb'], ['x', 'a', 'b']],
  ['x\\ y', ['x y'], ['x', 'y']],
  ['x \\\\n', ['x', '\\n'], ['x', '\n']],
  ['x end\\', ['x', 'end\\']],
];
for (const [command, words, words227] of rows) {
  test(`the words of ${JSON.stringify(command)}`, () => {
    assert.deepEqual(splitCommand(command), words);
    assert.deepEqual(splitCommand(command, '2.2.7'), words227 ?? words);
  });
}

const lines: readonly (readonly [line: string, command: string, rest: readonly string[], unclosed: boolean])[] = [
  ['', '', [], false],
  [' "/bin/a b" user "the group"', '/bin/a b', ['user', 'the group'], false],
  [" /bin/a' 'b user", "/bin/a' 'b", ['user'], false],
  [' "/bin/a \'b" user', "/bin/a 'b", ['user'], true],
  [" /bin/a 'user", '/bin/a', ["'user"], true],
  [' /bin/a "user', '/bin/a', ['"user'], false],
  [' /bin/a\\ b user', '/bin/a\\ b', ['user'], false],
  [' /bin/a\\', '/bin/a\\', [], false],
];
for (const [line, command, rest, unclosed] of lines) {
  test(`the line ${JSON.stringify(line)}`, () => {
    assert.deepEqual(readCommandLine(line), { command, rest, unclosed });
  });
}
