import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadText } from '../load-text.ts';
import { service } from './plain.ts';

test('each of the host blocks of old in SMTP_CHECK is a check; what they say of times is for all', () => {
  const host = (lines: string): string => `host {\n${lines}\n}\n`;
  const hosts = host('connect_port 25') + host('connect_ip 192.168.0.9\nconnect_port 26\nretry 7');
  const { config } = loadText(service('', `SMTP_CHECK {\nhelo_name me\n${hosts}}`));
  const checkers = config.lvs.virtualServers[0]?.realServers[0]?.checkers ?? [];
  assert.deepEqual(
    checkers.map((one) =>
      one.type === 'SMTP_CHECK' ? [one.connectIp, one.connectPort, one.retry, one.heloName] : one.type,
    ),
    [
      ['192.168.0.2', 25, 7, 'me'],
      ['192.168.0.9', 26, 7, 'me'],
    ],
  );
});
