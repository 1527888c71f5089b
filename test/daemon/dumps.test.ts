import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkersData } from '../../src/daemon/dumps/checkers-data.ts';
import { Dumps, type DumpOrder } from '../../src/daemon/dumps/dumps.ts';
import { fileMode, dumpPath } from '../../src/daemon/dumps/file-names.ts';
import { commandWords, dumpHost } from '../../src/daemon/dumps/host.ts';
import type { VrrpReport } from '../../src/daemon/dumps/report.ts';
import { vrrpJson } from '../../src/daemon/dumps/vrrp-json.ts';
import { vrrpData } from '../../src/daemon/dumps/vrrp-data.ts';
import { engineConfig } from '../../src/daemon/settings.ts';
import { lvsStep, newLvsState } from '../../src/lvs/index.ts';
import { hmac } from '../../src/platform/index.ts';
import { newVrrpState, nextVrrpDeadline, vrrpStep, vrrpView } from '../../src/vrrp/index.ts';
import { loadText } from '../config/load-text.ts';
import { parseData, parseScripts, parseStats } from './exporter.ts';

describe('the name of a dump', () => {
  for (const [name, file, settings, path] of [
    ['usual', 'data', '', '/t/keepalived.data'],
    ['of a process', 'check-data', '', '/t/keepalived_check.data'],
    ['an instance', 'data', 'instance i\nglobal_defs {\n data_use_instance\n}', '/t/keepalived.i.data'],
    [
      'instance and namespace',
      'parent-data',
      'instance i\nnet_namespace n\nglobal_defs {\n data_use_instance\n}',
      '/t/keepalived_parent.n_i.data',
    ],
    ['not asked for', 'data', 'instance i', '/t/keepalived.data'],
    ['statistics', 'stats', 'instance i\nglobal_defs {\n data_use_instance\n}', '/t/keepalived.stats'],
    ['JSON', 'json', '', '/t/keepalived.json'],
    ['a path', 'bfd-data', 'global_defs {\n state_dump_file /var/x.txt\n}', '/var/x_bfd.txt'],
    ['a folder', 'data', 'global_defs {\n state_dump_file /var/x/\n}', '/var/x/keepalived.data'],
    ['a name without folder', 'json', 'global_defs {\n json_dump_file a.json\n}', '/t/a.json'],
    ['a name without dot', 'check-data', 'global_defs {\n state_dump_file /v.d/x\n}', '/v.d/x_check'],
  ] as const) {
    test(name, () => {
      assert.equal(dumpPath(file, loadText(`${settings}\n`).config.global, '/t'), path);
    });
  }

  test('they are for their owner, unless a umask says otherwise', () => {
    assert.deepEqual(
      [fileMode(undefined, {}), fileMode(undefined, { umask: 0o22 }), fileMode(0o27, { umask: 0o22 })],
      [0o600, 0o644, 0o640],
    );
  });
});

const conf = `global_defs {
  router_id r1
  smtp_server 192.0.2.1
  notification_email {
    a@example.org
  }
}
vrrp_script good {
  script "/bin/true"
}
vrrp_track_process p {
  process /usr/sbin/some where
  quorum 2
}
track_file tf {
  file /run/tf
}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority 150
  authentication {
    auth_type PASS
    auth_pass geheim
  }
  virtual_ipaddress {
    10.9.0.1/24
  }
  track_script {
    good
  }
}
vrrp_instance VI_2 {
  interface eth1
  virtual_router_id 52
  virtual_ipaddress {
    10.9.1.1/24
  }
  track_process {
    p
  }
}
`;

function running(text: string): {
  readonly report: VrrpReport;
  readonly config: ReturnType<typeof loadText>['config'];
} {
  const { config } = loadText(text);
  const interfaces = [{ ifname: 'eth0', ifindex: 2, up: true, addresses: ['10.9.0.10'] }] as const;
  let { state } = vrrpStep(
    newVrrpState(engineConfig(config), hmac),
    { type: 'start', interfaces: interfaces as never, processes: { p: false } },
    1000,
  );
  ({ state } = vrrpStep(state, { type: 'script-result', script: 'good', ok: true, reason: '' }, 1500));
  for (let atMs = 1500; state.instances[0]?.state !== 'MASTER'; atMs = nextVrrpDeadline(state) ?? 60_000)
    ({ state } = vrrpStep(state, { type: 'timer' }, atMs));
  const report = { view: vrrpView(state, 60_000), clockZeroMs: 1_795_278_000_000, interfaces: [] };
  return { report, config };
}

const values = { files: { tf: 7 }, processes: { p: false }, bfds: {} };

describe('dumps of VRRP', () => {
  const { report, config } = running(conf);
  const source = { config, host: dumpHost(config), ...values };

  test('JSON is one line with what programs read, and no password', () => {
    const text = vrrpJson(report, source) ?? '';
    assert.ok(!text.includes('\n') && !text.includes('geheim'));
    const [first, second] = JSON.parse(text) as readonly {
      data: Record<string, unknown>;
      stats: Record<string, unknown>;
    }[];
    assert.deepEqual(
      [first?.data['iname'], first?.data['state'], first?.data['last_transition'], first?.data['auth_data']],
      ['VI_1', 2, 1_795_278_004.914063, '********'],
    );
    assert.deepEqual(first?.data['vips'], ['10.9.0.1/24 dev eth0 scope global set']);
    assert.equal(first.stats['become_master'], 1);
    assert.deepEqual([second?.data['state'], second?.data['vipset'], second?.data['track_process']], [3, false, ['p']]);
  });

  test('version 2 of JSON is an object', () => {
    const version2 = loadText(conf.replace('router_id r1', 'json_version 2')).config;
    const read = JSON.parse(vrrpJson(report, { ...source, config: version2 }) ?? '') as Record<string, unknown>;
    assert.deepEqual(Object.keys(read), ['vrrp', 'track_process']);
    assert.deepEqual(read['track_process'], [
      {
        process: '/usr/sbin/some',
        parameters: 'where',
        min_processes: 2,
        have_quorum: false,
        weight: 0,
        terminate_delay: 0,
        fork_delay: 0,
        full_command: false,
      },
    ]);
  });

  test('without instances there is no JSON', () => {
    assert.equal(vrrpJson({ ...report, view: { ...report.view, instances: [] } }, source), undefined);
  });

  test('data are read by exporters', () => {
    const text = vrrpData(report, source).join('\n');
    assert.deepEqual(
      parseData(text).map(({ name, fields, vips }) => [name, fields['State'], fields['Interface'], ...vips]),
      [
        ['VI_1', 'MASTER', 'eth0', '10.9.0.1/24 eth0'],
        ['VI_2', 'FAULT', 'eth1', '10.9.1.1/24 eth1'],
      ],
    );
    assert.deepEqual(parseScripts(text), ['good GOOD']);
    assert.ok(text.includes('   Status = 7') && !text.includes('geheim'), text);
  });
});

describe('a signal', () => {
  function rig(running: readonly ('vrrp' | 'checkers' | 'bfd')[]) {
    const { report, config } = running.includes('vrrp')
      ? runningReport
      : { report: undefined, config: loadText('').config };
    const written: (readonly [string, string, number])[] = [];
    const asked: string[] = [];
    const logged: string[] = [];
    const dumps = new Dumps({
      log: (_, text) => logged.push(text),
      write: (path, text, mode) => {
        written.push([path, text, mode]);
        return Promise.resolve({ ok: true, value: undefined });
      },
      ask: (part, clear) => {
        if (running.includes(part)) asked.push(`${part}${clear ? ' clear' : ''}`);
        return running.includes(part);
      },
      pid: () => 7,
      source: () => ({ config, ...values }),
      host: dumpHost,
      folder: '/t',
      umask: undefined,
      namespace: undefined,
    });
    return { dumps, written, asked, logged, report };
  }
  const runningReport = running(conf);
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  for (const [order, asked, files] of [
    [
      'data',
      ['checkers', 'vrrp'],
      ['/t/keepalived_parent.data', '/t/keepalived_bfd.data', '/t/keepalived.data', '/t/keepalived_check.data'],
    ],
    ['stats', ['vrrp'], ['/t/keepalived.stats']],
    ['stats-clear', ['vrrp clear'], ['/t/keepalived.stats']],
    ['json', ['vrrp'], ['/t/keepalived.json']],
  ] as const satisfies readonly (readonly [DumpOrder, readonly string[], readonly string[]])[]) {
    test(order, async () => {
      const { dumps, written, asked: did, report } = rig(['vrrp', 'checkers', 'bfd']);
      dumps.order(order);
      assert.deepEqual(did, asked);
      if (report !== undefined) dumps.vrrp(report);
      if (order === 'data') dumps.checkers(['lines of checks']);
      await settled();
      assert.deepEqual(
        written.map(([path, , mode]) => [path, mode]),
        files.map((path) => [path, 0o600]),
      );
    });
  }

  test('to the log, for -d: each part once it is ready, and no file', async () => {
    const { dumps, written, logged, report } = rig(['vrrp', 'checkers', 'bfd']);
    const sections = (): readonly string[] => logged.splice(0).filter((line) => line.startsWith('------<'));
    const globals = '------< Global definitions >------';
    dumps.log('vrrp');
    if (report !== undefined) dumps.vrrp(report);
    assert.deepEqual(sections().slice(0, 2), [globals, '------< VRRP Topology >------']);
    dumps.log('checkers');
    dumps.checkers(['------< lines of checks >------']);
    assert.deepEqual(sections(), [globals, '------< lines of checks >------']);
    dumps.log('bfd');
    assert.equal(sections()[0], globals);
    // Later reports are for those who ask.
    dumps.checkers([]);
    if (report !== undefined) dumps.vrrp(report);
    await settled();
    assert.deepEqual([written, logged], [[], []]);
  });

  test('is answered once, however often the process reports', async () => {
    const { dumps, written, report } = rig(['vrrp']);
    dumps.order('stats');
    dumps.order('stats');
    if (report !== undefined) for (const one of [report, report]) dumps.vrrp(one);
    await settled();
    assert.equal(written.length, 1);
    assert.deepEqual([...parseStats(written[0]?.[1] ?? '').keys()], ['VI_1', 'VI_2']);
  });

  test('is not answered later, by a process that knows nothing of it', async () => {
    const { dumps, written, report } = rig(['vrrp']);
    dumps.order('json');
    dumps.gone('vrrp');
    if (report !== undefined) dumps.vrrp(report);
    await settled();
    assert.deepEqual(written, []);
  });
});

test('data of checks: services, servers and what is known of them', () => {
  const { config } = loadText(`virtual_server_group G {
  10.0.0.1-3 80
  fwmark 5
}
virtual_server 192.0.2.1 80 {
  lb_algo wlc
  lb_kind TUN
  protocol TCP
  quorum_up "/bin/true u"
  real_server 192.0.2.2 80 {
    weight 3
    HTTP_GET {
      url {
        path /a
        status_code 200-204 301
      }
    }
  }
  sorry_server 192.0.2.9 80
}
virtual_server fwmark 7 {
  lb_algo rr
  lb_kind DR
  real_server 192.0.2.3 0 {
  }
}
`);
  const state = newLvsState(config.lvs, false, new Map(), new Map());
  const id = state.virtualServers[0]?.realServers[0]?.checkerIds[0] ?? '';
  const lines = checkersData(lvsStep(state, { type: 'checker', id, up: false }).state, commandWords);
  for (const line of [
    '------< LVS Topology >------',
    '   VIP Range = 10.0.0.1-10.0.0.3, VPORT = 80',
    '   FWMARK = 5',
    ' VS VIP = 192.0.2.1, VPORT = 80',
    '   sorry server = [192.0.2.9]:tcp:80',
    '   quorum_state_up = 0',
    '   RIP = 192.0.2.2, RPORT = 80, WEIGHT = 3 EFF WEIGHT = 3',
    '   forwarding method = TUN, type = IPIP',
    '   alive = 0',
    '   num failed checkers = 1',
    ' VS FWMARK = 7',
    '------< Health checkers >------',
    ' [192.0.2.1]:tcp:80 -> [192.0.2.2]:tcp:80',
    '   Up = no',
    '       301',
  ])
    assert.ok(lines.includes(line), `${line} is not among\n${lines.join('\n')}`);
});
