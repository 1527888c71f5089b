import { describe } from 'node:test';
import type { Config } from '../../../src/config/index.ts';
import { modelTests, secured, service } from './plain.ts';

const checkers = ({ lvs }: Config): unknown => lvs.virtualServers[0]?.realServers[0]?.checkers;
const timing = {
  delayLoopMs: 5000,
  warmupMs: 5000,
  retry: 1,
  delayBeforeRetryMs: 1000,
  alpha: false,
  logAllFailures: false,
};
const connection = { connectIp: '192.168.0.2', connectPort: 8080, connectTimeoutMs: 5000 };

describe('checks', () => {
  modelTests([
    {
      name: 'MISC_CHECK',
      text: `${secured}${service('', '    MISC_CHECK {\n      misc_path "/bin/check a" root\n      misc_timeout 3\n      misc_dynamic\n      user root wheel\n    }')}`,
      read: checkers,
      expected: [
        {
          type: 'MISC_CHECK',
          ...timing,
          retry: 0,
          miscPath: { argv: ['/bin/check', 'a'], user: 'root', group: 'wheel' },
          miscTimeoutMs: 3000,
          miscDynamic: true,
        },
      ],
    },
    {
      name: 'MISC_CHECK by itself waits as long as the next run',
      text: `${secured}${service('', '    MISC_CHECK {\n      misc_path "/bin/check"\n      delay_loop 7\n    }')}`,
      read: ({ lvs }) =>
        lvs.virtualServers[0]?.realServers[0]?.checkers.map((one) =>
          one.type === 'MISC_CHECK' ? one.miscTimeoutMs : one,
        ),
      expected: [7000],
    },
    {
      name: 'SMTP_CHECK',
      text: service('', '    SMTP_CHECK {\n      helo_name me\n      connect_port 25\n      bind_if eth0\n    }'),
      read: checkers,
      expected: [
        {
          type: 'SMTP_CHECK',
          ...timing,
          ...connection,
          connectPort: 25,
          bindIf: 'eth0',
          heloName: 'me',
        },
      ],
    },
    {
      name: 'DNS_CHECK by itself',
      text: service('', '    DNS_CHECK {\n    }').replace('TCP', 'UDP'),
      read: checkers,
      expected: [
        { type: 'DNS_CHECK', ...timing, retry: 3, delayBeforeRetryMs: 5000, ...connection, dnsType: 'SOA', name: '.' },
      ],
    },
    {
      name: 'DNS_CHECK of a name',
      text: service(
        '',
        '    DNS_CHECK {\n      type aaaa\n      name example.org\n      connect_port 53\n      retry 1\n    }',
      ),
      read: checkers,
      expected: [
        {
          type: 'DNS_CHECK',
          ...timing,
          delayBeforeRetryMs: 5000,
          ...connection,
          connectPort: 53,
          dnsType: 'AAAA',
          name: 'example.org',
        },
      ],
    },
    {
      name: 'UDP_CHECK',
      text: service(
        '',
        '    UDP_CHECK {\n      payload 00FF\n      require_reply 0xFx\n      min_reply_length 2\n      max_reply_length 9\n      fwmark 7\n    }',
      ).replace('TCP', 'UDP'),
      read: checkers,
      expected: [
        {
          type: 'UDP_CHECK',
          ...timing,
          ...connection,
          fwmark: 7,
          payload: '00ff',
          requireReply: '0xfx',
          replyExpected: true,
          minReplyLength: 2,
          maxReplyLength: 9,
        },
      ],
    },
    {
      name: 'UDP_CHECK by itself',
      text: service('', '    UDP_CHECK {\n    }').replace('TCP', 'UDP'),
      read: checkers,
      expected: [
        {
          type: 'UDP_CHECK',
          ...timing,
          ...connection,
          replyExpected: false,
          minReplyLength: 0,
          maxReplyLength: 65_535,
        },
      ],
    },
    {
      name: 'PING_CHECK',
      text: service('', '    PING_CHECK {\n      connect_ip 192.168.0.3\n      log_all_failures\n    }'),
      read: checkers,
      expected: [{ type: 'PING_CHECK', ...timing, logAllFailures: true, ...connection, connectIp: '192.168.0.3' }],
    },
    {
      name: 'FILE_CHECK and BFD_CHECK',
      text: `track_file f {\n  file /run/f\n}\nbfd_instance b {\n  neighbor_ip 192.168.0.2\n}\n${service('', '    FILE_CHECK {\n      track_file f\n    }\n    FILE_CHECK {\n      track_file f\n      weight -1000 reverse\n    }\n    BFD_CHECK {\n      name b\n      alpha\n    }')}`,
      read: checkers,
      expected: [
        { type: 'FILE_CHECK', trackFile: 'f', reverse: false },
        { type: 'FILE_CHECK', trackFile: 'f', weight: -1000, reverse: true },
        { type: 'BFD_CHECK', name: 'b', alpha: true },
      ],
    },
    {
      name: 'HTTP_GET with regular expressions',
      text: service(
        '',
        '    HTTP_GET {\n      url {\n        path /a\n        regex "it \'works\'"\n        regex_no_match\n        regex_options caseless multiline\n        regex_min_offset 5\n        regex_max_offset 500\n        regex_stack 1024 65536\n      }\n    }',
      ),
      read: ({ lvs }) =>
        lvs.virtualServers[0]?.realServers[0]?.checkers.map((one) => (one.type === 'HTTP_GET' ? one.urls : one)),
      expected: [
        [
          {
            path: '/a',
            statusCodes: [[200, 299]],
            regex: "it 'works'",
            regexMinOffset: 5,
            regexMaxOffset: 500,
            regexStack: { start: 1024, max: 65_536 },
            regexNoMatch: true,
            regexOptions: ['caseless', 'multiline'],
            tlsCompliant: false,
          },
        ],
      ],
    },
    {
      name: 'checker_log_all_failures, where the check does not say otherwise',
      text: `global_defs {\n  checker_log_all_failures\n}\n${service('', '    TCP_CHECK {\n    }\n    TCP_CHECK {\n      log_all_failures off\n    }')}`,
      read: ({ lvs }) =>
        lvs.virtualServers[0]?.realServers[0]?.checkers.map((one) => 'logAllFailures' in one && one.logAllFailures),
      expected: [true, false],
    },
  ]);
});

describe('services', () => {
  const alerts = ({ lvs }: Config): unknown =>
    lvs.virtualServers.map(({ smtpAlert, realServers }) => [smtpAlert, realServers.map((real) => real.smtpAlert)]);
  modelTests([
    { name: 'mail by itself: of real servers only', text: service(''), read: alerts, expected: [[false, [true]]] },
    {
      name: 'mail as global_defs say',
      text: `global_defs {\n  smtp_alert\n}\n${service('')}`,
      read: alerts,
      expected: [[true, [true]]],
    },
    {
      name: 'mail as global_defs say of checks',
      text: `global_defs {\n  smtp_alert\n  smtp_alert_checker off\n}\n${service('', '    smtp_alert')}`,
      read: alerts,
      expected: [[false, [true]]],
    },
    {
      name: 'names, ha_suspend, and a persistence engine',
      text: service(
        '  snmp_name "web one"\n  ha_suspend\n  persistence_engine sip\n  persistence_timeout 360',
        '    snmp_name one',
      ),
      read: ({ lvs }) =>
        lvs.virtualServers.map(({ snmpName, haSuspend, persistenceEngine, persistenceTimeoutSecs, realServers }) => ({
          snmpName,
          haSuspend,
          persistenceEngine,
          persistenceTimeoutSecs,
          real: realServers.map((real) => real.snmpName),
        })),
      expected: [
        { snmpName: 'web one', haSuspend: true, persistenceEngine: 'sip', persistenceTimeoutSecs: 360, real: ['one'] },
      ],
    },
    {
      name: 'tunnels',
      text: service(
        '  sorry_server fd00::9 80\n  sorry_server_lvs_method TUN',
        '    lvs_method TUN type gue port 6080 remcsum',
      ).replace('8080', '80'),
      read: ({ lvs }) =>
        lvs.virtualServers.map(({ sorryServer, realServers }) => [
          sorryServer?.forwarding,
          realServers.map(({ forwarding }) => forwarding),
        ]),
      expected: [
        [
          { lbKind: 'TUN', tunType: 'ipip' },
          [{ lbKind: 'TUN', tunType: 'gue', tunPort: 6080, tunChecksum: 'remcsum' }],
        ],
      ],
    },
    {
      name: 'a group with marks of a family',
      text: `virtual_server_group G {\n  fwmark 5 inet6\n  fwmark 6\n}\n${service('').replace('10.0.0.1 80', 'group G').replace('192.168.0.2', 'fd00::2').replace('  protocol TCP\n', '')}`,
      read: ({ lvs }) => [lvs.groups[0]?.entries, lvs.virtualServers[0]?.family],
      expected: [
        [
          { kind: 'fwmark', fwmark: 5, family: 'ipv6' },
          { kind: 'fwmark', fwmark: 6 },
        ],
        'ipv6',
      ],
    },
    {
      name: 'the certificate of SSL checks',
      text: 'SSL {\n  password secret\n  ca /etc/ca.pem\n  certificate /etc/c.pem\n  key /etc/k.pem\n}\n',
      read: ({ lvs }) => lvs.ssl,
      expected: { password: 'secret', ca: '/etc/ca.pem', certificate: '/etc/c.pem', key: '/etc/k.pem' },
    },
  ]);
});
