import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TlsSettings } from '../../src/config/index.ts';
import { loadText } from './load-text.ts';

interface Lines {
  readonly global?: string;
  readonly service?: string;
  readonly server?: string;
  readonly check?: string;
  readonly url?: string;
}

function text({ global = '', service = '', server = '', check = '', url = '' }: Lines): string {
  return `SSL {\n${global}\n}\nvirtual_server 10.0.0.1 443 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n${service}
real_server 10.0.0.2 443 {\n${server}\nSSL_GET {\n${check}\nurl {\npath /\n${url}\n}\n}\n}\n}\n`;
}

function tlsOf(lines: Lines): TlsSettings | undefined {
  const { config, diagnostics } = loadText(text(lines));
  assert.deepEqual(diagnostics, []);
  const [checker] = config.lvs.virtualServers[0]?.realServers[0]?.checkers ?? [];
  assert.ok(checker?.type === 'SSL_GET');
  return checker.tls;
}

const on = (line: string): string => `# watchkeeper: ${line}\n`;

describe('TLS of a check', () => {
  const table: readonly (readonly [name: string, lines: Lines, tls: TlsSettings | undefined])[] = [
    ['nothing said', {}, undefined],
    ['verification', { check: on('tls_verify') }, { verify: true }],
    ['an authority', { check: on('tls_ca_file /ca.pem') }, { verify: true, caFile: '/ca.pem' }],
    ['an expected name', { check: on('tls_server_name a.example') }, { verify: true, serverName: 'a.example' }],
    [
      'an authority for all, and one check that takes any certificate',
      { global: on('tls_ca_file /ca.pem'), check: on('tls_verify off') },
      { verify: false, caFile: '/ca.pem' },
    ],
    [
      'each line of the innermost block that has it',
      {
        global: on('tls_min_version 1.2') + on('tls_expiry_days 30'),
        service: on('tls_expiry_days 14') + on('tls_verify on'),
        server: on('tls_server_name rs.example'),
        check: on('tls_min_version 1.3'),
      },
      { verify: true, minVersion: '1.3', expiryDays: 14, serverName: 'rs.example' },
    ],
    [
      'a certificate with its key',
      { check: on('tls_cert_file /c.pem') + on('tls_key_file /k.pem') },
      { verify: false, certFile: '/c.pem', keyFile: '/k.pem' },
    ],
    [
      'a certificate with the key in it, beside another pair further out',
      { global: on('tls_cert_file /c.pem') + on('tls_key_file /k.pem'), check: on('tls_cert_file /both.pem') },
      { verify: false, certFile: '/both.pem', keyFile: '/both.pem' },
    ],
  ];
  for (const [name, lines, expected] of table) {
    test(name, () => {
      assert.deepEqual(tlsOf(lines), expected);
    });
  }
});

describe('what is wrong with an extension', () => {
  const table: readonly (readonly [name: string, lines: Lines, code: string, message: RegExp])[] = [
    ['a name', { check: on('tls_verfy on') }, 'unknown-extension', /did you mean 'tls_verify'\?/],
    ['a name like no other', { check: on('frobnicate') }, 'unknown-extension', /docs\/extensions\.md/],
    ['no name', { check: '# watchkeeper:' }, 'unknown-extension', /names no extension/],
    ['a keyword of keepalived', { check: on('connect_timeout 3') }, 'unknown-extension', /connect_timeout/],
    ['a version', { check: on('tls_min_version 1.5') }, 'bad-extension', /one of 1\.0, 1\.1, 1\.2, 1\.3/],
    ['a number', { service: on('tls_expiry_days soon') }, 'bad-extension', /from 1 to 3650/],
    ['no argument', { service: on('tls_ca_file') }, 'bad-extension', /it takes a word/],
    ['a word too many', { service: on('tls_verify on please') }, 'bad-extension', /one word/],
    ['a relative path', { service: on('tls_ca_file ${DIR}/ca.pem') }, 'bad-extension', /path from the root/],
    ['in a url', { url: on('tls_verify on') }, 'misplaced-extension', /no effect in url/],
    ['twice in a block', { check: on('tls_verify') + on('tls_verify off') }, 'duplicate-keyword', /the last counts/],
  ];
  for (const [name, lines, code, message] of table) {
    test(name, () => {
      const { diagnostics } = loadText(text(lines));
      assert.equal(diagnostics.length, 1, JSON.stringify(diagnostics));
      assert.equal(diagnostics[0]?.code, code);
      assert.match(`${diagnostics[0].message}: ${diagnostics[0].hint ?? ''}`, message);
    });
  }

  test('a slip of the pen does not switch verification off', () => {
    const { config } = loadText(text({ check: on('tls_verify of') }));
    const [checker] = config.lvs.virtualServers[0]?.realServers[0]?.checkers ?? [];
    assert.deepEqual(checker?.type === 'SSL_GET' && checker.tls, { verify: true });
  });

  test('outside of all blocks, in other checks and in unknown blocks they have no effect, and it is said', () => {
    const { diagnostics } = loadText(
      `${on('tls_verify on')}vrrp_instance A {\n${on('tls_verify on')}}\nfoo {\n${on('tls_verify on')}}\n`,
    );
    const misplaced = diagnostics.filter(({ code }) => code === 'misplaced-extension').map(({ message }) => message);
    assert.deepEqual(misplaced, [
      "the extension 'tls_verify' has no effect in the top level",
      "the extension 'tls_verify' has no effect in the top level",
      "the extension 'tls_verify' has no effect in vrrp_instance A",
    ]);
  });
});

describe('extensions of mail', () => {
  const access = (...lines: readonly string[]) => {
    const { config, diagnostics } = loadText(`global_defs {\n router_id x\n${lines.map(on).join('')}}\n`);
    return {
      access: config.global.smtpAccess,
      wrong: diagnostics.map(({ code, message, hint }) => `${code}: ${message}: ${hint ?? ''}`),
    };
  };
  const login = { user: 'u@example.org', passwordFile: '/etc/p' };
  const user = ['smtp_user u@example.org', 'smtp_password_file /etc/p'];
  for (const [name, lines, expected] of [
    ['nothing said', [], undefined],
    ['a password goes by TLS only', user, { tls: 'starttls', verify: true, login }],
    ['unless it may go in clear', [...user, 'smtp_tls off'], { tls: 'off', verify: true, login }],
    ['TLS from the first byte', ['smtp_tls on'], { tls: 'on', verify: true }],
    ['an authority', ['smtp_tls_ca_file /ca.pem'], { tls: 'starttls', verify: true, caFile: '/ca.pem' }],
    [
      'any certificate',
      ['smtp_tls starttls', 'smtp_tls_verify off', 'smtp_tls_server_name m'],
      { tls: 'starttls', verify: false, serverName: 'm' },
    ],
  ] as const) {
    test(name, () => {
      assert.deepEqual(access(...lines), { access: expected, wrong: [] });
    });
  }

  test('a slip of the pen does not switch protections off', () => {
    const { access: read, wrong } = access('smtp_tls none', 'smtp_tls_verify of');
    assert.deepEqual(read, { tls: 'starttls', verify: true });
    assert.match(wrong.join('\n'), /one of off, starttls, on: starttls is used\n.*: on is used/);
  });

  test('a user without a password, and extensions of other blocks, are told', () => {
    assert.match(access('smtp_user u').wrong.join(), /bad-extension: 'smtp_user' .*belong together/);
    assert.match(
      access('tls_verify on').wrong.join(),
      /misplaced-extension.*SSL_GET, real_server, virtual_server or SSL/,
    );
    const { diagnostics } = loadText(text({ check: on('smtp_tls on') }));
    assert.match(
      `${diagnostics[0]?.code ?? ''} ${diagnostics[0]?.hint ?? ''}`,
      /misplaced-extension it belongs in global_defs/,
    );
  });

  test('of several global_defs the last one counts', () => {
    const block = (line: string): string => `global_defs {\n${on(line)}}\n`;
    const { config } = loadText(block('smtp_tls on') + block('smtp_tls off'));
    assert.deepEqual(config.global.smtpAccess, { tls: 'off', verify: true });
  });
});
