import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { descriptorsFor, raiseDescriptors } from '../../src/daemon/check-descriptors.ts';
import { lvsConfig, miscCheck, realServer, tcpCheck, virtualServer } from '../lvs/configs.ts';

const limit = (): number => Number(/^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
const withChecks = (count: number) =>
  lvsConfig(
    virtualServer({
      realServers: [
        realServer('10.0.0.1', { checkers: Array.from({ length: count }, () => tcpCheck()) }),
        realServer('10.0.0.2', { checkers: [miscCheck()] }),
        realServer('10.0.0.3', { checkers: [] }),
      ],
    }),
  );

test('each check of a server counts, and there are some to spare', () => {
  assert.equal(descriptorsFor(withChecks(99)), 2 * 100 + 256);
  assert.equal(descriptorsFor(lvsConfig()), 256);
});

test('the limit is raised where it is too low, and stays where it is not', () => {
  execFileSync('prlimit', ['--pid', String(process.pid), '--nofile=300:']);
  const told: string[] = [];
  const log = (_: string, text: string): void => void told.push(text);
  raiseDescriptors(withChecks(1), log);
  assert.equal(limit(), 300);
  raiseDescriptors(withChecks(99), log);
  assert.equal(limit(), 456);
  raiseDescriptors(withChecks(9), log);
  assert.deepEqual([limit(), told], [456, []]);
});
