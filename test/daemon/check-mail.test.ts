import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CheckMail } from '../../src/daemon/check-mail.ts';
import { checkersSettings } from '../../src/daemon/settings.ts';
import type { LvsAlert } from '../../src/notify/index.ts';
import { loadText } from '../config/load-text.ts';

const { config } = loadText(
  'virtual_server 192.0.2.1 80 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n real_server 192.0.2.2 80 {\n TCP_CHECK {\n }\n }\n}\n',
);
const [virtual] = config.lvs.virtualServers;
const checker = virtual?.realServers[0]?.checkers[0];
const [virtualServer, realServer] = ['[192.0.2.1]:tcp:80', '[192.0.2.2]:tcp:80'];

function rig(mode: 'checks' | 'servers' | 'none') {
  const told: LvsAlert[] = [];
  const mail = new CheckMail((alert) => told.push(alert));
  mail.configure(mode);
  if (virtual !== undefined) mail.add('id', virtual, realServer);
  const begin = (ok: boolean, changed: boolean, id = 'id'): void => {
    mail.begin({ id, checker } as never, { ok, reason: 'refused' }, { up: ok, changed } as never);
  };
  const notice = (object: 'RS' | 'VS', state: 'UP' | 'DOWN', smtpAlert = true, reason?: string): void => {
    const real = object === 'RS' ? { realServer } : {};
    mail.notice({
      type: 'notify',
      object,
      virtualServer,
      ...real,
      state,
      smtpAlert,
      ...(reason === undefined ? {} : { reason }),
    });
  };
  return { mail, told, begin, notice };
}

const down = { virtualServer, realServer, state: 'DOWN', text: 'TCP CHECK failed on service' };

describe('the words of a check are those of keepalived', () => {
  const at = { connectIp: '192.0.2.2', connectPort: 25 };
  for (const [type, failed, reason, well] of [
    ['TCP_CHECK', 'TCP CHECK failed on service', 'connection refused', 'TCP CHECK succeed on service'],
    ['UDP_CHECK', 'UDP CHECK failed on service', 'connection refused', 'UDP CHECK succeed on service'],
    ['PING_CHECK', 'ICMP CHECK failed on service', 'no route to host', 'ICMP CHECK succeed on service'],
    ['DNS_CHECK', 'DNS_CHECK: failed on service', 'no answer', 'DNS_CHECK: succeed on service'],
    ['MISC_CHECK', 'MISC CHECK failed on service', 'exited with status 1', 'MISC CHECK succeeded on service'],
    ['HTTP_GET', 'CHECK failed on service : HTTP request failed', 'connection refused', 'CHECK succeed on service'],
    ['SSL_GET', 'CHECK failed on service : HTTP request failed', 'another page', 'CHECK succeed on service'],
    [
      'SMTP_CHECK',
      'CHECK failed on service : Could not connect to server [192.0.2.2]:25',
      'connection refused',
      'CHECK succeed on service',
    ],
  ] as const) {
    test(type, () => {
      const { mail, told } = rig('checks');
      for (const ok of [false, true]) {
        const run = { id: 'id', checker: { type, ...at } } as never;
        mail.begin(run, { ok, reason: ok ? '' : reason }, { up: ok, changed: true } as never);
        mail.end();
      }
      assert.deepEqual(
        told.map(({ text }) => text),
        [failed, well],
      );
    });
  }
});

describe('mail of a server', () => {
  test('is sent once when its check fails', () => {
    const { mail, told, begin, notice } = rig('checks');
    begin(false, true);
    notice('RS', 'DOWN');
    notice('VS', 'DOWN', true, 'Lost quorum 1-0=1 > 0');
    mail.end();
    assert.deepEqual(told, [down, { virtualServer, state: 'DOWN', text: 'Lost quorum 1-0=1 > 0' }]);
  });

  test('is sent for each check that changes, also where the server stays as it is', () => {
    const { mail, told, begin } = rig('checks');
    begin(false, true);
    mail.end();
    begin(false, false);
    mail.end();
    assert.deepEqual(told, [down]);
  });

  test('is sent for servers only with no_checker_emails', () => {
    const { mail, told, begin, notice } = rig('servers');
    begin(false, true);
    mail.end();
    assert.deepEqual(told, []);
    begin(false, true);
    notice('RS', 'DOWN');
    mail.end();
    assert.deepEqual(told, [down]);
  });

  test('is not sent where nobody wants it, nor without a mail server', () => {
    const { told, begin, notice } = rig('none');
    begin(false, true);
    notice('RS', 'DOWN');
    const other = rig('checks');
    other.begin(false, true, 'of a server without smtp_alert');
    other.notice('RS', 'DOWN', false);
    other.notice('VS', 'DOWN', false);
    assert.deepEqual([told, other.told], [[], []]);
  });
});

test('there is mail of checks where the file names a server and somebody to tell', () => {
  const mail = (lines: string): string => checkersSettings(loadText(`global_defs {\n${lines}\n}\n`).config).mail;
  const whole = 'smtp_server 192.0.2.9\nnotification_email {\n a@b.c\n}';
  assert.deepEqual(
    [mail(''), mail('smtp_server 192.0.2.9'), mail(whole), mail(`${whole}\nno_checker_emails`)],
    ['none', 'none', 'checks', 'servers'],
  );
});
