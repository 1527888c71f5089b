import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { formatDiagnostic } from '../../src/core/index.ts';
import { parseScript } from '../../src/simulate/index.ts';

function told(text: string): readonly string[] {
  return parseScript('s', text).diagnostics.map(formatDiagnostic);
}

describe('a script that is wrong', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['after 10s: d1 kill', "s:1:1: error: 'after' begins no line"],
    ['at 10: d1 kill', "s:1:4: error: '10' is not a time (a number with ms, s, min or h, as 1.5s)"],
    ['at 25h: d1 kill', "s:1:4: error: '25h' is too long (at most 24h)"],
    ['at 10s d1 kill', "s:1:8: error: 'd1' is not known here (here belongs ':')"],
    ['at 10s:', 's:1:8: error: the line ends too early (here belongs a director, or cut'],
    ['at 10s: d1 explodes', "s:1:12: error: 'explodes' is nothing that happens to a director"],
    ['at 10s: d1 kill now', "s:1:17: error: 'now' is too much (the line is complete before it)"],
    ['at 10s: d1 clock 5s', "s:1:18: error: '5s' has no sign (as +5s or -5s)"],
    ['at 10s: d1 file load x', "s:1:22: error: 'x' is not a number"],
    ['at 10s: d1 loses 192.0.2.300', "s:1:18: error: '192.0.2.300' is not an IP address"],
    ['at 10s: loss 120%', "s:1:14: error: '120%' is not a share (0% to 100%)"],
    ['at 10s: delay 5s to 1s', 's:1:9: error: the longest delay is less than the shortest'],
    ['at 10s: d1 kill\nat 9s: d1 start', 's:2:1: error: this is before the line above it (10s or later)'],
    [
      'end at 10s\nat 20s: d1 kill',
      "s:2:1: error: nothing comes after the end ('end at' is the last line with a time)",
    ],
    [
      'expect d1 slave',
      "s:1:11: error: 'slave' is not known here (here belongs 'master' or 'backup' or 'fault' or 'holds')",
    ],
    ['always expect d1 master', "s:1:15: error: 'd1' cannot be expected always"],
    [
      'at 1s: d1 kill\nexpect d2 master within 4s\nat 3s: d1 start',
      's:2:1: error: 4 s are not over when the next thing happens (less than 2s, or a later event)',
    ],
    ['  expect no luck # none', "s:1:13: error: 'luck' is not known here (here belongs 'two' or 'gap' or 'change')"],
  ];
  for (const [text, message] of rows) {
    test(JSON.stringify(text), () => {
      const [first = ''] = told(text);
      assert.ok(first.startsWith(message), first);
    });
  }

  test('all its lines are told at once', () => {
    assert.equal(told('one\ntwo\nthree').length, 3);
  });

  test('but no more than fifty', () => {
    assert.equal(told('x\n'.repeat(60_000)).length, 50);
  });
});

test('comments, empty lines and line ends of other systems are nothing', () => {
  const { script, diagnostics } = parseScript(
    's',
    '# first\r\n\r\nat 1s: d1 kill # then\r\nexpect one master within 1s # of all\r\n',
  );
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    script.events.map(({ text }) => text),
    ['d1 kill'],
  );
  assert.deepEqual(
    script.expectations.map(({ text }) => text),
    ['expect one master within 1s'],
  );
});

test('an address over IPv6 is one word', () => {
  const { script } = parseScript('s', 'd1 eth0 has fe80::1, 2001:db8::1\nat 1s: d1 loses 2001:db8::\n');
  assert.equal(script.wiring.length, 2);
  assert.deepEqual(script.events[0]?.action, { do: 'lose', director: 'd1', address: '2001:db8::' });
});

test('whatever the text, it is read or told', () => {
  const word = fc.constantFrom(
    'at',
    '1s',
    ':',
    '10s:',
    'd1',
    'eth0',
    'down',
    'expect',
    'always',
    'no',
    'two',
    'masters',
    'within',
    'link',
    ',',
    'has',
    'cut',
    '>',
    'of',
    'end',
    '#',
    '::',
    '1%',
  );
  const line = fc.oneof(
    fc.array(word, { maxLength: 9 }).map((words) => words.join(' ')),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      for (const { span } of parseScript('s', lines.join('\n')).diagnostics)
        assert.ok(span !== undefined && span.column >= 1);
    }),
  );
});
