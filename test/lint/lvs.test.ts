import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Facts, Finding } from '../../src/lint/index.ts';
import { lintExample } from './pages.ts';

interface Row {
  readonly name: string;
  readonly config: string;
  readonly facts?: Facts;
  /** `line severity`, nothing where the rule is to be silent. */
  readonly expected?: readonly string[];
}

function findings(rule: string, { config, facts }: Row): readonly Finding[] {
  return lintExample({
    files: { '/etc/keepalived/keepalived.conf': config },
    peers: [],
    ...(facts === undefined ? {} : { facts: JSON.stringify(facts) }),
  }).filter((finding) => finding.rule === rule);
}

function rows(rule: string, table: readonly Row[]): void {
  describe(rule, () => {
    for (const row of table) {
      test(row.name, () => {
        assert.deepEqual(
          findings(rule, row).map(({ span, severity }) => `${String(span?.line)} ${severity}`),
          row.expected ?? [],
        );
      });
    }
  });
}

/** A service whose body begins on line 3; real servers of one line each. */
function service(body: string, { key = '192.0.2.10 80', algo = 'wlc', kind = 'NAT', protocol = 'TCP' } = {}): string {
  return `virtual_server ${key} {\n  delay_loop 6\n${body}\n  lb_algo ${algo}\n  lb_kind ${kind}\n  protocol ${protocol}\n}\n`;
}

function server(address: string, body = 'weight 1', check = 'TCP_CHECK {\n connect_timeout 3\n }'): string {
  return `real_server ${address} {\n ${body}\n ${check}\n}\n`;
}

function url(body: string): string {
  return `HTTP_GET {\n url {\n ${body}\n }\n connect_timeout 3\n }`;
}

function instance(address: string): string {
  return `vrrp_instance VI_1 {\n interface eth0\n virtual_router_id 5\n priority 100\n virtual_ipaddress {\n ${address}\n }\n}\n`;
}

const first = '198.51.100.1 80';
const second = '198.51.100.2 80';

rows('server-without-check', [
  { name: 'none of the servers has one', config: service('real_server 198.51.100.1 80 {\n}'), expected: ['1 info'] },
  {
    name: 'one of two has none',
    config: service(`${server(first)}real_server ${second} {\n}`),
    expected: ['9 warning'],
  },
  {
    name: 'one of two has none and takes no connections',
    config: service(`${server(first)}real_server ${second} {\n weight 0\n}`),
  },
]);

rows('all-weights-zero', [
  { name: 'all are 0', config: service(server(first, 'weight 0')), expected: ['4 warning'] },
  { name: 'a sorry server answers', config: service(`sorry_server 198.51.100.9 80\n${server(first, 'weight 0')}`) },
  {
    name: 'a program may raise it',
    config: service(server(first, 'weight 0', 'MISC_CHECK {\n misc_path /bin/check\n misc_dynamic\n }')),
  },
]);

rows('sorry-server-is-real-server', [
  {
    name: 'same address and port',
    config: service(`sorry_server ${first}\n${server(first)}`),
    expected: ['3 warning'],
  },
  {
    name: 'both stay with weight 0',
    config: service(`sorry_server ${first}\n sorry_server_inhibit\n${server(first, 'inhibit_on_failure')}`),
  },
  { name: 'another port', config: service(`sorry_server 198.51.100.1 81\n${server(first)}`) },
]);

rows('real-server-is-service', [
  {
    name: 'the port of the service is taken where it gives none',
    config: service(server('192.0.2.10')),
    expected: ['3 warning'],
  },
  {
    name: 'another service',
    config: service(server('192.0.2.11 80')) + service(server(first), { key: '192.0.2.11 80' }),
    expected: ['3 warning'],
  },
  {
    name: 'another protocol',
    config: service(server('192.0.2.11 53')) + service(server(first), { key: '192.0.2.11 53', protocol: 'UDP' }),
  },
]);

rows('overlapping-services', [
  {
    name: 'an address within a range of a group',
    config: `virtual_server_group g {\n 192.0.2.1-20 80\n}\n${service(server(first), { key: 'group g' })}${service(server(second))}`,
    expected: ['17 error'],
  },
  {
    name: 'two groups of one mark',
    config: `virtual_server_group g {\n fwmark 7\n}\nvirtual_server_group h {\n fwmark 7\n}\n${service(server(first), { key: 'group g' })}${service(server(second), { key: 'group h' })}`,
    expected: ['20 error'],
  },
  {
    name: 'twice in one group',
    config: `virtual_server_group g {\n 192.0.2.1-20 80\n 192.0.2.7 80\n}\n${service(server(first), { key: 'group g' })}`,
    expected: ['5 error'],
  },
  {
    name: 'other ports, protocols and neighbours',
    config:
      `virtual_server_group g {\n 192.0.2.1-9 80\n 192.0.2.10 81\n 192.0.2.11-20 80\n}\n` +
      service(server(first), { key: 'group g' }) +
      service(server(second)) +
      service(server(second), { protocol: 'UDP' }),
  },
  {
    name: 'a pair is told once, however many addresses it shares',
    config: `virtual_server_group g {\n 192.0.2.1-20 80\n 192.0.2.30-40 80\n}\nvirtual_server_group h {\n 192.0.2.15-35 80\n}\n${service(server(first), { key: 'group g' })}${service(server(second), { key: 'group h' })}`,
    expected: ['21 error'],
  },
]);

rows('service-without-address', [
  {
    name: 'a neighbour of a virtual address',
    config: instance('192.0.2.11/24') + service(server(first)),
    expected: ['9 warning'],
  },
  { name: 'the address itself', config: instance('192.0.2.10/24') + service(server(first)) },
  { name: 'an address of another network', config: instance('203.0.113.1/24') + service(server(first)) },
  {
    name: 'on an interface of the host',
    config: instance('192.0.2.11/24') + service(server(first)),
    facts: { interfaces: [{ name: 'eth0', addresses: ['192.0.2.10/24'] }] },
  },
  { name: 'no instance', config: service(server(first)) },
]);

rows('path-not-absolute', [
  { name: 'relative', config: service(server(first, '', url('path index.html'))), expected: ['7 warning'] },
  {
    name: 'a URL with a virtual host',
    config: service(server(first, '', url('path http://a.example/\n virtualhost a.example'))),
    expected: ['7 warning'],
  },
  { name: 'a URL as for a proxy', config: service(server(first, '', url('path http://a.example/'))) },
  { name: 'absolute', config: service(server(first, '', url('path /a?b=http://c'))) },
]);

rows('virtualhost-not-a-host', [
  ...['www.example.com', 'www.example.com:8080', '192.0.2.1', '[2001:db8::1]:80', 'under_score'].map((name) => ({
    name,
    config: service(server(first, '', url(`path /\n virtualhost ${name}`))),
  })),
  ...['http://www.example.com', 'www.example.com/health', 'a.example,b.example', '"a b"'].map((name) => ({
    name,
    config: service(server(first, '', url(`path /\n virtualhost ${name}`))),
    expected: ['8 warning'],
  })),
]);

rows('check-port-mismatch', [
  {
    name: 'connect_port counts',
    config: service(
      server('198.51.100.1 443', '', url('path /').replace('connect_timeout', 'connect_port 80\n connect_timeout')),
    ),
  },
  {
    name: 'the port of the server',
    config: service(server('198.51.100.1 443', '', url('path /'))),
    expected: ['5 warning'],
  },
  { name: 'that asks for 400', config: service(server('198.51.100.1 443', '', url('path /\n status_code 400'))) },
  {
    name: 'SMTP over TLS',
    config: service(server('198.51.100.1 465', '', 'SMTP_CHECK {\n helo_name a.example\n }')),
    expected: ['5 warning'],
  },
]);

rows('duplicate-url', [
  {
    name: 'other virtual hosts',
    config: service(
      server(first, '', url('path /\n virtualhost a.example\n }\n url {\n path /\n virtualhost b.example')),
    ),
  },
  {
    name: 'the same',
    config: service(server(first, '', url('path /\n }\n url {\n path /'))),
    expected: ['10 warning'],
  },
]);

rows('digest-without-body', [
  {
    name: 'one of the statuses has a body',
    config: service(server(first, '', url('path /\n status_code 200 204\n digest 9473fdd0d880a43c21b7778d34872157'))),
  },
  {
    name: 'none has',
    config: service(server(first, '', url('path /\n status_code 204 304\n digest 9473fdd0d880a43c21b7778d34872157'))),
    expected: ['8 warning'],
  },
]);

rows('slow-check', [
  {
    name: 'the default delay_loop and three slow tries',
    config: service(
      server(first, '', 'TCP_CHECK {\n delay_loop 60\n connect_timeout 10\n retry 3\n delay_before_retry 10\n }'),
    ),
    expected: ['2 info'],
  },
  {
    name: 'a faster check beside it',
    config: service(server(first, 'weight 1', 'TCP_CHECK {\n delay_loop 300\n }\n TCP_CHECK {\n }')),
  },
]);

rows('two-retries', [
  {
    name: 'equal',
    config: service(server(first, '', url('path /').replace('connect_timeout 3', 'retry 2\n nb_get_retry 2'))),
  },
  {
    name: 'different',
    config: service(server(first, '', url('path /').replace('connect_timeout 3', 'retry 2\n nb_get_retry 3'))),
    expected: ['10 warning'],
  },
]);

rows('weights-ignored', [
  { name: 'rr', config: service(server(first, 'weight 3') + server(second), { algo: 'rr' }), expected: ['16 warning'] },
  { name: 'wrr', config: service(server(first, 'weight 3') + server(second), { algo: 'wrr' }) },
  { name: 'a server that is drained', config: service(server(first, 'weight 0') + server(second), { algo: 'rr' }) },
  { name: 'a quorum', config: service(`quorum 2\n${server(first, 'weight 3')}${server(second)}`, { algo: 'rr' }) },
  {
    name: 'dynamic weights',
    config: service(server(first, '', 'MISC_CHECK {\n misc_path "/bin/check 1"\n misc_dynamic\n }') + server(second), {
      algo: 'lc',
    }),
    expected: ['17 warning'],
  },
]);

rows('hash-without-fallback', [
  {
    name: 'sh with weight 0 in the file',
    config: service(server(first) + server(second, 'weight 0'), { algo: 'sh' }),
    expected: ['10 warning'],
  },
  { name: 'mh with weight 0 in the file', config: service(server(first) + server(second, 'weight 0'), { algo: 'mh' }) },
  {
    name: 'inhibited by one server',
    config: service(server(first) + server(second, 'inhibit_on_failure'), { algo: 'mh' }),
    expected: ['10 warning'],
  },
  { name: 'alone', config: service(server(second, 'inhibit_on_failure'), { algo: 'mh' }) },
  { name: 'removed on failure', config: service(server(first) + server(second), { algo: 'dh' }) },
]);

rows('check-goes-elsewhere', [
  {
    name: 'another server',
    config: service(server(first) + server(second, '', 'TCP_CHECK {\n connect_ip 198.51.100.1\n }')),
    expected: ['12 warning'],
  },
  {
    name: 'the service',
    config: service(server(first, '', 'TCP_CHECK {\n connect_ip 192.0.2.10\n }')),
    expected: ['6 warning'],
  },
  {
    name: 'another address of the server',
    config: service(server(first) + server(second, '', 'TCP_CHECK {\n connect_ip 203.0.113.2\n }')),
  },
]);

rows('same-check-for-all', [
  {
    name: 'another user',
    config: service(
      server(first, '', 'MISC_CHECK {\n misc_path "/bin/check a"\n }') +
        server(second, '', 'MISC_CHECK {\n misc_path "/bin/check b"\n }'),
    ),
  },
  {
    name: 'the same command in two services',
    config:
      service(server(first, '', 'MISC_CHECK {\n misc_path "/bin/check a"\n }')) +
      service(server(first, '', 'MISC_CHECK {\n misc_path "/bin/check a"\n }'), { key: '192.0.2.10 443' }),
  },
]);

rows('nat-to-loopback', [
  { name: 'a real server', config: service(server('127.0.0.1 8080')), expected: ['3 error'] },
  { name: 'DR', config: service(server('127.0.0.1 80'), { kind: 'DR' }) },
  { name: 'a service for this host only', config: service(server('127.0.0.1 8080'), { key: '127.0.0.2 80' }) },
]);

rows('forwarding-off', [
  {
    name: 'IPv6',
    config: service(server('2001:db8::1 80'), { key: '2001:db8::10 80' }),
    facts: { sysctls: { 'net.ipv6.conf.all.forwarding': '0' } },
    expected: ['3 error'],
  },
  {
    name: 'once, however many servers',
    config: service(server(first) + server(second)),
    facts: { sysctls: { 'net.ipv4.ip_forward': '0' } },
    expected: ['3 error'],
  },
  { name: 'DR', config: service(server(first), { kind: 'DR' }), facts: { sysctls: { 'net.ipv4.ip_forward': '0' } } },
  {
    name: 'a server on the host itself',
    config: service(server(first)),
    facts: { sysctls: { 'net.ipv4.ip_forward': '0' }, interfaces: [{ name: 'eth0', addresses: ['198.51.100.1/24'] }] },
  },
  { name: 'no facts', config: service(server(first)) },
]);

rows('server-off-link', [
  {
    name: 'prefixes that end within a byte',
    config: service(server('198.51.100.65 80') + server('198.51.100.63 80'), { kind: 'DR' }),
    facts: { interfaces: [{ name: 'eth0', addresses: ['198.51.100.70/26'] }] },
    expected: ['9 warning'],
  },
  {
    name: 'only the other family is known',
    config: service(server('2001:db8::1 80'), { key: '2001:db8::10 80', kind: 'DR' }),
    facts: { interfaces: [{ name: 'eth0', addresses: ['198.51.100.70/26', 'fe80::1/64'] }] },
  },
]);

rows('expire-quiescent-template', [
  {
    name: 'no persistence',
    config: service(`inhibit_on_failure\n${server(first)}`),
    facts: { sysctls: { 'net.ipv4.vs.expire_quiescent_template': '0' } },
  },
  {
    name: 'no inhibit_on_failure',
    config: service(`persistence_timeout 50\n${server(first)}`),
    facts: { sysctls: { 'net.ipv4.vs.expire_quiescent_template': '0' } },
  },
]);

rows('sync-threshold', [
  ...[
    ['without a sync daemon', '', '3\t0', '0', []],
    ['refreshed by time', 'lvs_sync_daemon eth1', '3\t0', '15', []],
    ['refreshed by packets', 'lvs_sync_daemon eth1', '3\t50', '0', []],
    ['never refreshed', 'lvs_sync_daemon eth1', '3\t0', '0', ['2 warning']],
  ].map(([name, line, threshold, refresh, expected]) => ({
    name: name as string,
    config: `global_defs {\n  ${line as string}\n}\n${service(server(first))}`,
    facts: {
      sysctls: {
        'net.ipv4.vs.sync_threshold': threshold as string,
        'net.ipv4.vs.sync_refresh_period': refresh as string,
      },
    },
    expected: expected as string[],
  })),
]);

rows('check-without-port', [
  {
    name: 'a mark and DR',
    config: service(server('198.51.100.1'), { key: 'fwmark 1', kind: 'DR' }),
    expected: ['5 error'],
  },
  { name: 'the port of the service', config: service(server('198.51.100.1'), { kind: 'DR' }) },
  {
    name: 'a check that needs no port',
    config: service(server('198.51.100.1', '', 'PING_CHECK {\n }'), { key: 'fwmark 1' }),
  },
]);

rows('destination-scheduler', [
  { name: 'one server', config: service(server(first), { algo: 'dh' }) },
  {
    name: 'many addresses behind a mark',
    config: service(server(first) + server(second), { algo: 'dh', key: 'fwmark 1' }),
  },
  { name: 'lblc', config: service(server(first) + server(second), { algo: 'lblc' }), expected: ['16 info'] },
]);

rows('ftp-data-connections', [
  { name: 'NAT', config: service(server('198.51.100.1 21'), { key: '192.0.2.10 21' }) },
  {
    name: 'TUN',
    config: service(server('198.51.100.1 21'), { key: '192.0.2.10 21', kind: 'TUN' }),
    expected: ['1 warning'],
  },
]);

rows('quorum-needs-all', [
  {
    name: 'hysteresis helps',
    config: service(`quorum 2\nhysteresis 1\nsorry_server 198.51.100.9 80\n${server(first)}${server(second)}`),
  },
  { name: 'no sorry server', config: service(`quorum 2\n${server(first)}${server(second)}`) },
]);

rows('threshold-order', [
  { name: 'a lower one alone', config: service(server(first, 'lthreshold 5')), expected: ['4 error'] },
  { name: 'an upper one alone', config: service(server(first, 'uthreshold 5')) },
  { name: 'equal', config: service(server(first, 'uthreshold 5\n lthreshold 5')) },
]);

rows('sync-daemon-instance', [
  { name: 'no instance is named', config: `global_defs {\n lvs_sync_daemon eth0\n}\n${service(server(first))}` },
  {
    name: 'one that does not exist',
    config: `global_defs {\n lvs_sync_daemon eth0 inst VI_2\n}\n${instance('192.0.2.10')}${service(server(first))}`,
    expected: ['2 error'],
  },
]);

rows('bind-to-virtual-address', [
  {
    name: 'a virtual address',
    config: instance('192.0.2.10') + service(server(first, '', 'TCP_CHECK {\n bindto 192.0.2.10\n }')),
    expected: ['14 warning'],
  },
  {
    name: 'with ha_suspend',
    config: instance('192.0.2.10') + service(`ha_suspend\n${server(first, '', 'TCP_CHECK {\n bindto 192.0.2.10\n }')}`),
  },
]);

rows('group-of-other-family', [
  {
    name: 'by tunnel',
    config: `virtual_server_group g {\n 2001:db8::1 80\n}\n${service(server(first), { key: 'group g', kind: 'TUN' })}`,
  },
  {
    name: 'one of the addresses, told once',
    config: `virtual_server_group g {\n 192.0.2.1 80\n 2001:db8::1 80\n}\n${service(server(first) + server(second), { key: 'group g' })}`,
    expected: ['7 error'],
  },
]);

rows('unusable-server', [
  ...['0.0.0.0 80', '224.0.0.1 80', '255.255.255.255 80'].map((address) => ({
    name: address,
    config: service(server(address)),
    expected: ['3 error'],
  })),
  {
    name: 'a multicast group of IPv6',
    config: service(server('ff02::1 80'), { key: '2001:db8::1 80' }),
    expected: ['3 error'],
  },
  { name: 'an address for later use', config: service(server('240.0.0.1 80')) },
]);

rows('failover-weights', [
  { name: 'one of two is drained', config: service(server(first) + server(second, 'weight 0'), { algo: 'fo' }) },
]);

rows('dns-one-protocol', [
  {
    name: 'UDP alone',
    config: service(server(first), { key: '192.0.2.10 53', protocol: 'UDP' }),
    expected: ['1 info'],
  },
  { name: 'TCP alone', config: service(server(first), { key: '192.0.2.10 53' }), expected: ['1 warning'] },
  { name: 'a mark', config: service(server(first), { key: 'fwmark 53' }) },
]);

rows('udp-check-too-short', [
  {
    name: 'with require_reply',
    config: service(server('198.51.100.1 53', '', 'UDP_CHECK {\n connect_timeout 1\n require_reply\n }'), {
      protocol: 'UDP',
    }),
  },
  {
    name: 'without',
    config: service(server('198.51.100.1 53', '', 'UDP_CHECK {\n connect_timeout 1\n }'), { protocol: 'UDP' }),
    expected: ['6 warning'],
  },
]);

rows('nat-in-one-network', [
  { name: 'no prefix length', config: instance('192.0.2.10') + service(server('192.0.2.20 80')) },
  {
    name: 'a prefix that ends within a byte',
    config: instance('192.0.2.10/27') + service(server('192.0.2.31 80')),
    expected: ['11 info'],
  },
  { name: 'beyond it', config: instance('192.0.2.10/27') + service(server('192.0.2.32 80')) },
]);

rows('directors-are-servers', [
  {
    name: 'one of them only',
    config:
      instance('192.0.2.10/24').replace(
        ' priority',
        ' unicast_src_ip 192.0.2.1\n unicast_peer {\n 192.0.2.2\n }\n priority',
      ) + service(server('192.0.2.2 80') + server('192.0.2.3 80'), { kind: 'DR' }),
  },
  {
    name: 'backup_only',
    config:
      instance('192.0.2.10/24').replace(
        ' priority',
        ' unicast_src_ip 192.0.2.1\n unicast_peer {\n 192.0.2.2\n }\n priority',
      ) + service(server('192.0.2.2 80') + server('192.0.2.1 80'), { kind: 'DR' }),
    facts: { sysctls: { 'net.ipv4.vs.backup_only': '1' } },
  },
]);

rows('bind-address-missing', [
  { name: 'no facts', config: service(server(first, '', 'TCP_CHECK {\n bindto 192.0.2.10\n }')) },
  {
    name: 'a virtual address',
    config: instance('192.0.2.10') + service(server(first, '', 'TCP_CHECK {\n bindto 192.0.2.10\n }')),
    facts: { interfaces: [{ name: 'eth0', addresses: ['192.0.2.1/24'] }] },
  },
  {
    name: 'addresses that are not there may be bound to',
    config: service(server(first, '', 'TCP_CHECK {\n bindto 192.0.2.10\n }')),
    facts: {
      interfaces: [{ name: 'eth0', addresses: ['192.0.2.1/24'] }],
      sysctls: { 'net.ipv4.ip_nonlocal_bind': '1' },
    },
  },
]);
