import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckResult, Run, TimedChecker, Verdict } from '../../src/checkers/index.ts';
import { CheckLog } from '../../src/daemon/check-log.ts';

const server = '[192.168.170.25]:tcp:25';

function told(
  type: TimedChecker['type'],
  steps: readonly (readonly [Partial<CheckResult>, Partial<Verdict>])[],
): string[] {
  const lines: string[] = [];
  const log = new CheckLog((level, text) => {
    lines.push(`${level} ${text}`);
  });
  const run = { id: 'a', url: 0, checker: { type, logAllFailures: type === 'UDP_CHECK' } } as Run;
  for (const [result, verdict] of steps) {
    log.tell(
      run,
      server,
      { ok: false, reason: 'why', ...result },
      { up: false, changed: false, counts: true, retries: 0, ...verdict },
    );
  }
  return lines;
}

const up = [{ ok: true }, { up: true, changed: true }] as const;
const down = [{}, { changed: true, retries: 2 }] as const;

test('changes are told in the words of the reference', () => {
  assert.deepEqual(told('TCP_CHECK', [up, down]), [
    `info TCP connection to ${server} success: why.`,
    `warning TCP_CHECK on service ${server} failed after 2 retries: why.`,
  ]);
  assert.deepEqual(told('SMTP_CHECK', [up]), [`info Remote SMTP server ${server} succeed on service: why.`]);
  assert.deepEqual(told('PING_CHECK', [down]), [
    `warning ICMP CHECK on service ${server} failed after 2 retries: why.`,
  ]);
});

test('a failure that changes nothing is told where the configuration asks for all', () => {
  const again = [{}, { up: true, retries: 1 }] as const;
  assert.deepEqual(told('TCP_CHECK', [again]), []);
  assert.deepEqual(told('UDP_CHECK', [again]), [`info UDP_CHECK on service ${server} failed: why.`]);
});

test('a check that cannot be made is told once, and again after it could', () => {
  const unmade = [
    { unjudged: true, reason: 'no interface' },
    { up: true, counts: false },
  ] as const;
  const line = `warning TCP_CHECK of ${server} cannot be made: no interface. The server stays up.`;
  assert.deepEqual(told('TCP_CHECK', [unmade, unmade, unmade]), [line]);
  assert.deepEqual(told('TCP_CHECK', [unmade, [{ ok: true }, { up: true }], unmade]), [line, line]);
});

test('a warning is told once for each certificate, and no end of them never', () => {
  const warned = (about: string): readonly [Partial<CheckResult>, Partial<Verdict>] => [
    { ok: true, warning: { about, text: `its certificate ${about} ends in 5 days` } },
    { up: true },
  ];
  const line = (about: string): string => `warning SSL_GET of ${server}: its certificate ${about} ends in 5 days.`;
  assert.deepEqual(told('SSL_GET', [warned('a'), warned('a'), warned('b'), warned('a')]), [line('a'), line('b')]);
  const many = Array.from({ length: 100 }, (_, i) => warned(String(i)));
  assert.equal(told('SSL_GET', many).length, 16);
});
