import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lintExample } from './pages.ts';

interface Row {
  readonly name: string;
  readonly text: string;
  readonly facts?: object;
  /** `rule severity line`, of the rules that are looked at in the table. */
  readonly finds: readonly string[];
}

function table(title: string, ids: readonly string[], rows: readonly Row[]): void {
  describe(title, () => {
    for (const { name, text, facts, finds } of rows)
      test(name, () => {
        const findings = lintExample({
          files: { '/etc/keepalived/keepalived.conf': text },
          peers: [],
          ...(facts === undefined ? {} : { facts: JSON.stringify(facts) }),
        });
        assert.deepEqual(
          findings
            .filter(({ rule }) => ids.includes(rule))
            .map(({ rule, severity, span }) => `${rule} ${severity} ${String(span?.line)}`),
          finds,
        );
      });
  });
}

/** An instance on lines 1 to 5 with its addresses from line 6 on. */
const instance = (addresses: string, more = '', priority = 'priority 100'): string =>
  `vrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 51\n${priority}\nvirtual_ipaddress {\n${addresses}\n}\n${more}\n}\n`;

table(
  'addresses that no host can have',
  ['unusable-address'],
  [
    { name: 'network', text: instance('192.0.2.64/26'), finds: ['unusable-address error 6'] },
    { name: 'broadcast', text: instance('192.0.2.127/26'), finds: ['unusable-address error 6'] },
    { name: 'multicast', text: instance('224.0.0.18'), finds: ['unusable-address error 6'] },
    { name: 'unspecified', text: instance('0.0.0.0'), finds: ['unusable-address error 6'] },
    { name: 'IPv6 multicast', text: instance('ff02::12'), finds: ['unusable-address error 6'] },
    { name: 'loopback, in tests', text: instance('127.0.0.2/8'), finds: ['unusable-address warning 6'] },
    {
      name: 'ends in 0 and is a host',
      text: instance('192.0.2.0/23\n192.0.3.0/23'),
      finds: ['unusable-address error 6'],
    },
    { name: 'both of a /31', text: instance('192.0.2.0/31\n192.0.2.1/31'), finds: [] },
    { name: 'a single address', text: instance('192.0.2.0\n192.0.2.255'), finds: [] },
    { name: 'IPv6 subnet-router anycast', text: instance('2001:db8::/64'), finds: [] },
  ],
);

const second = (address: string, name = 'eth0'): string =>
  `vrrp_instance VI_2 {\ninterface ${name}\nvirtual_router_id 52\npriority 100\nvirtual_ipaddress {\n${address}\n}\n}\n`;

table(
  'one address twice',
  ['duplicate-address'],
  [
    { name: 'in one block', text: instance('192.0.2.10/24\n192.0.2.10'), finds: ['duplicate-address warning 7'] },
    {
      name: 'excluded too',
      text: instance('192.0.2.10', 'virtual_ipaddress_excluded {\n192.0.2.10\n}'),
      finds: ['duplicate-address warning 9'],
    },
    { name: 'on two interfaces of one instance', text: instance('192.0.2.10\n192.0.2.10 dev eth1'), finds: [] },
    {
      name: 'in two instances',
      text: instance('192.0.2.10') + second('192.0.2.10', 'eth1'),
      finds: ['duplicate-address warning 15'],
    },
    {
      name: 'in two members of a group',
      text: `${instance('192.0.2.10')}${second('192.0.2.10')}vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\n}\n`,
      finds: [],
    },
    { name: 'link-local addresses of two links', text: instance('fe80::1') + second('fe80::1', 'eth1'), finds: [] },
    { name: 'on lo of each', text: instance('192.0.2.10 dev lo') + second('192.0.2.10', 'eth1'), finds: [] },
  ],
);

const on = (name: string, ...addresses: readonly string[]): object => ({ interfaces: [{ name, addresses }] });

table(
  "the interface's own address",
  ['own-address', 'source-missing', 'address-off-subnet'],
  [
    {
      name: 'the only one',
      text: instance('192.0.2.1/24'),
      facts: on('eth0', '192.0.2.1/24'),
      finds: ['own-address error 6'],
    },
    {
      name: 'the only one of an owner',
      text: instance('192.0.2.1', '', 'priority 255'),
      facts: on('eth0', '192.0.2.1/24'),
      finds: ['own-address error 6'],
    },
    {
      name: 'the only one besides that of another instance',
      text: instance('192.0.2.2/24') + second('192.0.2.1/24'),
      facts: on('eth0', '192.0.2.1/24', '192.0.2.2/24'),
      finds: ['own-address error 6', 'own-address error 15'],
    },
    {
      name: 'set by somebody else',
      text: instance('192.0.2.2'),
      facts: on('eth0', '192.0.2.1/24', '192.0.2.2/24'),
      finds: ['own-address error 6'],
    },
    {
      name: 'of the owner',
      text: instance('192.0.2.2', '', 'priority 255'),
      facts: on('eth0', '192.0.2.1/24', '192.0.2.2/24'),
      finds: [],
    },
    {
      name: 'on a director that is MASTER now',
      text: instance('192.0.2.10/24'),
      facts: on('eth0', '192.0.2.1/24', '192.0.2.10/24'),
      finds: [],
    },
    {
      name: 'with another source',
      text: instance('192.0.2.1/24', 'mcast_src_ip 192.0.2.9'),
      facts: on('eth0', '192.0.2.1/24', '198.51.100.1/24'),
      finds: ['address-off-subnet info 6'],
    },
    {
      name: 'facts without addresses',
      text: instance('192.0.2.1/24'),
      facts: { interfaces: [{ name: 'eth0' }] },
      finds: [],
    },
    {
      name: 'in no network',
      text: instance('203.0.113.1/24'),
      facts: on('eth0', '192.0.2.1/24'),
      finds: ['address-off-subnet info 6'],
    },
    {
      name: 'a source that is not there',
      text: instance('192.0.2.10', 'unicast_src_ip 192.0.2.2\nunicast_peer {\n192.0.2.3\n}'),
      facts: on('eth0', '192.0.2.1/24'),
      finds: ['source-missing error 8'],
    },
  ],
);

const unicast = (source: string, ...peers: readonly string[]): string =>
  `unicast_src_ip ${source}\nunicast_peer {\n${peers.join('\n')}\n}`;

table(
  'unicast',
  ['unicast-peer-is-self', 'duplicate-unicast-peer', 'unicast-address-is-virtual'],
  [
    {
      name: 'itself and another',
      text: instance('192.0.2.10', unicast('192.0.2.1', '192.0.2.1', '192.0.2.2')),
      finds: ['unicast-peer-is-self warning 10'],
    },
    {
      name: 'nobody but itself',
      text: instance('192.0.2.10', unicast('192.0.2.1', '192.0.2.1')),
      finds: ['unicast-peer-is-self error 10'],
    },
    {
      name: 'itself, known from the host',
      text: instance('192.0.2.10', 'unicast_peer {\n192.0.2.1\n192.0.2.2\n}'),
      facts: on('eth0', '192.0.2.1/24'),
      finds: ['unicast-peer-is-self warning 9'],
    },
    {
      name: 'twice',
      text: instance('192.0.2.10', unicast('192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.2')),
      finds: ['duplicate-unicast-peer warning 12'],
    },
    {
      name: 'a virtual address as peer',
      text: instance('192.0.2.10', unicast('192.0.2.1', '192.0.2.10')),
      finds: ['unicast-address-is-virtual error 10'],
    },
    {
      name: "another instance's address as source",
      text: instance('192.0.2.10', unicast('192.0.2.11', '192.0.2.2')) + second('192.0.2.11'),
      finds: ['unicast-address-is-virtual error 8'],
    },
    { name: 'all well', text: instance('192.0.2.10', unicast('192.0.2.1', '192.0.2.2', '192.0.2.3')), finds: [] },
  ],
);

const service =
  'virtual_server 192.0.2.10 80 {\nlb_algo rr\nlb_kind DR\nprotocol TCP\nreal_server 192.0.2.20 80 {\n}\n}\n';
const strict = 'global_defs {\nvrrp_strict\n}\n';

table(
  'strict mode',
  ['strict-blocks-address', 'strict-first-address'],
  [
    { name: 'version 2', text: strict + instance('192.0.2.10'), finds: ['strict-blocks-address warning 2'] },
    {
      name: 'with a service',
      text: strict + instance('192.0.2.10') + service,
      finds: ['strict-blocks-address error 2'],
    },
    {
      name: 'told once for all instances',
      text: strict + instance('192.0.2.10') + second('192.0.2.11'),
      finds: ['strict-blocks-address warning 2'],
    },
    { name: 'accept in version 3', text: strict + instance('192.0.2.10', 'version 3\naccept'), finds: [] },
    {
      name: 'accept in version 2, which is refused',
      text: strict + instance('192.0.2.10', 'accept'),
      finds: ['strict-blocks-address warning 2'],
    },
    { name: 'an owner', text: strict + instance('192.0.2.10', 'state MASTER', 'priority 255'), finds: [] },
    {
      name: 'of the instance',
      text: instance('192.0.2.10', 'strict_mode'),
      finds: ['strict-blocks-address warning 8'],
    },
    { name: 'not for this instance', text: strict + instance('192.0.2.10', 'strict_mode off'), finds: [] },
    { name: 'no_accept of a gateway', text: instance('192.0.2.10', 'no_accept'), finds: [] },
    {
      name: 'no_accept of a service',
      text: instance('192.0.2.10', 'no_accept') + service,
      finds: ['strict-blocks-address error 8'],
    },
    {
      name: 'IPv6 in the wrong order',
      text: strict + instance('2001:db8::1\nfe80::1', 'state MASTER', 'priority 255'),
      finds: ['strict-first-address warning 9'],
    },
  ],
);

const scripts = (...weights: readonly number[]): string =>
  weights.map((weight, i) => `vrrp_script s${String(i)} {\nscript /bin/true\nweight ${String(weight)}\n}\n`).join('');
const tracks = (count: number, options = ''): string =>
  `track_script {\n${Array.from({ length: count }, (_, i) => `s${String(i)} ${options}`).join('\n')}\n}`;

table(
  'weights at the ends',
  ['weight-beyond-bounds', 'weight-with-nopreempt'],
  [
    { name: 'room for all', text: scripts(50, 50) + instance('192.0.2.10', tracks(2)), finds: [] },
    {
      name: 'one weight too high, which still counts',
      text: scripts(200) + instance('192.0.2.10', tracks(1)),
      finds: [],
    },
    {
      name: 'two of which one is enough',
      text: scripts(160, 160) + instance('192.0.2.10', tracks(2)),
      finds: ['weight-beyond-bounds warning 17', 'weight-beyond-bounds warning 18'],
    },
    { name: 'below 0', text: scripts(-250, -250) + instance('192.0.2.10', tracks(2)), finds: [] },
    {
      name: 'of the entry, not of the script',
      text: scripts(160, 160) + instance('192.0.2.10', tracks(2, 'weight 10')),
      finds: [],
    },
    {
      name: 'reversed: not judged',
      text: scripts(160, 160) + instance('192.0.2.10', tracks(2, 'weight 200 reverse')),
      finds: [],
    },
    {
      name: 'nopreempt',
      text: scripts(-20) + instance('192.0.2.10', `nopreempt\n${tracks(1)}`),
      finds: ['weight-with-nopreempt info 12'],
    },
  ],
);

const nat = (server: string): string => service.replace('lb_kind DR', 'lb_kind NAT').replace('192.0.2.20', server);
const grouped = 'vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\n}\n';

table(
  'two sides of one director',
  ['nat-without-group', 'group-incomplete', 'group-differs'],
  [
    {
      name: 'NAT',
      text: instance('192.0.2.10/24') + second('198.51.100.1/24', 'eth1') + nat('198.51.100.20'),
      finds: ['nat-without-group warning 10'],
    },
    {
      name: 'NAT in a group',
      text: instance('192.0.2.10/24') + second('198.51.100.1/24', 'eth1') + grouped + nat('198.51.100.20'),
      finds: [],
    },
    { name: 'DR', text: instance('192.0.2.10/24') + second('198.51.100.1/24', 'eth1') + service, finds: [] },
    {
      name: 'NAT to elsewhere',
      text: instance('192.0.2.10/24') + second('198.51.100.1/24', 'eth1') + nat('203.0.113.20'),
      finds: [],
    },
    {
      name: "NAT with two instances in the servers' network",
      text:
        instance('192.0.2.10/24') +
        second('198.51.100.1/24', 'eth1') +
        second('198.51.100.2/24', 'eth1').replaceAll('2 {', '3 {').replace('52', '53') +
        nat('198.51.100.20'),
      finds: [],
    },
    {
      name: 'NAT on one interface',
      text: instance('192.0.2.10/24') + second('198.51.100.1/24') + nat('198.51.100.20'),
      finds: [],
    },
    {
      name: 'a third instance',
      text:
        instance('192.0.2.10') +
        second('198.51.100.1', 'eth1') +
        second('203.0.113.1', 'eth2').replaceAll('2 {', '3 {').replace('52', '53') +
        grouped,
      finds: ['group-incomplete info 18'],
    },
    {
      name: 'states of a group',
      text: instance('192.0.2.10', 'state MASTER') + second('198.51.100.1', 'eth1') + grouped,
      finds: ['group-differs warning 10'],
    },
  ],
);
