import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { followedChecks, runnableChecks } from '../../src/checkers/index.ts';
import {
  allFifos,
  checkersSettings,
  engineConfig,
  identSuffix,
  parentName,
  partScheduling,
  pidFilePath,
  reloadFilePath,
  syncSettings,
  vrrpSettings,
  wantedParts,
} from '../../src/daemon/settings.ts';
import { partLogFile } from '../../src/daemon/log-file.ts';
import { parseCommandLine } from '../../src/cli/options.ts';
import { loadText } from '../config/load-text.ts';

const kinds = 'TCP_CHECK HTTP_GET SSL_GET SMTP_CHECK DNS_CHECK MISC_CHECK UDP_CHECK PING_CHECK FILE_CHECK BFD_CHECK';
const settings: Readonly<Record<string, string>> = {
  HTTP_GET: 'url {\n path /\n}',
  SSL_GET: 'url {\n path /\n}',
  MISC_CHECK: 'misc_path "/bin/true"',
  FILE_CHECK: 'track_file f',
  BFD_CHECK: 'name b',
};
const checks = kinds.split(' ').map((kind) => `${kind} {\n${settings[kind] ?? ''}\n}`);
const { config } = loadText(
  'track_file f {\n file /tmp/f\n}\nvrrp_track_process p {\n process a\n}\nbfd_instance b {\n neighbor_ip 10.0.0.9\n}\n' +
    'vrrp_instance VI_1 {\n interface eth0\n virtual_router_id 5\n virtual_ipaddress {\n 10.0.0.1\n }\n' +
    ' track_process {\n p\n }\n track_bfd {\n b\n }\n}\n' +
    `virtual_server 10.0.0.1 80 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n real_server 10.0.0.2 80 {\n${checks.join('\n')}\n }\n}\n`,
);

const neither = { vrrp: false, check: false, all: false };

test('the checkers part is told of all checks that it can run, and of no other: it would wait for their word', () => {
  const read = config.lvs.virtualServers[0]?.realServers[0]?.checkers.map(({ type }) => type) ?? [];
  const told = checkersSettings(config, neither).lvs.virtualServers[0]?.realServers[0]?.checkers.map(
    ({ type }) => type,
  );
  assert.deepEqual(read, kinds.split(' '));
  assert.deepEqual(
    told,
    read.filter((type) => runnableChecks.has(type) || followedChecks.has(type)),
  );
});

test('the vrrp part is told what instances track', () => {
  const [told] = engineConfig(config).vrrp.instances;
  assert.deepEqual([told?.trackProcess.length, told?.trackBfd.length], [1, 1]);
});

describe('linkbeat', () => {
  const read = (before: string, inside = '', tracked = '') =>
    vrrpSettings(
      loadText(
        `${before}\nvrrp_instance A {\n interface eth0\n virtual_router_id 5\n${inside}\n virtual_ipaddress {\n 10.0.0.1 dev eth2\n }\n` +
          ` track_interface {\n eth1\n }\n}\nvrrp_instance B {\n interface eth3\n virtual_router_id 6\n virtual_ipaddress {\n 10.0.0.2\n }\n}\n${tracked}`,
      ).config,
    ).linkbeat;

  for (const [name, names, text] of [
    ['nobody asks for it', [], ['']],
    ['linkbeat_interfaces names interfaces', ['eth1', 'eth9'], ['linkbeat_interfaces {\n eth1\n eth9 MII\n}']],
    ['IOCTL asks for what the kernel tells anyway', ['eth1'], ['linkbeat_interfaces {\n eth1 ETHTOOL\n eth9 IOCTL\n}']],
    ['that of an instance is for its interface', ['eth0'], ['', ' linkbeat_use_polling']],
    [
      'that of global_defs is for all that instances and groups name',
      ['eth0', 'eth1', 'eth2', 'eth3', 'eth4'],
      ['linkbeat_use_polling', '', 'vrrp_sync_group G {\n group {\n A\n B\n }\n track_interface {\n eth4\n }\n}\n'],
    ],
    [
      'but for those with IOCTL',
      ['eth0', 'eth2', 'eth3'],
      ['linkbeat_use_polling\nlinkbeat_interfaces {\n eth1 IOCTL\n}'],
    ],
  ] as const) {
    test(name, () => {
      assert.deepEqual([...read(...(text as [string]))].sort(), names);
    });
  }
});

describe('lvs_sync_daemon', () => {
  const instance =
    'vrrp_instance VI_1 {\n interface eth0\n virtual_router_id 5\n virtual_ipaddress {\n 10.0.0.1\n }\n}\n';
  const server = 'virtual_server 10.0.0.1 80 {\n lb_algo rr\n lb_kind NAT\n real_server 10.0.0.2 80 {\n }\n}\n';
  const read = (line: string, rest = instance) => loadText(`global_defs {\n ${line}\n}\n${rest}`).config;

  for (const [line, expected] of [
    ['lvs_sync_daemon eth1 VI_1', { daemon: { interface: 'eth1', syncId: 5 }, vrrpInstance: 'VI_1' }],
    ['lvs_sync_daemon eth1 inst VI_1 id 7', { daemon: { interface: 'eth1', syncId: 7 }, vrrpInstance: 'VI_1' }],
    ['lvs_sync_daemon eth1', { daemon: { interface: 'eth1', syncId: 0 } }],
    [
      'lvs_sync_daemon eth1 id 3 maxlen 1200 port 9000 ttl 2 group 224.0.0.90',
      { daemon: { interface: 'eth1', syncId: 3, maxlen: 1200, port: 9000, ttl: 2, group: '224.0.0.90' } },
    ],
    ['lvs_sync_daemon eth1 VI_2', undefined],
    ['router_id x', undefined],
  ] as const) {
    test(line, () => {
      assert.deepEqual(syncSettings(read(line)), expected);
    });
  }

  test('runs the checkers part also where there is nothing to check, then without virtual servers', () => {
    const config = read('lvs_sync_daemon eth1 VI_1', instance + server);
    const onlyVrrp = { vrrp: true, check: false, all: false };
    assert.deepEqual(wantedParts(read('lvs_sync_daemon eth1 VI_1'), neither), ['checkers', 'vrrp']);
    assert.deepEqual(wantedParts(config, onlyVrrp), ['checkers', 'vrrp']);
    assert.deepEqual(checkersSettings(config, onlyVrrp).lvs.virtualServers, []);
    assert.deepEqual(wantedParts(config, { vrrp: false, check: true, all: false }), ['checkers']);
    assert.deepEqual(wantedParts(read('router_id x'), neither), ['vrrp']);
    assert.deepEqual(wantedParts(read('lvs_sync_daemon eth1', ''), neither), []);
  });
});

describe('names of the processes', () => {
  for (const [name, lines, expected] of [
    ['unless said', '', ['watchkeeper', undefined, undefined, undefined]],
    ['process_names', 'process_names', ['keepalived', 'keepalived_vrrp', 'keepalived_lvs', 'keepalived_bfd']],
    [
      'own ones',
      'process_name a\n vrrp_process_name b\n checker_process_name c\n bfd_process_name d',
      ['a', 'b', 'c', 'd'],
    ],
    ['the older word', 'process_names\n lvs_process_name c', ['keepalived', 'keepalived_vrrp', 'c', 'keepalived_bfd']],
  ] as const) {
    test(name, () => {
      const { global } = loadText(`global_defs {\n ${lines}\n}\n`).config;
      const parts = (['vrrp', 'checkers', 'bfd'] as const).map((part) => partScheduling(part, global).processName);
      assert.deepEqual([parentName(global), ...parts], expected);
    });
  }
});

describe('names of files, and in the log', () => {
  const options = parseCommandLine([]);
  assert.ok(options.ok);
  for (const [name, lines, namespace, pid, suffix, reload] of [
    ['unless said', '', undefined, '/run/vrrp.pid', '', '/run/keepalived.reload'],
    ['use_pid_dir', 'use_pid_dir', undefined, '/run/keepalived/vrrp.pid', '', '/run/keepalived/keepalived.reload'],
    [
      'instance',
      'instance foo',
      undefined,
      '/run/keepalived/vrrp_foo.pid',
      '_foo',
      '/run/keepalived/keepalived.reload',
    ],
    [
      'net_namespace',
      'net_namespace n1',
      undefined,
      '/run/keepalived/n1/vrrp.pid',
      '_n1',
      '/run/keepalived/n1/keepalived.reload',
    ],
    [
      '-s before it',
      'net_namespace n1',
      'n2',
      '/run/keepalived/n2/vrrp.pid',
      '_n2',
      '/run/keepalived/n2/keepalived.reload',
    ],
    [
      'both',
      'net_namespace n1\ninstance foo',
      undefined,
      '/run/keepalived/n1/vrrp_foo.pid',
      '_n1_foo',
      '/run/keepalived/n1/keepalived.reload',
    ],
  ] as const) {
    test(name, () => {
      const { config: own } = loadText(`${lines}\nglobal_defs {\n reload_file\n}\n`);
      const given = { ...options.value, ...(namespace === undefined ? {} : { namespace }) };
      assert.deepEqual(
        [pidFilePath('vrrp', own, given), identSuffix(own, given), reloadFilePath(own.global, given)],
        [pid, suffix, reload],
      );
    });
  }

  test('of log files: a part stands before the last dot of the name', () => {
    for (const [file, expected] of [
      ['/var/log/keepalived.log', '/var/log/keepalived_vrrp.log'],
      ['/var/log.d/keepalived', '/var/log.d/keepalived_vrrp'],
      ['/v/a.b.log', '/v/a.b_vrrp.log'],
    ] as const)
      assert.equal(partLogFile(file, 'vrrp'), expected);
    assert.equal(partLogFile('/a.log', 'checkers'), '/a_healthcheckers.log');
  });
});

test('a FIFO belongs to whom its script runs as, and is for nobody else', () => {
  const own = loadText(
    'global_defs {\n notify_fifo /run/a\n vrrp_notify_fifo /run/b\n vrrp_notify_fifo_script /bin/cat nobody\n}\n',
  ).config;
  const access = (umask?: number) => allFifos(own, umask === undefined ? {} : { umask }).map((fifo) => fifo.access);
  const { uid, gid } = nobody();
  assert.deepEqual(access(), [{ mode: 0o600 }, { mode: 0o600, owner: { uid, gid } }]);
  assert.deepEqual(
    access(0o22).map(({ mode }) => mode),
    [0o644, 0o644],
  );
});

function nobody(): { readonly uid: number; readonly gid: number } {
  const id = (option: string): number => Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

describe('max_auto_priority', () => {
  for (const [lines, expected] of [
    ['max_auto_priority', { max: 99, delayMs: 1000 }],
    ['max_auto_priority 7\n min_auto_priority_delay 20000', { max: 7, delayMs: 20 }],
    ['max_auto_priority 0', undefined],
    ['max_auto_priority -1', undefined],
    ['router_id x', undefined],
  ] as const) {
    test(lines, () => {
      const { global } = loadText(`global_defs {\n ${lines}\n}\n`).config;
      assert.deepEqual(partScheduling('vrrp', global).autoPriority, expected);
    });
  }
});

test('the vrrp part is told of buffers, and of IGMP', () => {
  const lines =
    'vrrp_rx_bufs_policy advert\n vrrp_netlink_monitor_rcv_bufs 9\n vrrp_netlink_monitor_rcv_bufs_force\n disable_local_igmp';
  const told = vrrpSettings(loadText(`global_defs {\n ${lines}\n}\n`).config);
  assert.deepEqual(told.receiveBuffers, { policy: 'ADVERT', multiplier: 3 });
  assert.deepEqual([told.netlinkMonitor, told.netlinkCommands], [{ bytes: 9, force: true }, { force: false }]);
  assert.equal(told.disableLocalIgmp, true);
});
