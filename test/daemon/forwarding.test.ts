import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Forwarding } from '../../src/daemon/forwarding.ts';

test('the setting of each interface is read, and for a second not again', () => {
  const settings: Record<string, string> = { eth0: '0', eth1: '1' };
  let [nowMs, reads] = [0, 0];
  const forwarding = new Forwarding(
    (key) => {
      reads++;
      assert.deepEqual([...key.slice(0, 3), key[4]], ['net', 'ipv6', 'conf', 'forwarding']);
      const value = settings[key[3] ?? ''];
      return value === undefined ? { ok: false, error: 'ENOENT' } : { ok: true, value };
    },
    () => nowMs,
  );
  const are = (): readonly boolean[] => ['eth0', 'eth1', 'gone'].map((ifname) => forwarding.of(ifname));
  assert.deepEqual(are(), [false, true, false]);
  settings['eth0'] = '1';
  assert.deepEqual(are(), [false, true, false]);
  assert.equal(reads, 3);
  nowMs = 1000;
  assert.deepEqual(are(), [true, true, false]);
});
