import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { after, beforeEach, describe, mock, test } from 'node:test';
import {
  lvsAlert,
  Mailer,
  mailSettings,
  mailText,
  smtpDelivery,
  vrrpAlert,
  type MailSettings,
  type VrrpNotice,
} from '../../src/notify/index.ts';
import { readSecret } from '../../src/platform/index.ts';
import { loadText } from '../config/load-text.ts';

const global = loadText(`global_defs {
  router_id LVS1
  smtp_server 127.0.0.1 2525
  smtp_helo_name helo.x
  notification_email {
    a@b.c
    d@e.f
  }
  notification_email_from k@x.y
}
`).config.global;
const deliverBySmtp = smtpDelivery(readSecret);
const settings: MailSettings = {
  server: { host: '127.0.0.1', port: 2525 },
  from: 'k@x.y',
  to: ['a@b.c', 'd@e.f'],
  heloName: 'helo.x',
  timeoutMs: 30_000,
};

describe('the words of a mail are those of keepalived', () => {
  const owning = '=> VRRP Instance is now owning VRRP VIPs <=';
  const notOwning = '=> VRRP Instance is no longer owning VRRP VIPs <=';
  for (const [object, state, subject, body] of [
    ['INSTANCE', 'MASTER', '[LVS1] VRRP Instance A - Entering MASTER state', owning],
    ['INSTANCE', 'BACKUP', '[LVS1] VRRP Instance A - Entering BACKUP state', notOwning],
    ['INSTANCE', 'FAULT', '[LVS1] VRRP Instance A - Entering FAULT state', notOwning],
    ['INSTANCE', 'STOP', '[LVS1] VRRP Instance A - Entering STOP state', notOwning],
    [
      'GROUP',
      'MASTER',
      '[LVS1] VRRP Group A - Entering MASTER state',
      '=> All VRRP group instances are now in MASTER state <=',
    ],
  ] as const satisfies readonly (readonly [VrrpNotice['object'], VrrpNotice['state'], string, string])[]) {
    test(`${object} ${state}`, () => {
      assert.deepEqual(vrrpAlert({ object, name: 'A', state, priority: 1 }, global), { subject, body });
    });
  }

  test('faults and changes of priority are not told of', () => {
    const notice = { object: 'INSTANCE', name: 'A', priority: 1 } as const;
    assert.equal(vrrpAlert({ ...notice, state: 'FAULT' }, { ...global, noEmailFaults: true }), undefined);
    assert.equal(vrrpAlert({ ...notice, state: 'MASTER_PRIORITY' }, global), undefined);
  });

  test('servers', () => {
    const virtualServer = '[192.0.2.1]:tcp:80';
    assert.deepEqual(
      lvsAlert(
        { virtualServer, realServer: '[192.0.2.2]:tcp:80', state: 'DOWN', text: 'TCP CHECK failed on service' },
        'L',
      ),
      {
        subject: '[L] Realserver [192.0.2.2]:tcp:80 of virtual server [192.0.2.1]:tcp:80 - DOWN',
        body: '=> TCP CHECK failed on service <=',
      },
    );
    assert.deepEqual(lvsAlert({ virtualServer, state: 'UP', text: 'Gained quorum 1+0=1 <= 2' }, 'L'), {
      subject: '[L] Virtualserver [192.0.2.1]:tcp:80 - UP',
      body: '=> Gained quorum 1+0=1 <= 2 <=',
    });
  });

  test('the whole message, with nothing of others in its headers', () => {
    const text = mailText({ subject: 'a\r\nBcc: x@y', body: 'b\nc' }, settings, Date.UTC(2026, 10, 21, 17, 36, 31));
    assert.equal(
      text,
      'Date: Sat, 21 Nov 2026 17:36:31 +0000\r\nFrom: k@x.y\r\nSubject: a Bcc: x@y\r\nX-Mailer: Keepalived\r\nTo: a@b.c, d@e.f\r\n\r\nb c\r\n\r\n',
    );
  });

  test('without a server or somebody to tell there is none', () => {
    assert.deepEqual(mailSettings(global, 'host'), settings);
    assert.equal(mailSettings({ ...global, notificationEmail: [] }, 'host'), undefined);
    const whom = 'notification_email {\n a@b.c\n}';
    const read = (lines: string) => mailSettings(loadText(`global_defs {\n${lines}\n}\n`).config.global, 'host');
    assert.equal(read(whom), undefined);
    assert.equal(read(`smtp_server 192.0.2.9\n${whom}`)?.from, 'keepalived@host');
  });
});

describe('mails that wait', () => {
  beforeEach(() => {
    mock.timers.reset();
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  after(() => {
    mock.timers.reset();
  });

  function rig() {
    const tried: string[] = [];
    const log: string[] = [];
    const state = { answer: true, stuck: false };
    const mailer = new Mailer(
      {
        deliver: async (text, _, signal) => {
          tried.push(/Subject: (.*)\r/.exec(text)?.[1] ?? '');
          if (state.stuck)
            await new Promise((resolve) => {
              signal.addEventListener('abort', resolve);
            });
          return state.answer && !state.stuck ? { ok: true, value: undefined } : { ok: false, error: 'no' };
        },
        log: (_, text) => log.push(text),
        wallClockMs: () => 0,
      },
      settings,
    );
    const send = (...subjects: readonly string[]): void => {
      for (const subject of subjects) mailer.send({ subject, body: '' });
    };
    return { mailer, send, tried, log, state };
  }
  const settled = async (): Promise<void> => {
    for (let i = 0; i < 50; i++) await Promise.resolve();
  };

  test('go out in their order', async () => {
    const { send, tried } = rig();
    send('one', 'two', 'three');
    await settled();
    assert.deepEqual(tried, ['one', 'two', 'three']);
  });

  test('are tried again, later each time, and none passes another', async () => {
    const { send, tried, state, log } = rig();
    state.answer = false;
    send('one', 'two');
    await settled();
    mock.timers.tick(4999);
    await settled();
    assert.deepEqual(tried, ['one']);
    mock.timers.tick(1);
    await settled();
    assert.deepEqual(tried, ['one', 'one']);
    state.answer = true;
    mock.timers.tick(10_000);
    await settled();
    assert.deepEqual(tried, ['one', 'one', 'one', 'two']);
    assert.match(log.join('\n'), /'one' by \[127\.0\.0\.1\]:2525 failed: no\. Next try in 5 s\n.*Next try in 10 s/);
  });

  test('are given up in the end, and beyond a number of them', async () => {
    const { send, tried, state, log } = rig();
    state.answer = false;
    send(...Array.from({ length: 300 }, (_, i) => String(i)));
    await settled();
    for (let i = 0; i < 17; i++) {
      mock.timers.tick(600_000);
      await settled();
    }
    assert.deepEqual(new Set(tried.slice(0, 18)), new Set(['0']));
    assert.equal(tried[18], '101');
    assert.match(log.join('\n'), /the oldest are given up/);
    assert.match(log.join('\n'), /It is given up/);
  });

  test('have one try more at the stop, which waits for no server', async () => {
    const { mailer, send, tried, state, log } = rig();
    state.answer = false;
    send('one', 'two');
    await settled();
    await mailer.close(1000);
    assert.deepEqual(tried, ['one', 'one', 'two']);
    const other = rig();
    other.state.stuck = true;
    other.send('one', 'two');
    await settled();
    const closed = other.mailer.close(1000);
    mock.timers.tick(1000);
    await closed;
    assert.deepEqual(other.tried, ['one']);
    assert.match(other.log.at(-1) ?? '', /1 mails could not be sent before the stop/);
    assert.ok(log.length > 0);
  });
});

describe('a mail server', () => {
  const sockets = new Set<Socket>();
  const servers: ReturnType<typeof createServer>[] = [];
  after(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  });

  async function listen(serve: (socket: Socket) => void): Promise<MailSettings> {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      serve(socket);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { ...settings, server: { host: '127.0.0.1', port }, timeoutMs: 300 };
  }

  /** Says 250 to everything; `answers` say something else to commands that begin so. */
  function obliging(lines: string[], answers: Readonly<Record<string, string>> = {}): (socket: Socket) => void {
    return (socket) => {
      let inData = false;
      let rest = '';
      socket.write('220 hi\r\n');
      socket.on('data', (bytes) => {
        const parts = (rest + bytes.toString()).split('\r\n');
        rest = parts.pop() ?? '';
        for (const line of parts) {
          lines.push(line);
          if (inData && line !== '.') continue;
          inData = line === 'DATA';
          const answer = Object.entries(answers).find(([command]) => line.startsWith(command))?.[1];
          socket.write(answer ?? (inData ? '354 go\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n'));
        }
      });
    };
  }

  const text = mailText({ subject: 's', body: '=> b <=' }, settings, 0);
  const never = new AbortController().signal;

  test('gets the message as it is, for everybody', async () => {
    const lines: string[] = [];
    const sent = await deliverBySmtp(text, await listen(obliging(lines)), never);
    assert.deepEqual(sent, { ok: true, value: undefined });
    assert.deepEqual(lines.slice(0, 5), [
      'EHLO helo.x',
      'MAIL FROM:<k@x.y>',
      'RCPT TO:<a@b.c>',
      'RCPT TO:<d@e.f>',
      'DATA',
    ]);
    assert.deepEqual(lines.slice(5, lines.indexOf('.')).join('\r\n').trimEnd(), text.trimEnd());
  });

  test('of old is greeted as it wants', async () => {
    const lines: string[] = [];
    const sent = await deliverBySmtp(text, await listen(obliging(lines, { EHLO: '500 what\r\n' })), never);
    assert.equal(sent.ok, true);
    assert.ok(lines.includes('HELO helo.x'), lines.join());
  });

  for (const [name, serve, why] of [
    ['says nothing', () => undefined, /Greeting never received|timeout/i],
    ['hangs up', (socket: Socket) => socket.destroy(), /./],
    ['refuses', (socket: Socket) => socket.write('554 go away\r\n'), /554/],
    ['refuses all recipients', obliging([], { RCPT: '550 nobody\r\n' }), /550|recipients/],
    ['refuses the message', obliging([], { DATA: '451 later\r\n' }), /451/],
    [
      'never ends its greeting',
      (socket: Socket) => {
        const timer = setInterval(() => socket.write('220-more\r\n'), 20);
        socket.on('close', () => {
          clearInterval(timer);
        });
      },
      /no end within|timeout|Greeting/i,
    ],
    ['talks without end', (socket: Socket) => socket.write(`220 ${'x'.repeat(3_000_000)}\r\n`), /./],
  ] as const) {
    test(`that ${name} is a reason to try again, soon`, async () => {
      const address = await listen(serve);
      const sent = await deliverBySmtp(text, address, AbortSignal.timeout(20_000));
      const error = sent.ok ? 'it was sent' : sent.error;
      assert.match(error, why);
      assert.ok(!sent.ok && error.length <= 250);
    });
  }

  test('is not waited for when the daemon stops', async () => {
    const address = { ...(await listen(() => undefined)), timeoutMs: 60_000 };
    const stop = new AbortController();
    const sent = deliverBySmtp(text, address, stop.signal);
    stop.abort();
    assert.deepEqual(await sent, { ok: false, error: 'the daemon stops' });
  });
});
