import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { checksAsText } from '../../src/cli/check-report.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'watchkeeper-check-'));
const server: Server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', (data) => {
    const status = data.includes('/missing') ? '404 Not Found' : '200 OK';
    socket.end(`HTTP/1.0 ${status}\r\nContent-Length: 2\r\n\r\nok`);
  });
});
let open = 0;
let closed = 0;

function portOf(listener: Server): number {
  const bound = listener.address();
  assert.ok(typeof bound === 'object' && bound !== null);
  return bound.port;
}

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open = portOf(server);
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  closed = portOf(other);
  await new Promise((resolve) => other.close(resolve));
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string, mode = 0o644): string {
  const at = path.join(folder, name);
  writeFileSync(at, text, { mode });
  return at;
}

const user = `user ${String(process.getuid?.() ?? 0)} ${String(process.getgid?.() ?? 0)}`;

function configuration(): string {
  const misc = (text: string, name: string, more = '') =>
    `    MISC_CHECK {\n      misc_path "${file(name, `#!/bin/sh\n${text}\n`, 0o755)}"\n      ${user}\n${more}    }\n`;
  const url = (at: string) => `      url {\n        path ${at}\n        status_code 200\n      }\n`;
  return file(
    'k.conf',
    `track_file drain {
  file ${file('drain', '-3\n')}
}
bfd_instance b {
  neighbor_ip 192.0.2.9
}
virtual_server 192.0.2.1 80 {
  lb_algo rr
  lb_kind NAT
  protocol TCP
  real_server 127.0.0.1 ${String(open)} {
    TCP_CHECK {
    }
    HTTP_GET {
${url('/')}${url('/missing')}    }
  }
  real_server 127.0.0.1 ${String(closed)} {
    TCP_CHECK {
    }
  }
  real_server 127.0.0.2 80 {
  }
}
virtual_server fwmark 7 {
  lb_algo wrr
  lb_kind NAT
  protocol TCP
  real_server 127.0.0.3 80 {
${misc('test -z "$OF_THE_SERVICE"', 'well')}${misc('exit 1', 'ill')}${misc('exit 12', 'dynamic', '      misc_dynamic\n')}\
${misc('exec sleep 60', 'slow', '      misc_timeout 1\n')}  }
  real_server 127.0.0.4 80 {
    FILE_CHECK {
      track_file drain
    }
    FILE_CHECK {
      track_file drain
      weight 0
    }
    BFD_CHECK {
      name b
    }
  }
}
`,
  );
}

/** What differs from run to run is replaced, in the same width where a table is meant. */
function told(text: string): string {
  return text
    .replaceAll(folder, '/tmp/k')
    .replaceAll(String(open), '10001')
    .replaceAll(String(closed), '10002')
    .replaceAll(/ +\d+ ms/g, '  9 ms')
    .replaceAll(/"timeMs": [\d.]+/g, '"timeMs": 9')
    .replaceAll(/ +TIME/g, '  TIME')
    .replaceAll(/ +- /g, '  - ');
}

function golden(name: string, text: string): void {
  const at = path.join(import.meta.dirname, '../golden/check', name);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(at, text);
  assert.equal(text, readFileSync(at, 'utf8'));
}

test('the columns of all tables are aligned', () => {
  const row = {
    virtualServer: 'a',
    server: 's',
    check: 'TCP_CHECK',
    result: 'ok',
    timeMs: 3,
    why: 'connected',
  } as const;
  const rows = [
    row,
    { ...row, server: 'longer', result: 'failed', timeMs: 12_345.6, why: 'said\u001b[31m no' },
    { ...row, virtualServer: 'b', warning: 'it ends soon' },
    { ...row, virtualServer: 'b', check: 'none', result: 'not run', timeMs: 0, why: 'it counts as up' },
  ] as const;
  assert.deepEqual(checksAsText(rows).split('\n'), [
    'virtual_server a',
    'SERVER  CHECK      RESULT       TIME  WHY',
    's       TCP_CHECK  ok           3 ms  connected',
    'longer  TCP_CHECK  failed   12346 ms  said\ufffd[31m no',
    '',
    'virtual_server b',
    'SERVER  CHECK      RESULT       TIME  WHY',
    's       TCP_CHECK  ok           3 ms  connected; warning: it ends soon',
    's       none       not run         -  it counts as up',
    '',
    '2 ok, 1 failed, 1 not run',
    '',
  ]);
});

describe('check', () => {
  test('shows what each check finds, and why', async () => {
    // Its programs know nothing of our environment: one asks.
    process.env['OF_THE_SERVICE'] = 'secret';
    const { status, out, err } = await runCommand('check', configuration());
    delete process.env['OF_THE_SERVICE'];
    golden('all.txt', told(out));
    assert.equal(err, '');
    assert.equal(status, 1);
  });

  test('as JSON', async () => {
    const { status, out } = await runCommand('check', configuration(), '--format', 'json', '--server', '127.0.0.4');
    golden('file.json', told(out));
    assert.equal(status, 1);
  });

  test('ends with 0 where all succeed', async () => {
    const { status, out } = await runCommand('check', configuration(), '--server', '127.0.0.2:80');
    assert.match(out, /0 ok, 0 failed, 1 not run/);
    assert.equal(status, 0);
  });

  for (const [name, words, reason] of [
    ['a file that is not there', () => [path.join(folder, 'none')], /cannot be used/],
    [
      'a server that is not there',
      () => [configuration(), '--server', '127.0.0.9:1'],
      /no real_server .* 127\.0\.0\.9:1/,
    ],
    ['a server that is no address', () => [configuration(), '--server', 'web1'], /'web1' is no address/],
    [
      'an IPv6 address with a port and no brackets',
      () => [configuration(), '--server', '::1:99999'],
      /is no address|no real_server/,
    ],
    ['a port beyond all', () => [configuration(), '--server', '127.0.0.1:99999'], /is no address/],
    ['no servers at all', () => [file('empty.conf', 'global_defs {\n}\n')], /has no real_server/],
  ] as const) {
    test(`${name} ends with 2 and a line that says why`, async () => {
      const { status, err } = await runCommand('check', ...words());
      assert.match(err, reason);
      assert.equal(status, 2);
    });
  }
});
