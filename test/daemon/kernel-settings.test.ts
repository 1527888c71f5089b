import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelSettingsText } from '../../src/daemon/kernel-settings.ts';

test('the settings that matter to a director are one line, in words that sysctl takes', () => {
  const settings = new Map([
    ['amemthresh', '1024'],
    ['conntrack', '0'],
    ['sync_threshold', '3\t50'],
  ]);
  const text = kernelSettingsText((name) => settings.get(name));
  assert.equal(text, 'net.ipv4.vs, left as it is: sync_threshold 3 50, conntrack 0');
  assert.equal(
    kernelSettingsText(() => undefined),
    undefined,
  );
});
