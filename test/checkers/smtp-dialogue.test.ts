import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { smtpAwaited, smtpStart, smtpStep } from '../../src/checkers/smtp-dialogue.ts';

/** What the check sends and decides while the server says one thing after the other. */
function trace(...said: readonly string[]): string[] {
  let dialogue = smtpStart;
  return said.map((text) => {
    const step = smtpStep(dialogue, Buffer.from(text), 'me.example');
    dialogue = step.dialogue;
    if (step.result !== undefined) return `${step.result.ok ? 'up' : 'down'}: ${step.result.reason}`;
    return step.send?.trimEnd() ?? `awaits ${smtpAwaited(dialogue)}`;
  });
}

const well = 'up: it greeted, took HELO and answered QUIT';

describe('SMTP_CHECK decides', () => {
  // The decisions of the first rows are those of keepalived 2.2.7 with the same server.
  const table: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['as usual', ['220 hi\r\n', '250 ok\r\n', '221 bye\r\n'], ['HELO me.example', 'QUIT', well]],
    ['with any answer to QUIT', ['220 hi\n', '250 ok\n', 'garbage\n'], ['HELO me.example', 'QUIT', well]],
    ['at the first line of it', ['220 hi\n', '250 ok\n', '221-x\n'], ['HELO me.example', 'QUIT', well]],
    ['on another greeting', ['554 no\r\n'], ["down: bad greeting banner: '554 no', not 220"]],
    ['on a greeting of success', ['250 hi\r\n'], ["down: bad greeting banner: '250 hi', not 220"]],
    ['on no greeting of SMTP', ['abc\r\n'], ["down: bad greeting banner: 'abc' is no reply of SMTP"]],
    ['on a refused HELO', ['220 hi\n', '500 no\n'], ['HELO me.example', "down: bad HELO response: '500 no', not 250"]],
    ['on another success', ['220 hi\n', '251 ok\n'], ['HELO me.example', "down: bad HELO response: '251 ok', not 250"]],
    [
      'not by answers that came before they were asked for',
      ['220 hi\n250 ok\n221 bye\n', ''],
      ['HELO me.example', 'awaits answer to HELO'],
    ],
    // Here keepalived takes a proper server for a bad one.
    [
      'on the whole of a reply',
      ['220-a\r\n', '220 b\r\n', '250-x\r\n250 y\r\n', '221\r\n'],
      ['awaits greeting', 'HELO me.example', 'QUIT', well],
    ],
  ];
  for (const [name, said, expected] of table) {
    test(name, () => {
      assert.deepEqual(trace(...said), expected);
    });
  }
});
