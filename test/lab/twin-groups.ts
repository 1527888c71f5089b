import { group, service, tcpServer } from './twin-texts.ts';

const server = tcpServer('10.1.0.1 80');
const tunnelled = tcpServer('10.1.0.1 80', 'lvs_method TUN');
const tunnelled6 = tcpServer('2001:db8:1::1 80', 'lvs_method TUN');

function ofGroup(entries: readonly string[], ...lines: readonly string[]): string {
  return group('G', ...entries) + service('group G', ...lines);
}

/** Services of groups, of firewall marks and of two families. */
export const groupConfigs: Readonly<Record<string, string>> = {
  'one group, two protocols':
    ['TCP', 'UDP'].map((protocol) => service('group G', `protocol ${protocol}`, server)).join('') +
    group('G', '10.0.0.1-3 80', '10.0.0.3 80', 'fwmark 5'),
  'a group that is not there': service('group G', server),
  'ha_suspend, an address and a mark': ofGroup(['10.0.0.1 80', 'fwmark 5'], 'protocol TCP', 'ha_suspend', server),
  'ha_suspend, a mark and an address': ofGroup(['fwmark 5', '10.0.0.1 80'], 'protocol TCP', 'ha_suspend', server),
  'ha_suspend, marks': ofGroup(['fwmark 5', 'fwmark 6'], 'ha_suspend', tcpServer('10.1.0.1')),
  'servers without a port': ofGroup(['10.0.0.1 80', '10.0.0.2 81', 'fwmark 5'], 'protocol TCP', tcpServer('10.1.0.1')),
  'servers without a port, reached directly': ofGroup(
    ['10.0.0.1 80', '10.0.0.2 81', 'fwmark 5'],
    'protocol TCP',
    tcpServer('10.1.0.1', 'lvs_method DR'),
  ),
  'an empty group': ofGroup([], 'protocol TCP', server),
  'a group of both families': ofGroup(['10.0.0.1 80', '2001:db8::1 80'], 'protocol TCP', server),
  'a group of both families over tunnels': ofGroup(
    ['10.0.0.1 80', '2001:db8::1 80', 'fwmark 5 inet', 'fwmark 6 inet6'],
    'protocol TCP',
    'persistence_timeout 60',
    tunnelled,
    tunnelled6,
  ),
  'a group of IPv6 first': ofGroup(
    ['2001:db8::1 80', '10.0.0.1 80', 'fwmark 5 inet', 'fwmark 6 inet6'],
    'protocol TCP',
    tunnelled,
  ),
  'a group of marks of both families': ofGroup(['fwmark 5 inet', 'fwmark 6 inet6', 'fwmark 7'], tunnelled, tunnelled6),
  'a group of marks': ofGroup(['fwmark 5', 'fwmark 4294967294'], tcpServer('10.1.0.1')),
  'a group of marks of IPv6': ofGroup(['fwmark 5', 'fwmark 6'], tcpServer('2001:db8:1::1')),
  'a mark of another family': ofGroup(['fwmark 5 inet6'], tcpServer('10.1.0.1')),
  'a group of addresses and a mark of IPv6': ofGroup(
    ['2001:db8::1 80', 'fwmark 6'],
    'protocol TCP',
    tcpServer('2001:db8:1::1 80'),
  ),
  'overlapping groups':
    group('A', '10.0.0.1-5 80') +
    group('B', '10.0.0.4-8 80') +
    ['A', 'B']
      .map((name, i) => service(`group ${name}`, 'protocol TCP', tcpServer(`10.1.0.${String(i + 1)} 80`)))
      .join(''),
  'a group and an address of it':
    service('10.0.0.2 80', 'protocol TCP', tcpServer('10.1.0.2 80')) +
    ofGroup(['10.0.0.1-3 80'], 'protocol TCP', server),
  'a group of IPv6 that is called one of IPv4': ofGroup(
    ['2001:db8::1 80'],
    'protocol TCP',
    'ip_family inet',
    tcpServer('2001:db8:1::1 80'),
  ),
  'a group of IPv4 that is called one of IPv6': ofGroup(['10.0.0.1 80'], 'protocol TCP', 'ip_family inet6', server),
  'a group with its own ip_family': ofGroup(
    ['2001:db8::1 80'],
    'protocol TCP',
    'ip_family inet6',
    tcpServer('2001:db8:1::1 80'),
  ),
  'a group of IPv4 over tunnels of IPv6': ofGroup(['10.0.0.1 80'], 'protocol TCP', 'ip_family inet', tunnelled6),
  'a range over the end of a byte': ofGroup(['10.0.0.250-10.0.1.5 80'], 'protocol TCP', server),
  'a range of IPv6 over the end of 16 bits': ofGroup(
    ['2001:db8::fffa-2001:db8::1:5 80'],
    'protocol TCP',
    tcpServer('2001:db8:1::1 80'),
  ),
  'ranges by their last part': ofGroup(['10.0.0.1-3 80', '10.0.1.9-10.0.1.11 80'], 'protocol TCP', server),
  'ranges of IPv6 by their last part': ofGroup(
    ['2001:db8::9-c 80', '2001:db8::1:1-10 80', '2001:db8::2:9-2001:db8::2:b 81'],
    'protocol TCP',
    tcpServer('2001:db8:1::1 80'),
  ),
  'a range of one': ofGroup(['10.0.0.8-8 80', '10.0.0.9-10.0.0.9 80'], 'protocol TCP', server),
  prefixes: ofGroup(['10.0.0.8/30 80', '10.0.0.16/31 80', '10.0.0.32/32 80'], 'protocol TCP', server),
  'a prefix of more than a byte': ofGroup(['10.0.4.0/23 80'], 'protocol TCP', server),
  'prefixes of IPv6': ofGroup(
    ['2001:db8::8/126 80', '2001:db8::10/127 80'],
    'protocol TCP',
    tcpServer('2001:db8:1::1 80'),
  ),
  'a prefix with bits left': ofGroup(['10.0.0.9/30 80', '10.0.0.1 80'], 'protocol TCP', server),
  'all ports in a group': ofGroup(
    ['10.0.0.1', '10.0.0.2 0'],
    'protocol TCP',
    'persistence_timeout 60',
    tcpServer('10.1.0.1'),
  ),
  'all ports and one port in a group': ofGroup(['10.0.0.1', '10.0.0.2 80'], 'protocol TCP', tcpServer('10.1.0.1 80')),
  'ports of a group with DR': ofGroup(['10.0.0.1 80', '10.0.0.1 81', 'fwmark 5'], 'lb_kind DR', 'protocol TCP', server),
  'ports of a group with a tunnel': ofGroup(
    ['10.0.0.1 80', '10.0.0.1 81', 'fwmark 5'],
    'lb_kind TUN',
    'protocol TCP',
    server,
  ),
  'SCTP in a group': ofGroup(['10.0.0.1-2 80'], 'protocol SCTP', 'lb_algo wlc', server),
  'a group without a protocol': ofGroup(['10.0.0.1 80'], server),
  'persistence of a group': ofGroup(
    ['10.0.0.1 80', 'fwmark 5'],
    'protocol TCP',
    'persistence_timeout 60',
    'persistence_granularity 255.255.255.0',
    server,
  ),
  'a sorry server of a group': ofGroup(
    ['10.0.0.1-2 80', 'fwmark 5'],
    'protocol TCP',
    'sorry_server 10.1.0.9 80',
    'sorry_server_inhibit',
    server,
    tcpServer('10.1.0.2 80', 'inhibit_on_failure'),
  ),
  'a server of its own family only': service('fwmark 3', tcpServer('2001:db8:1::1')),
  'a port with a mark and DR': service('fwmark 3', 'lb_kind DR', server),
  'a port with a mark and NAT': service('fwmark 3', tcpServer('10.1.0.1 8080')),
  'a protocol with a mark': service('fwmark 3', 'protocol UDP', tcpServer('10.1.0.1')),
  'a mark of IPv6 by ip_family': service('fwmark 3', 'ip_family inet6', 'lb_kind TUN', tcpServer('10.1.0.1')),
  'a mark of IPv4 by ip_family': service('fwmark 3', 'ip_family inet', 'lb_kind TUN', tcpServer('2001:db8:1::1')),
  'a mark of servers of one family over tunnels': service('fwmark 3', 'lb_kind TUN', tcpServer('2001:db8:1::1')),
  'a mark of IPv6 by its granularity': service(
    'fwmark 3',
    'lb_kind TUN',
    'persistence_timeout 60',
    'persistence_granularity 64',
    tcpServer('10.1.0.1'),
  ),
  'ip_family of another address': service('10.0.0.1 80', 'ip_family inet6', 'protocol TCP', server),
  'IPv4 servers of an IPv6 service': service(
    '2001:db8::1 80',
    'lb_kind TUN',
    'protocol TCP',
    server,
    tcpServer('2001:db8:1::1 80'),
  ),
  'an IPv6 server of an IPv4 service': service(
    '10.0.0.1 80',
    'lb_kind TUN',
    'protocol TCP',
    tcpServer('2001:db8:1::1 80'),
  ),
  'an IPv4 server over GUE of an IPv6 service': service(
    '2001:db8::1 80',
    'lb_kind TUN type gue port 6080 csum',
    'protocol TCP',
    server,
  ),
  'an IPv4 server with NAT of an IPv6 service': service(
    '2001:db8::1 80',
    'protocol TCP',
    server,
    tcpServer('2001:db8:1::1 80'),
  ),
  'an IPv4 sorry server of an IPv6 service': service(
    '2001:db8::1 80',
    'protocol TCP',
    'sorry_server 10.1.0.9 80',
    'sorry_server_lvs_method TUN',
    tcpServer('2001:db8:1::1 80'),
  ),
  'servers of both families': service('fwmark 3', 'lb_kind TUN', 'protocol TCP', server, tcpServer('2001:db8:1::1 80')),
  'fwmark of IPv6': service('fwmark 3 inet6', 'protocol TCP', tcpServer('2001:db8:1::1 80')),
};
