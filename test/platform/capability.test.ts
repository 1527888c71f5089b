import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { enterNetworkNamespace, hasCapability, programName, setProcessName } from '../../src/platform/index.ts';

describe('capabilities', () => {
  const rows: readonly [name: string, status: string, expected: boolean][] = [
    ['all', 'CapEff:\t000001ffffffffff\n', true],
    ['only this one', 'CapPrm:\t0000000000000000\nCapEff:\t0000000000001000\n', true],
    ['every other one', 'CapEff:\t000001ffffffefff\n', false],
    ['permitted is not effective', 'CapPrm:\t0000000000001000\nCapEff:\t0000000000000000\n', false],
    ['an unreadable status', '', false],
  ];
  for (const [name, status, expected] of rows) {
    test(name, () => {
      assert.equal(hasCapability('CAP_NET_ADMIN', status), expected);
    });
  }
});

describe('the process', () => {
  test('takes a name of at most 15 bytes', () => {
    const before = readFileSync('/proc/self/comm', 'utf8').trim();
    assert.deepEqual(setProcessName('watchkeeper-with-more'), { ok: true, value: undefined });
    assert.equal(readFileSync('/proc/self/comm', 'utf8'), 'watchkeeper-wit\n');
    setProcessName(before);
  });

  for (const name of ['', '..', '../net', 'a/b']) {
    test(`enters no namespace called '${name}'`, () => {
      assert.deepEqual(enterNetworkNamespace(name), {
        ok: false,
        error: `'${name}' is not a name of a network namespace`,
      });
    });
  }

  test('says which namespace is missing', () => {
    assert.deepEqual(enterNetworkNamespace('no-such-ns'), {
      ok: false,
      error: 'network namespace no-such-ns: /run/netns/no-such-ns cannot be opened: it does not exist',
    });
  });
});

describe('by which name it was started', () => {
  for (const [first, script, name] of [
    ['/usr/bin/node', '/usr/lib/watchkeeper/bin/keepalived', 'keepalived'],
    ['/usr/bin/node', '/usr/lib/watchkeeper/bin/watchkeeper', 'watchkeeper'],
    ['/usr/sbin/keepalived', '/usr/lib/watchkeeper/dist/bin/vrrp.cjs', 'keepalived'],
    ['watchkeeper: vrrp', '/usr/lib/watchkeeper/dist/bin/vrrp.cjs', 'watchkeeper'],
  ] as const) {
    test(`${first} ${script}`, () => {
      assert.equal(programName(first, script), name);
    });
  }
});
