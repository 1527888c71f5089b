import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createServer, type PeerCertificate, type TLSSocket, type TlsOptions } from 'node:tls';
import { CheckRunner, TlsContexts, type CheckResult } from '../../src/checkers/index.ts';
import type { HttpGet, SslContext, TlsSettings } from '../../src/config/index.ts';
import { endSockets, searchRegex } from '../../src/platform/index.ts';
import { Authority, type Wanted } from './authority.ts';
import { sslGet } from './ssl-get.ts';

/** SSL_GET with what extensions ask of TLS, against real servers. */

let ours: Authority;
let theirs: Authority;
before(() => {
  [ours, theirs] = [new Authority(), new Authority('Another authority')];
});
after(() => {
  ours.remove();
  theirs.remove();
});

interface Seen {
  readonly result: CheckResult;
  /** What the server was told (SNI), and by whom. */
  readonly servername: string | false;
  readonly client: string | undefined;
  /** Whether a request was sent. */
  readonly asked: boolean;
}

interface Case {
  readonly certificate?: Wanted;
  readonly server?: TlsOptions;
  readonly tls?: TlsSettings;
  readonly check?: Partial<HttpGet>;
  readonly ssl?: SslContext;
}

async function seen({ certificate = {}, server = {}, tls, check = {}, ssl }: Case, issuer = ours): Promise<Seen> {
  let servername: string | false = false;
  let client: string | undefined;
  let asked = false;
  const { cert, key } = issuer.issue(certificate);
  const sockets = new Set<TLSSocket>();
  const listener = createServer({ cert, key, ...server }, (socket) => {
    sockets.add(socket);
    servername = socket.servername ?? false;
    client = (socket.getPeerCertificate() as Partial<PeerCertificate>).subject?.CN?.toString();
    socket.on('error', () => undefined);
    socket.once('data', () => {
      asked = true;
      socket.end('HTTP/1.1 200 OK\r\n\r\nhello\n');
    });
  });
  listener.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const contexts = new TlsContexts(ssl);
  const runner = new CheckRunner(
    endSockets,
    () => assert.fail('no program is run'),
    () => ({ searchRegex, tls: contexts }),
  );
  const checker: HttpGet = {
    ...sslGet((listener.address() as AddressInfo).port, 10_000),
    ...(tls === undefined ? {} : { tls }),
    ...check,
  };
  try {
    const result = await runner.run({ id: 'a', checker, url: 0 }).outcome;
    return { result, servername, client, asked };
  } finally {
    for (const socket of sockets) socket.destroy();
    listener.close();
  }
}

const verified = (more: Partial<TlsSettings> = {}): TlsSettings => ({ verify: true, caFile: ours.file, ...more });
const named = { names: 'DNS:www.example, DNS:*.shop.example' };

describe('a server whose certificate', () => {
  const wrong: readonly (readonly [name: string, make: () => Case, reason: RegExp, by?: () => Authority])[] = [
    [
      'is for another name',
      () => ({ certificate: named, tls: verified({ serverName: 'mail.example' }) }),
      /^its certificate is for www\.example, \*\.shop\.example, not for mail\.example$/,
    ],
    [
      'is for a name, where the check knows an address only',
      () => ({ certificate: named, tls: verified() }),
      /^its certificate is for www\.example, \*\.shop\.example, not for 127\.0\.0\.1$/,
    ],
    [
      'has ended',
      () => ({ certificate: { names: 'IP:127.0.0.1', days: [-30, -2] }, tls: verified() }),
      /^its certificate has expired$/,
    ],
    [
      'has not begun',
      () => ({ certificate: { names: 'IP:127.0.0.1', days: [2, 30] }, tls: verified() }),
      /^its certificate is not valid yet$/,
    ],
    [
      'is signed by itself',
      () => ({ certificate: { names: 'IP:127.0.0.1', selfSigned: true }, tls: verified() }),
      /^its certificate is signed by itself$/,
    ],
    [
      'is of an unknown authority',
      () => ({ certificate: { names: 'IP:127.0.0.1' }, tls: verified() }),
      /^its certificate is signed by an authority that is not trusted$/,
      () => theirs,
    ],
    [
      'is of an authority that the host does not trust, where none is named',
      () => ({ certificate: { names: 'IP:127.0.0.1' }, tls: { verify: true } }),
      /^its certificate is signed by an authority that is not trusted$/,
    ],
  ];
  for (const [name, make, reason, by] of wrong) {
    test(`${name} is refused before anything is asked, and taken without verification`, async () => {
      const one = make();
      const { result, asked } = await seen(one, by?.());
      assert.deepEqual({ ok: result.ok, asked }, { ok: false, asked: false }, result.reason);
      assert.match(result.reason, reason);
      const careless = { ...one, tls: { verify: false } };
      assert.equal((await seen(careless, by?.())).result.ok, true);
    });
  }

  const right: readonly (readonly [name: string, make: () => Case, servername: string | false])[] = [
    ['is for the address', () => ({ certificate: { names: 'IP:127.0.0.1' }, tls: verified() }), false],
    [
      'is for the expected name, which it is told',
      () => ({ certificate: named, tls: verified({ serverName: 'www.example' }) }),
      'www.example',
    ],
    [
      'is for the expected name, while it is told another',
      () => ({
        certificate: named,
        tls: verified({ serverName: 'www.example' }),
        check: { enableSni: true, sniName: 'sni.example' },
      }),
      'sni.example',
    ],
    [
      'is for the name that it is told',
      () => ({ certificate: named, tls: verified(), check: { enableSni: true, sniName: 'a.shop.example' } }),
      'a.shop.example',
    ],
    [
      'is for the virtualhost',
      () => ({ certificate: named, tls: verified(), check: { virtualhost: 'www.example:8443' } }),
      false,
    ],
    [
      'is of the authority of the SSL block',
      () => ({ certificate: { names: 'IP:127.0.0.1' }, tls: { verify: true }, ssl: { ca: ours.file } }),
      false,
    ],
  ];
  for (const [name, make, servername] of right) {
    test(`${name} is well`, async () => {
      const one = await seen(make());
      assert.ok(one.result.ok, one.result.reason);
      assert.equal(one.servername, servername);
    });
  }

  test('ends soon is well, and it is told', async () => {
    const certificate: Wanted = { names: 'IP:127.0.0.1', days: [-30, 5.5] };
    const { result } = await seen({ certificate, tls: verified({ expiryDays: 14 }) });
    assert.ok(result.ok, result.reason);
    assert.match(result.warning?.text ?? '', /^its certificate ends in 5 days, on \d{4}-\d\d-\d\d$/);
    const early = await seen({ certificate, tls: verified({ expiryDays: 5 }) });
    assert.deepEqual([early.result.ok, early.result.warning], [true, undefined]);
  });

  test('has ended is told where it is not verified', async () => {
    const certificate: Wanted = { days: [-30, -1.5] };
    const { result } = await seen({ certificate, tls: { verify: false, expiryDays: 14 } });
    assert.ok(result.ok, result.reason);
    assert.match(result.warning?.text ?? '', /^its certificate ended 1 day ago, on/);
  });
});

describe('a server that asks for a certificate', () => {
  const asking = (): TlsOptions => ({ requestCert: true, rejectUnauthorized: true, ca: readFileSync(ours.file) });
  test('gets the one of the check', async () => {
    const { certFile, keyFile } = ours.issue({ names: 'DNS:director' });
    const { result, client } = await seen({ server: asking(), tls: { verify: false, certFile, keyFile } });
    assert.ok(result.ok, result.reason);
    assert.match(client ?? '', /^server \d+$/);
  });

  test('and gets none closes, which is told', async () => {
    const { result } = await seen({ server: asking() });
    assert.equal(result.ok, false);
    assert.match(result.reason, /^TLS failed: .*certificate required$/);
  });

  test('of another authority refuses it', async () => {
    const { certFile, keyFile } = theirs.issue({ names: 'DNS:director' });
    const { result } = await seen({ server: asking(), tls: { verify: false, certFile, keyFile } });
    assert.equal(result.ok, false);
    assert.match(
      result.reason,
      /^TLS failed: .*alert unknown ca$|^connection reset|^the server closed without an answer$/,
    );
  });
});

describe('a server with old versions', () => {
  const old: TlsOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
  test('is well for who takes any, as the reference does', async () => {
    assert.ok((await seen({ server: old })).result.ok);
  });
  for (const [name, make] of [
    ['1.2 is asked for', (): TlsSettings => ({ verify: false, minVersion: '1.2' })],
    ['it is verified', (): TlsSettings => verified()],
  ] as const) {
    test(`is refused where ${name}`, async () => {
      const { result } = await seen({ certificate: { names: 'IP:127.0.0.1' }, server: old, tls: make() });
      assert.equal(result.ok, false);
      assert.match(result.reason, /^TLS failed: .*(?:protocol version|unsupported protocol)/);
    });
  }
  test('is well where it is verified and 1.0 is named', async () => {
    const tls = verified({ minVersion: '1.0' });
    const { result } = await seen({ certificate: { names: 'IP:127.0.0.1' }, server: old, tls });
    assert.ok(result.ok, result.reason);
  });
});

describe('the files of extensions', () => {
  test('that cannot be read say nothing of the server, and are named', async () => {
    for (const [tls, reason] of [
      [
        { verify: true, caFile: '/nowhere/ca.pem' },
        /^the file '\/nowhere\/ca\.pem' of tls_ca_file cannot be read: it does not exist$/,
      ],
      [{ verify: false, certFile: '/nowhere/c.pem' }, /'\/nowhere\/c\.pem' of tls_cert_file/],
      [{ verify: false, keyFile: '/nowhere/k.pem' }, /'\/nowhere\/k\.pem' of tls_key_file/],
    ] as const) {
      const { result } = await seen({ tls });
      assert.equal(result.unjudged, true);
      assert.match(result.reason, reason);
    }
  });
});
