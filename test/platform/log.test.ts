import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, readFileSync, readSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { openLog, type LogOptions } from '../../src/platform/index.ts';
import { libc } from '../../src/platform/libc.ts';
import { lineQueue, type WriteAttempt } from '../../src/platform/line-queue.ts';
import { consoleLine, jsonLine, syslogFacility, syslogLine, type LogRecord } from '../../src/platform/log-format.ts';
import { addressFamily, socketType } from '../../src/platform/socket-abi.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-log-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const record: LogRecord = {
  timeMs: new Date(2026, 10, 1, 3, 40, 2).getTime(),
  level: 'info',
  ident: 'Keepalived_vrrp',
  pid: 42,
  text: '(VI_1) Entering MASTER STATE',
};

describe('a log line', () => {
  test("on the console has the reference's form, the day padded with a space", () => {
    assert.equal(consoleLine(record), 'Sun Nov  1 03:40:02 2026: (VI_1) Entering MASTER STATE\n');
  });

  test('in the system log has priority, time, name and pid', () => {
    assert.equal(
      syslogLine(record, syslogFacility('daemon') ?? 0, record.text),
      '<30>Nov  1 03:40:02 Keepalived_vrrp[42]: (VI_1) Entering MASTER STATE',
    );
  });

  test('as JSON has the fields beside what is in every line, which they cannot replace', () => {
    const line = jsonLine({ ...record, fields: { instance: 'VI_1', message: 'forged' } });
    assert.deepEqual(JSON.parse(line), {
      instance: 'VI_1',
      time: new Date(record.timeMs).toISOString(),
      level: 'info',
      process: 'Keepalived_vrrp',
      pid: 42,
      message: record.text,
    });
  });

  test('can neither be forged nor colour the terminal', () => {
    assert.equal(
      consoleLine({ ...record, text: 'a\nSun Nov  1 03:40:02 2026: b\x1b[31m' }),
      'Sun Nov  1 03:40:02 2026: a\\nSun Nov  1 03:40:02 2026: b\\x1b[31m\n',
    );
  });

  const facilities: readonly [name: string, expected: number | undefined][] = [
    ['daemon', 3],
    ['user', 1],
    ['local0', 16],
    ['7', 23],
    ['local8', undefined],
    ['kern', undefined],
  ];
  for (const [name, expected] of facilities) {
    test(`facility ${name}`, () => {
      assert.equal(syslogFacility(name), expected);
    });
  }
});

describe('a stalled reader', () => {
  test('holds up nobody: a bounded number of lines waits, the rest is dropped, counted and told', () => {
    let stalled = true;
    let text = '';
    const sink = lineQueue(
      (bytes): WriteAttempt => {
        if (stalled) return 'later';
        // One byte at a time: a reader that takes parts of lines.
        text += bytes.toString('latin1', 0, 1);
        return 1;
      },
      () => undefined,
      (count) => `${String(count)} dropped\n`,
    );
    for (let i = 0; i < 1500; i++) sink.write(`${String(i)}\n`);
    assert.equal(sink.dropped(), 500);
    stalled = false;
    sink.close();
    const lines = text.split('\n');
    assert.equal(lines[0], '0');
    assert.equal(lines[999], '999');
    assert.deepEqual(lines.slice(1000), ['500 dropped', '']);
  });

  test('on the other end of standard error does not stop the process', async () => {
    const index = new URL('../../src/platform/index.ts', import.meta.url).href;
    const code = `import(${JSON.stringify(index)}).then(async (p) => {
      const log = (await p.openLog({ ident: 'x', level: 'info', format: 'text', toStderr: true })).value;
      for (let i = 0; i < 20000; i++) log.write('info', 'x'.repeat(100));
      console.log(log.dropped() > 0);
      process.exit(0);
    });`;
    for (const kind of ['a pipe', 'a socket']) {
      const node = [process.execPath, ...process.execArgv.filter((a) => a !== '--test'), '-e', code];
      // A shell's pipe is a pipe; what Node calls one is a socket.
      const child =
        kind === 'a socket'
          ? spawn(node[0] ?? '', node.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] })
          : spawn('/bin/sh', ['-c', '{ "$@" 2>&3 3>&- | cat >&4; } 3>&1 >/dev/null 4>&4 | sleep 60', 'sh', ...node], {
              stdio: ['ignore', 'ignore', 'inherit', 'ignore', 'pipe'],
              detached: true,
            });
      const output = child.stdio[kind === 'a socket' ? 1 : 4];
      assert.ok(output && 'once' in output);
      const said = await new Promise<string>((resolve) => {
        output.once('data', (data: Buffer) => {
          resolve(data.toString());
        });
      });
      assert.equal(said, 'true\n', kind);
      if (kind === 'a pipe' && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }
  });
});

describe('opening the log', () => {
  const options: LogOptions = { ident: 'Keepalived', level: 'info', format: 'text', toStderr: false };

  test('lines of the wanted severity are in the file when write returns', async () => {
    const file = join(folder, 'log');
    const log = await openLog({ ...options, file });
    assert.ok(log.ok);
    log.value.write('debug', 'too much');
    log.value.write('info', 'first');
    log.value.write('error', 'second');
    assert.match(readFileSync(file, 'utf8'), /^\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}: first\n.*: second\n$/);
    log.value.close();
  });

  test('a file that is a symbolic link is refused', async () => {
    const file = join(folder, 'link');
    symlinkSync('/etc/hostname', file);
    assert.deepEqual(await openLog({ ...options, file }), {
      ok: false,
      error: `log file ${file} cannot be opened: ELOOP`,
    });
  });

  test('an unknown facility is refused with those that exist', async () => {
    assert.deepEqual(await openLog({ ...options, syslogFacility: 'mail' }), {
      ok: false,
      error: "'mail' is no syslog facility: use daemon, user, local0 to local7 or 0 to 7",
    });
  });

  test('each line is one datagram to the log daemon, also to one that was started anew', async () => {
    const syslogSocket = join(folder, 'log-daemon');
    const log = await openLog({ ...options, syslogFacility: 'local1', syslogSocket });
    assert.ok(log.ok);
    for (const text of ['first', 'second']) {
      const daemon = libc().socket(addressFamily.unix, socketType.datagram | socketType.nonBlocking, 0);
      const address = Buffer.alloc(110);
      address.writeUInt16LE(addressFamily.unix, 0);
      address.write(syslogSocket, 2);
      assert.equal(libc().bind(daemon, address, address.length), 0);
      log.value.write('notice', `${text}\nline`);
      const datagram = Buffer.alloc(200);
      const received = datagram.toString('utf8', 0, readSync(daemon, datagram));
      assert.match(
        received,
        new RegExp(`^<141>\\w{3} [ \\d]\\d [\\d:]{8} Keepalived\\[${String(process.pid)}\\]: ${text}\\\\nline$`),
      );
      closeSync(daemon);
      unlinkSync(syslogSocket);
    }
    assert.equal(log.value.dropped(), 0);
    log.value.close();
  });

  test('a missing log daemon costs the lines, which are counted', async () => {
    const log = await openLog({ ...options, syslogFacility: 'daemon', syslogSocket: join(folder, 'nobody') });
    assert.ok(log.ok);
    log.value.write('info', 'x');
    assert.equal(log.value.dropped(), 1);
    log.value.close();
  });
});
