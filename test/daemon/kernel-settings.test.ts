import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelSettingsText } from '../../src/daemon/kernel-settings.ts';

test('the settings that matter to a director are one line, in words that sysctl takes', () => {
  const sysctls = {
    'net.ipv4.ip_forward': '1',
    'net.ipv4.vs.amemthresh': '1024',
    'net.ipv4.vs.conntrack': '0',
    'net.ipv4.vs.sync_threshold': '3\t50',
  };
  assert.equal(kernelSettingsText(sysctls), 'net.ipv4.vs, left as it is: sync_threshold 3 50, conntrack 0');
  assert.equal(kernelSettingsText({ 'net.ipv4.ip_forward': '1' }), undefined);
});
