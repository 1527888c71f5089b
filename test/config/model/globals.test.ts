import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Config, GlobalDefs } from '../../../src/config/index.ts';
import { loadText, told } from '../load-text.ts';
import { instance, modelTests } from './plain.ts';

function of(...keys: readonly (keyof GlobalDefs)[]): (config: Config) => unknown {
  return ({ global }) => Object.fromEntries(keys.map((key): readonly [string, unknown] => [key, global[key]]));
}

function globals(lines: string): string {
  return `global_defs {\n  enable_script_security\n${lines}\n}\n`;
}

describe('global_defs', () => {
  modelTests([
    {
      name: 'processes',
      text: globals(
        '  process_names\n  process_name main\n  vrrp_process_name v\n  vrrp_priority -5\n  vrrp_rt_priority 50\n  vrrp_rlimit_rttime 1\n  vrrp_no_swap\n  vrrp_cpu_affinity 3 0 3\n  max_auto_priority\n  min_auto_priority_delay 500',
      ),
      read: of(
        'processNames',
        'processName',
        'vrrpProcess',
        'checkerProcess',
        'maxAutoPriority',
        'minAutoPriorityDelayMs',
      ),
      expected: {
        processNames: true,
        processName: 'main',
        vrrpProcess: {
          priority: -5,
          rtPriority: 50,
          cpuAffinity: [0, 3],
          processName: 'v',
          rlimitRttimeUs: 2,
          noSwap: true,
        },
        checkerProcess: { rlimitRttimeUs: 10_000, noSwap: false },
        maxAutoPriority: 99,
        minAutoPriorityDelayMs: 0.5,
      },
    },
    {
      name: 'scripts at start and stop, and who runs scripts',
      text: globals(
        '  startup_script "/bin/up a" root\n  startup_script_timeout 30\n  shutdown_script "/bin/down"\n  script_user root :wheel\n  use_symlink_paths',
      ),
      read: of(
        'startupScript',
        'startupScriptTimeoutMs',
        'shutdownScript',
        'shutdownScriptTimeoutMs',
        'scriptUser',
        'useSymlinkPaths',
      ),
      expected: {
        startupScript: { argv: ['/bin/up', 'a'], user: 'root' },
        startupScriptTimeoutMs: 30_000,
        shutdownScript: { argv: ['/bin/down'] },
        shutdownScriptTimeoutMs: 10_000,
        scriptUser: { user: 'root', group: 'wheel', supplementaryGroups: true },
        useSymlinkPaths: true,
      },
    },
    {
      name: 'mail',
      text: globals(
        '  notification_email {\n    a@example.org\n    b@example.org\n  }\n  notification_email_from c@example.org\n  smtp_server 192.0.2.1 587\n  smtp_helo_name me\n  smtp_connect_timeout 7\n  smtp_alert_vrrp off\n  no_email_faults\n  no_checker_emails',
      ),
      read: of(
        'notificationEmail',
        'notificationEmailFrom',
        'smtpServer',
        'smtpHeloName',
        'smtpConnectTimeoutMs',
        'smtpAlertVrrp',
        'noEmailFaults',
        'checkerEmailsOnStateChangeOnly',
      ),
      expected: {
        notificationEmail: ['a@example.org', 'b@example.org'],
        notificationEmailFrom: 'c@example.org',
        smtpServer: { host: '192.0.2.1', port: 587 },
        smtpHeloName: 'me',
        smtpConnectTimeoutMs: 7000,
        smtpAlertVrrp: false,
        noEmailFaults: true,
        checkerEmailsOnStateChangeOnly: true,
      },
    },
    {
      name: 'FIFOs and whose they are',
      text: globals('  notify_fifo /run/f root wheel\n  notify_fifo_script "/bin/read a"\n  lvs_notify_fifo /run/l'),
      read: of('notifyFifo', 'lvsNotifyFifo', 'vrrpNotifyFifo'),
      expected: {
        notifyFifo: { path: '/run/f', user: 'root', group: 'wheel', script: { argv: ['/bin/read', 'a'] } },
        lvsNotifyFifo: { path: '/run/l' },
      },
    },
    {
      name: 'the IPVS table and its sync daemon',
      text: globals(
        '  lvs_timeouts tcp 900 udp 300\n  lvs_flush_on_stop VS\n  lvs_sync_daemon eth0 inst VI_1 id 5 maxlen 1000 port 8848 ttl 3 group 224.0.0.81',
      ),
      read: of('lvsTimeouts', 'lvsFlushOnStop', 'lvsSyncDaemon'),
      expected: {
        lvsTimeouts: { tcpMs: 900_000, udpMs: 300_000 },
        lvsFlushOnStop: 'VS',
        lvsSyncDaemon: {
          interface: 'eth0',
          vrrpInstance: 'VI_1',
          id: 5,
          maxlen: 1000,
          port: 8848,
          ttl: 3,
          group: '224.0.0.81',
        },
      },
    },
    {
      name: 'firewalls',
      text: globals(
        '  nftables\n  nftables_priority -5\n  nftables_ifindex\n  nftables_ipvs marks\n  nftables_counters',
      ),
      read: of('nftables', 'nftablesIpvs', 'nftablesCounters'),
      expected: {
        nftables: { table: 'keepalived', priority: -5, ifindex: true },
        nftablesIpvs: { table: 'marks', priority: -1, startFwmark: 1000 },
        nftablesCounters: true,
      },
    },
    {
      name: 'SNMP and D-Bus',
      text: globals(
        '  snmp_socket tcp:127.0.0.1:705\n  enable_traps\n  enable_snmp_rfc\n  snmp_vs_stats_update_interval 2.5\n  enable_dbus\n  dbus_service_name org.example',
      ),
      read: of('snmp', 'dbus'),
      expected: {
        snmp: {
          socket: 'tcp:127.0.0.1:705',
          traps: true,
          vrrp: false,
          checker: false,
          rfcV2: true,
          rfcV3: true,
          vsStatsUpdateIntervalMs: 2500,
          rsStatsUpdateIntervalMs: 2500,
        },
        dbus: { enabled: true, serviceName: 'org.example', noInterfaceName: 'none' },
      },
    },
    {
      name: 'buffers',
      text: globals(
        '  vrrp_netlink_cmd_rcv_bufs 65536\n  vrrp_netlink_cmd_rcv_bufs_force\n  vrrp_rx_bufs_policy advert\n  vrrp_rx_bufs_multiplier 5',
      ),
      read: of('vrrpNetlinkCmdRcvBufs', 'processMonitorRcvBufs', 'vrrpRxBufsPolicy', 'vrrpRxBufsMultiplier'),
      expected: {
        vrrpNetlinkCmdRcvBufs: { bytes: 65_536, force: true },
        processMonitorRcvBufs: { force: false },
        vrrpRxBufsPolicy: 'ADVERT',
        vrrpRxBufsMultiplier: 5,
      },
    },
    {
      name: 'reloads and files',
      text: globals(
        '  reload_check_config /tmp/log\n  reload_time_file /tmp/time\n  reload_repeat\n  reload_file\n  include_check match -read\n  config_save_dir /tmp/save\n  tmp_config_directory /tmp\n  random_seed 7\n  umask IWGRP | IWOTH\n  data_use_instance\n  state_dump_file /tmp/dump\n  json_version 2\n  iproute_etc_dir /etc/iproute2',
      ),
      read: of(
        'reloadCheckConfig',
        'reloadTimeFile',
        'reloadRepeat',
        'reloadFile',
        'includeCheck',
        'configSaveDir',
        'tmpConfigDirectory',
        'randomSeed',
        'umask',
        'dataUseInstance',
        'stateDumpFile',
        'jsonVersion',
        'iprouteEtcDir',
      ),
      expected: {
        reloadCheckConfig: { logFile: '/tmp/log' },
        reloadTimeFile: '/tmp/time',
        reloadRepeat: true,
        reloadFile: {},
        includeCheck: ['match'],
        configSaveDir: '/tmp/save',
        tmpConfigDirectory: '/tmp',
        randomSeed: 7,
        umask: 0o022,
        dataUseInstance: true,
        stateDumpFile: '/tmp/dump',
        jsonVersion: 2,
        iprouteEtcDir: '/etc/iproute2',
      },
    },
    {
      name: 'the names of VMACs',
      text: globals('  vmac_prefix vm'),
      read: of('vmacPrefix', 'vmacAddrPrefix'),
      expected: { vmacPrefix: 'vm', vmacAddrPrefix: 'vm' },
    },
    {
      name: 'the top level',
      text: 'net_namespace red\nnet_namespace_ipvs\nnamespace_with_ipsets\ninstance one\nuse_pid_dir\nchild_wait_time 9\nlinkbeat_use_polling\n',
      read: of(
        'netNamespace',
        'netNamespaceIpvs',
        'namespaceWithIpsets',
        'instance',
        'usePidDir',
        'childWaitTimeMs',
        'linkbeatUsePolling',
      ),
      expected: {
        netNamespace: 'red',
        netNamespaceIpvs: '',
        namespaceWithIpsets: true,
        instance: 'one',
        usePidDir: true,
        childWaitTimeMs: 9000,
        linkbeatUsePolling: true,
      },
    },
  ]);

  test("an instance's lvs_sync_daemon_interface stands for the sync daemon where global_defs have none", () => {
    const own = instance('  lvs_sync_daemon_interface eth1');
    assert.deepEqual(loadText(own).config.global.lvsSyncDaemon, { interface: 'eth1', vrrpInstance: 'VI_1', id: 0 });
    const both = loadText(`global_defs {\n  lvs_sync_daemon eth0\n}\n${own}`).config.global.lvsSyncDaemon;
    assert.deepEqual(both, { interface: 'eth0' });
  });

  const clamped: readonly (readonly [line: string, key: (config: Config) => unknown, value: unknown])[] = [
    ['vrrp_rt_priority 0', ({ global }) => global.vrrpProcess.rtPriority, 1],
    ['vrrp_rt_priority 100', ({ global }) => global.vrrpProcess.rtPriority, 99],
    ['smtp_connect_timeout 0', ({ global }) => global.smtpConnectTimeoutMs, 1000],
    ['smtp_connect_timeout 9999', ({ global }) => global.smtpConnectTimeoutMs, 30_000],
    ['vrrp_process_name a234567890123456', ({ global }) => global.vrrpProcess.processName, 'a23456789012345'],
  ];
  for (const [line, read, value] of clamped)
    test(`'${line}' is told, and ${String(value)} is used`, () => {
      const loaded = loadText(`global_defs {\n  ${line}\n}\n`);
      assert.equal(told(loaded).length, 1);
      assert.equal(read(loaded.config), value);
    });
});
