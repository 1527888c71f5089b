import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { allKeywords, type Target } from '../../src/config/index.ts';
import { loadText, told } from './load-text.ts';
import { verdicts } from './verdicts.ts';

describe('who may act on a configuration', () => {
  const services = 'virtual_server 10.0.0.1 80 {\n  protocol TCP\n  real_server 10.0.0.2 80 {\n  }\n}\n';
  const instance = 'vrrp_instance VI {\n  interface eth0\n}\n';
  const rows: readonly (readonly [name: string, text: string, usable: boolean, usableForChecks: boolean])[] = [
    ['nothing is wrong', services, true, true],
    ['an instance without its virtual_router_id', `${instance}${services}`, false, true],
    [
      'a line that lacks its argument (keepalived pull request 1707)',
      `${services}virtual_server_group G {\n  fwmark\n}\n`,
      false,
      false,
    ],
  ];
  for (const [name, text, usable, usableForChecks] of rows)
    test(name, () => {
      const loaded = loadText(text);
      assert.deepEqual([loaded.usable, loaded.usableForChecks], [usable, usableForChecks]);
    });
});

describe('what was reported of files that keepalived took, or took in part', () => {
  const whole = (name: string, id: string): string =>
    `vrrp_instance ${name} {\n  interface eth0\n${id}  priority 100\n  virtual_ipaddress {\n    10.0.0.1\n  }\n}\n`;
  const good = whole('A', '  virtual_router_id 5\n');

  test('no daemon starts with a wrong virtual_router_id, so that none is started again and again; nor with one that is taken (issue 389)', () => {
    for (const line of ['virtual_router_id 256', 'virtual_router_id 0', 'virtual_router_id x', '']) {
      const loaded = loadText(whole('A', line === '' ? '' : `  ${line}\n`));
      assert.deepEqual([loaded.usable, loaded.testExitStatus !== 0], [false, true], line);
      assert.ok(told(loaded).some((text) => text.includes("add 'virtual_router_id 1..255'")));
    }
    assert.equal(loadText(`${good}${whole('B', '  virtual_router_id 5\n')}`).usable, false);
  });

  test('issues 297, 791 and 1954: an unknown keyword is told with its line and what was meant, and -t fails', () => {
    const loaded = loadText(good.replace('priority', 'prioriti'));
    assert.deepEqual(told(loaded), [
      "4:3 error: unknown keyword 'prioriti' in vrrp_instance A; did you mean 'priority'?",
    ]);
    assert.notEqual(loaded.testExitStatus, 0);
  });

  test('notify_master_rx_lower_pri in a sync group is told', () => {
    const group = 'vrrp_sync_group VG {\n  group {\n    A\n  }\n  notify_master_rx_lower_pri /bin/x\n}\n';
    assert.ok(
      told(loadText(`${good}${group}`)).includes(
        "13:3 error: unknown keyword 'notify_master_rx_lower_pri' in vrrp_sync_group VG; it belongs in vrrp_instance",
      ),
    );
  });

  for (const [name, opening] of [
    ['with a misspelt keyword', 'vrrp_instence B {'],
    ['without its name', 'vrrp_instance {'],
    ['of a name that there is already', 'vrrp_instance A {'],
  ] as const) {
    test(`before 2.2.8: the lines of a block ${name} do not change the block before it`, () => {
      const loaded = loadText(`${good}${opening}\n  priority 7\n  virtual_router_id 9\n}\n`);
      assert.deepEqual(
        loaded.config.vrrp.instances.map(({ priority, virtualRouterId }) => [priority, virtualRouterId]),
        [[100, 5]],
      );
      assert.ok(told(loaded).some((text) => text.startsWith('9:1 ')));
    });
  }
});

describe('the example of two directors', () => {
  const text = readFileSync('examples/two-director-nat/director1.conf', 'utf8');
  const { config, diagnostics, usable, testExitStatus } = loadText(text);

  test('is taken as it stands', () => {
    assert.equal(usable, true);
    assert.equal(testExitStatus, 0);
    assert.deepEqual(
      diagnostics.filter(({ severity }) => severity === 'error'),
      [],
    );
  });

  test('has its sync group, in the order of its lines', () => {
    assert.deepEqual(
      config.vrrp.syncGroups.map(({ name, group }) => [name, group]),
      [['VG1', ['VI_INTERNAL', 'VI_EXTERNAL']]],
    );
  });

  test('has its instances, with what they do not say', () => {
    const [external] = config.vrrp.instances;
    assert.ok(external);
    assert.deepEqual(
      [external.state, external.interface, external.virtualRouterId, external.priority, external.version],
      ['MASTER', 'eth0', 41, 100, 2],
    );
    assert.deepEqual(
      [external.advertIntMs, external.garpMasterDelayMs, external.garpMasterRepeat, external.downTimerAdverts],
      [1000, 5000, 5, 3],
    );
    assert.deepEqual(external.authentication, { authType: 'PASS', authPass: '1111' });
    assert.deepEqual(
      external.virtualIpaddress.map(({ address, prefixLength }) => [address, prefixLength]),
      [['192.168.0.174', 32]],
    );
  });

  test('has its checks, with what they inherit', () => {
    const [http] = config.lvs.virtualServers;
    assert.ok(http);
    const [tcpCheck] = http.realServers[0]?.checkers ?? [];
    const [httpGet] = http.realServers[1]?.checkers ?? [];
    assert.ok(tcpCheck?.type === 'TCP_CHECK' && httpGet?.type === 'HTTP_GET');
    assert.deepEqual(
      [tcpCheck.delayLoopMs, tcpCheck.retry, tcpCheck.delayBeforeRetryMs, tcpCheck.connectTimeoutMs],
      [6000, 1, 1000, 3000],
    );
    assert.deepEqual(
      [httpGet.retry, httpGet.delayBeforeRetryMs, httpGet.connectTimeoutMs, httpGet.virtualhost],
      [3, 10_000, 10_000, 'test.mydomain'],
    );
    assert.equal(httpGet.urls[0]?.digest, 'f53ded420ab7ac960bbf7d6f11115f39');
  });
});

const instance = (lines: string): string =>
  `vrrp_instance VI_1 {\n  interface eth0\n  virtual_router_id 51\n  virtual_ipaddress {\n    10.0.0.1\n  }\n${lines}}\n`;
const service = (lines: string, server = ''): string =>
  `virtual_server 10.0.0.1 80 {\n  lb_algo rr\n  lb_kind NAT\n  protocol TCP\n${lines}  real_server 192.168.0.2 80 {\n${server}  }\n}\n`;

describe('what a finding says', () => {
  const cases: readonly (readonly [name: string, text: string, finding: string])[] = [
    [
      'a mistyped keyword',
      instance('  virtual_router_di 7\n'),
      "7:3 error: unknown keyword 'virtual_router_di' in vrrp_instance VI_1; did you mean 'virtual_router_id'?",
    ],
    [
      'a keyword of another block',
      instance('  delay_loop 5\n'),
      "7:3 error: unknown keyword 'delay_loop' in vrrp_instance VI_1; it belongs in virtual_server or virtual_server/real_server or virtual_server/real_server/MISC_CHECK",
    ],
    [
      'a number out of range',
      instance('  priority 300\n'),
      "7:12 error: 'priority 300' in vrrp_instance VI_1 is not valid; it takes a whole number from 1 to 255",
    ],
    [
      'a keyword that is gone',
      service('  nat_mask 255.255.255.0\n'),
      "5:3 warning: 'nat_mask' in virtual_server 10.0.0.1 80 is obsolete and ignored; remove it: the kernel has not asked for it since Linux 2.6, and no keyword takes its place",
    ],
    [
      'a keyword of old',
      service('', '    HTTP_GET {\n      nb_get_retry 3\n      url {\n        path /\n      }\n    }\n'),
      "7:7 warning: 'nb_get_retry' in HTTP_GET of real_server 192.168.0.2 80 of virtual_server 10.0.0.1 80 is deprecated; use 'retry'",
    ],
    [
      'a missing argument',
      instance('  priority\n'),
      "7:3 error: 'priority' in vrrp_instance VI_1 lacks its argument; it takes a whole number from 1 to 255",
    ],
    [
      'a group of one',
      `${instance('')}vrrp_sync_group G {\n  group {\n    VI_1\n  }\n}\n`,
      '8:1 warning: vrrp_sync_group G has one member only; a sync group keeps two or more instances together: add the others, or remove it',
    ],
  ];
  for (const [name, text, finding] of cases) {
    test(name, () => {
      assert.deepEqual(told(loadText(text)), [finding]);
    });
  }

  test('never the password', () => {
    const secret = 'S3cr3tWord';
    for (const lines of [`auth_pass ${secret}`, `auth_type MD5\nauth_pass ${secret}`, `auth_pass ${secret} more`]) {
      const { diagnostics } = loadText(instance(`  authentication {\n${lines}\n  }\n`));
      assert.ok(!JSON.stringify(diagnostics).includes(secret.slice(0, 8)), lines);
    }
  });

  test('at most a hundred times the same', () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `  nonsense${String(i)} 1\n`).join('');
    const { diagnostics } = loadText(instance(lines));
    assert.equal(diagnostics.length, 101);
    assert.equal(diagnostics.at(-1)?.message, '4900 more findings of this kind are not listed');
  });
});

describe('a keyword that the target does not have yet', () => {
  const tooNew = (target: Target | undefined, text: string): readonly (string | undefined)[] =>
    loadText(text, target === undefined ? {} : { target })
      .diagnostics.filter(({ code }) => code === 'keyword-too-new')
      .map(({ message, hint }) => `${message}; ${hint ?? ''}`);
  const extended = instance('  auth_hmac {\n    key 1 x\n  }\n');

  test('is told with the release that first had it', () => {
    assert.equal(
      tooNew('2.3.4', extended)[0],
      "'auth_hmac' in vrrp_instance VI_1 is not known to keepalived 2.3.4; keepalived has it since 2.4.0",
    );
  });
  test('is no longer told of that release', () => {
    assert.deepEqual(tooNew('2.4.0', extended), []);
  });
  test('is told of releases that are a month apart', () => {
    const text = instance('  no_virtual_ipaddress\n');
    assert.deepEqual([tooNew('2.2.7', text).length, tooNew('2.2.8', text).length], [1, 0]);
    const older = instance('  notify_priority_changes\n  down_timer_adverts 4\n  vrf blue\n');
    assert.deepEqual([tooNew('2.0.20', older).length, tooNew('2.2.3', older).length], [2, 1]);
  });
  test('is told of 2.4.3 where that is named', () => {
    const text = 'global_defs {\n  set_supplementary_groups\n}\n';
    assert.deepEqual([tooNew('2.4.3', text).length, tooNew(undefined, text).length], [1, 0]);
  });
});

describe('what takes effect', () => {
  test('lines of an unknown block belong to the block around it, whose end its brace is', () => {
    const { config } = loadText(instance('  tuning {\n    priority 7\n  }\n  priority 9\n'));
    assert.equal(config.vrrp.instances[0]?.priority, 7);
  });

  test("lines after a keyword that lacks its '{' are its block, up to the next '}'", () => {
    const wrapped = service('  quorum 1\n').replace(
      /virtual_server \S+ \d+ \{/,
      (head) => `group web {\n${head.slice(0, -1)}`,
    );
    const loaded = loadText(wrapped);
    const [virtual, ...more] = loaded.config.lvs.virtualServers;
    assert.deepEqual(
      [virtual?.realServers.length, virtual?.quorum, more],
      [loadText(service('')).config.lvs.virtualServers[0]?.realServers.length, 1, []],
    );
    assert.deepEqual(told(loaded), [
      "1:1 warning: the block of 'group' is read as lines of the top level; correct the keyword, or remove the whole block",
      "2:1 error: 'virtual_server' in the top level lacks its block; what follows up to the next '}' is taken for it: write the '{'",
      "1:1 error: unknown keyword 'group' in the top level; it belongs in track_group or vrrp_sync_group",
    ]);
  });

  test('lists that are given twice are taken together', () => {
    const { config } = loadText(instance('  virtual_ipaddress {\n    10.0.0.2\n  }\n'));
    assert.deepEqual(
      config.vrrp.instances[0]?.virtualIpaddress.map(({ address }) => address),
      ['10.0.0.1', '10.0.0.2'],
    );
  });

  test('of a notify script that is given twice, the first', () => {
    const { config } = loadText(instance('  notify_master "/bin/true a"\n  notify_master "/bin/false"\n'));
    assert.deepEqual(config.vrrp.instances[0]?.notifyMaster, { argv: ['/bin/true', 'a'] });
  });

  test('of any other keyword, the last that is valid', () => {
    const { config } = loadText(instance('  priority 7\n  priority 8\n  priority 900\n'));
    assert.equal(config.vrrp.instances[0]?.priority, 8);
  });

  test('of an instance that is given twice, the first', () => {
    const { config } = loadText(instance('  priority 7\n') + instance('  priority 8\n'));
    assert.deepEqual(
      config.vrrp.instances.map(({ priority }) => priority),
      [7],
    );
  });

  test('UDP where a service does not say its protocol', () => {
    const { config } = loadText(service('').replace('  protocol TCP\n', ''));
    assert.equal(config.lvs.virtualServers[0]?.protocol, 'UDP');
  });

  test("a real server's settings before its service's, and a check's before both", () => {
    const { config } = loadText(
      service('  retry 2\n  delay_loop 7\n', '    retry 3\n    TCP_CHECK {\n      delay_loop 9\n    }\n'),
    );
    const [check] = config.lvs.virtualServers[0]?.realServers[0]?.checkers ?? [];
    assert.ok(check?.type === 'TCP_CHECK');
    assert.deepEqual([check.retry, check.delayLoopMs, check.warmupMs], [3, 9000, 9000]);
  });
});

test('nothing that is written makes it throw, and all that it answers is plain data', () => {
  const names = allKeywords().map(({ name }) => name);
  const word = fc.oneof(
    fc.constantFrom(...names),
    fc.constantFrom(
      '{',
      '}',
      '"',
      '\n',
      '\\',
      '$A',
      '@x',
      '~SEQ(A,3)',
      '10.0.0.1',
      'fe80::1/64',
      '-1',
      '1e9',
      'weight',
    ),
    fc.string({ maxLength: 8 }),
  );
  const pieces = verdicts.map(({ text }) => text);
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 40 }),
      fc.constantFrom(...pieces),
      fc.nat({ max: 400 }),
      (words, text, cut) => {
        const { config } = loadText(text.slice(0, cut) + words.join(' ') + text.slice(cut));
        assert.deepEqual(JSON.parse(JSON.stringify(config)), config);
      },
    ),
    { numRuns: 300, seed: 1 },
  );
});

test('a pattern as the main file (-f): all that it names, in their order; none is a missing file', () => {
  const instance = (name: string, id: number): string =>
    `vrrp_instance ${name} {\n  interface eth0\n  virtual_router_id ${String(id)}\n  virtual_ipaddress {\n    10.0.0.${String(id)}\n  }\n}\n`;
  const texts = new Map([
    ['/d/a.conf', instance('A', 5)],
    ['/d/b.conf', instance('B', 6)],
  ]);
  const load = (file: string) =>
    loadText('', {
      file,
      files: {
        read: (path) => ({ ok: true, value: new TextEncoder().encode(texts.get(path) ?? '') }),
        glob: (pattern) => (pattern === '/d/*.conf' ? [...texts.keys()] : []),
      },
    });
  const { config, files, testExitStatus } = load('/d/*.conf');
  assert.deepEqual([...files], [...texts.keys()]);
  assert.deepEqual(
    config.vrrp.instances.map(({ name }) => name),
    ['A', 'B'],
  );
  assert.equal(testExitStatus, 0);
  assert.equal(load('/none/*.conf').testExitStatus, 0);
});
