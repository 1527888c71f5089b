import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { SmtpAccess } from '../../src/config/index.ts';
import type { Result } from '../../src/core/index.ts';
import { mailText, smtpDelivery, type MailSettings } from '../../src/notify/index.ts';
import { readSecret } from '../../src/platform/index.ts';
import { Authority, type Issued } from '../checkers/authority.ts';
import { mailServer, type MailServer, type MailServerOptions } from './mail-server.ts';

/** Mail by servers that ask for TLS or a password. */

let authority: Authority;
let passwordFile = '';
let issued: Issued;
const opened: MailServer[] = [];
before(() => {
  authority = new Authority();
  issued = authority.issue({ names: 'IP:127.0.0.1,DNS:mail.example' });
  passwordFile = join(authority.folder, 'password');
  writeFileSync(passwordFile, 'open sesame\n', { mode: 0o600 });
});
after(() => {
  for (const server of opened) server.close();
  authority.remove();
});

const login = { user: 'director@example.org', password: 'open sesame', method: 'PLAIN' } as const;
const settings: Omit<MailSettings, 'server'> = {
  from: 'k@x.y',
  to: ['a@b.c'],
  heloName: 'helo.x',
  timeoutMs: 10_000,
};

async function send(server: MailServerOptions, access?: Partial<SmtpAccess>, certificate = issued) {
  const { certFile, keyFile } = certificate;
  const there = await mailServer({ certFile, keyFile, ...server });
  opened.push(there);
  const sent: Result<void> = await smtpDelivery(readSecret)(
    mailText({ subject: 's', body: '=> b <=' }, { ...settings, server: { host: '', port: 0 } }, 0),
    {
      ...settings,
      server: { host: '127.0.0.1', port: there.port },
      ...(access === undefined ? {} : { access: { tls: 'starttls', verify: true, ...access } }),
    },
    AbortSignal.timeout(60_000),
  );
  return { ...there, error: sent.ok ? '' : sent.error };
}

describe('a mail server with TLS', () => {
  test('is not asked for it unless the configuration does', async () => {
    const { error, lines, messages } = await send({ tls: 'starttls' });
    assert.equal(error, '');
    assert.equal(messages.length, 1);
    assert.ok(lines.every((line) => !line.startsWith('tls ') && line !== 'STARTTLS'));
  });

  test('gets no sender and no message before it', async () => {
    const { error, lines, messages } = await send({ tls: 'starttls' }, { caFile: authority.file });
    assert.equal(error, '');
    assert.deepEqual(lines.slice(0, 4), ['EHLO helo.x', 'STARTTLS', 'tls EHLO helo.x', 'tls MAIL FROM:<k@x.y>']);
    assert.equal(messages.length, 1);
  });

  test('that speaks it from the first byte', async () => {
    const { error, lines } = await send({ tls: 'on' }, { tls: 'on', caFile: authority.file });
    assert.equal(error, '');
    assert.equal(lines[0], 'tls EHLO helo.x');
  });

  test('that does not offer it gets nothing', async () => {
    const { error, lines, messages } = await send({}, { caFile: authority.file });
    assert.match(error, /STARTTLS|502/);
    assert.deepEqual(messages, []);
    assert.ok(lines.every((line) => !line.startsWith('MAIL')));
  });

  for (const [name, access, certificate, why] of [
    ['whose authority nobody trusts', {}, {}, /self-signed|unable to get|certificate/i],
    ['with a certificate for another name', { serverName: 'other.example' }, {}, /other\.example/],
    ['with a certificate that has ended', {}, { names: 'IP:127.0.0.1', days: [-20, -10] as const }, /expired/],
  ] as const) {
    test(`${name} gets nothing`, async () => {
      const caFile = name.includes('nobody') ? {} : { caFile: authority.file };
      const made = Object.keys(certificate).length === 0 ? issued : authority.issue(certificate);
      const { error, messages } = await send({ tls: 'starttls' }, { ...caFile, ...access }, made);
      assert.match(error, why);
      assert.deepEqual(messages, []);
    });
  }

  test('is trusted for the name that is said, and by everybody where verification is off', async () => {
    const named = await send({ tls: 'starttls' }, { caFile: authority.file, serverName: 'mail.example' });
    assert.equal(named.error, '');
    assert.equal((await send({ tls: 'starttls' }, { verify: false })).error, '');
  });

  test('says what is wrong with the file of its authority', async () => {
    const { error } = await send({ tls: 'starttls' }, { caFile: '/nowhere/ca.pem' });
    assert.equal(error, 'smtp_tls_ca_file: /nowhere/ca.pem cannot be read: it does not exist');
  });
});

describe('a mail server that asks for a password', () => {
  const access = (): Partial<SmtpAccess> => ({
    caFile: authority.file,
    login: { user: login.user, passwordFile },
  });

  for (const method of ['PLAIN', 'LOGIN'] as const) {
    test(`by ${method}, gets it by TLS alone`, async () => {
      const { error, lines, messages } = await send({ tls: 'starttls', login: { ...login, method } }, access());
      assert.equal(error, '');
      assert.equal(messages.length, 1);
      assert.ok(lines.filter((line) => line.includes('AUTH')).every((line) => line.startsWith('tls ')));
    });
  }

  test('in clear only where the configuration says so', async () => {
    assert.equal((await send({ login }, { ...access(), tls: 'off' })).error, '');
    const { error, lines } = await send({ login }, access());
    assert.notEqual(error, '');
    assert.ok(lines.every((line) => !line.includes('AUTH')));
  });

  test('that refuses it and says it aloud does not make us tell it', async () => {
    for (const method of ['PLAIN', 'LOGIN'] as const) {
      const wanted = { ...login, password: 'another', method };
      const { error, messages } = await send({ tls: 'starttls', login: wanted }, access());
      assert.match(error, /535/);
      assert.match(error, /\*{8}/);
      assert.doesNotMatch(error, /sesame|b3BlbiBzZXNhbWU/);
      assert.deepEqual(messages, []);
    }
  });

  test('gets none from a file that others may read, that is empty or not there', async () => {
    const file = (name: string, text: string, mode: number): string => {
      const path = join(authority.folder, name);
      writeFileSync(path, text);
      chmodSync(path, mode);
      return path;
    };
    const errorWith = async (path: string): Promise<string> =>
      (await send({ tls: 'starttls', login }, { ...access(), login: { user: login.user, passwordFile: path } })).error;
    const exposed = file('exposed', 'open sesame\n', 0o640);
    assert.equal(await errorWith(exposed), `smtp_password_file: others may read ${exposed}: chmod 0600 it`);
    const empty = file('empty', '\n', 0o600);
    assert.equal(await errorWith(empty), `smtp_password_file: ${empty} is empty`);
    assert.match(await errorWith('/nowhere/p'), /^smtp_password_file: \/nowhere\/p cannot be read/);
    assert.equal(await errorWith(file('dos', 'open sesame\r\nrest\r\n', 0o400)), '');
  });
});

describe('a mail server that misbehaves', () => {
  const hangUp = (socket: { destroy: () => void }): void => {
    socket.destroy();
  };
  for (const phase of ['greeting', 'EHLO', 'STARTTLS', 'MAIL', 'RCPT', 'DATA', '.']) {
    test(`hanging up at ${phase} is a reason to try again`, async () => {
      const secured = phase === 'STARTTLS';
      const answers = { [phase]: hangUp, ...(phase === 'EHLO' ? { HELO: hangUp } : {}) };
      const { error, connections, messages } = await send(
        { ...(secured ? { tls: 'starttls' } : {}), answers },
        secured ? { caFile: authority.file } : undefined,
      );
      assert.notEqual(error, '');
      assert.ok(error.length <= 250, error);
      assert.ok(messages.length <= 1);
      assert.equal(connections(), 0);
    });
  }

  for (const phase of ['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA', '.']) {
    test(`saying nothing at ${phase} holds nobody up for long`, async () => {
      const there = await mailServer({ answers: { [phase]: undefined } });
      opened.push(there);
      const begun = performance.now();
      const sent = await smtpDelivery(readSecret)(
        'Subject: s\r\n\r\nb\r\n',
        { ...settings, server: { host: '127.0.0.1', port: there.port }, timeoutMs: 300 },
        AbortSignal.timeout(60_000),
      );
      assert.equal(sent.ok, false);
      assert.ok(performance.now() - begun < 30_000);
    });

    test(`talking without end at ${phase} is bounded`, async () => {
      const flood = (socket: { write: (text: string) => boolean; destroyed: boolean }): void => {
        const line = `250-${'x'.repeat(1000)}\r\n`.repeat(64);
        const more = (): void => {
          if (socket.destroyed) return;
          socket.write(line);
          setTimeout(more, 1);
        };
        more();
      };
      const before = process.memoryUsage().rss;
      const there = await mailServer({ answers: { [phase]: flood } });
      opened.push(there);
      const sent = await smtpDelivery(readSecret)(
        'Subject: s\r\n\r\nb\r\n',
        { ...settings, server: { host: '127.0.0.1', port: there.port }, timeoutMs: 300 },
        AbortSignal.timeout(60_000),
      );
      assert.equal(sent.ok, false);
      assert.ok(process.memoryUsage().rss - before < 300e6);
      there.close();
    });
  }
});
