import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lint } from '../../src/lint/index.ts';
import { textFiles } from '../../src/parser/index.ts';

interface Row {
  readonly name: string;
  readonly mine: string;
  readonly theirs: string;
  readonly facts?: readonly string[];
  /** `rule severity`, each once, of peer rules or of change rules. */
  readonly finds: readonly string[];
}

function table(title: string, other: 'peer' | 'previous', rows: readonly Row[]): void {
  describe(title, () => {
    for (const { name, mine, theirs, facts, finds } of rows)
      test(name, () => {
        assert.deepEqual(found(other, mine, theirs, facts), finds);
      });
  });
}

function found(other: 'peer' | 'previous', mine: string, theirs: string, addresses?: readonly string[]): string[] {
  const { findings } = lint({
    file: '/a.conf',
    files: textFiles({ '/a.conf': mine, '/b.conf': theirs }),
    ...(other === 'peer' ? { peers: ['/b.conf'] } : { previous: '/b.conf' }),
    ...(addresses === undefined ? {} : { facts: { interfaces: [{ name: 'eth0', addresses }] } }),
  });
  const related = findings.filter(({ rule }) =>
    other === 'peer'
      ? rule.startsWith('peer-')
      : /-(?:moved|changed|recreated|removed|added)$|^restart-needed$/.test(rule),
  );
  return [...new Set(related.map(({ rule, severity }) => `${rule} ${severity}`))];
}

interface Instance {
  readonly name?: string;
  readonly vrid?: number;
  readonly on?: string;
  readonly addresses?: string;
  readonly more?: string;
}

const instance = (
  priority: number,
  { name = 'VI_1', vrid = 51, on = 'eth0', addresses = '192.0.2.10/24', more = '' }: Instance = {},
): string =>
  `vrrp_instance ${name} {\ninterface ${on}\nvirtual_router_id ${String(vrid)}\npriority ${String(priority)}\n` +
  `virtual_ipaddress {\n${addresses}\n}\n${more}\n}\n`;
const inside = { name: 'VI_2', vrid: 52, on: 'eth1', addresses: '198.51.100.1/24' };
const group = (...names: readonly string[]): string => `vrrp_sync_group G {\ngroup {\n${names.join('\n')}\n}\n}\n`;
const unicast = (source: string | undefined, ...peers: readonly string[]): string =>
  `${source === undefined ? '' : `unicast_src_ip ${source}\n`}unicast_peer {\n${peers.join('\n')}\n}`;

table('one virtual router on two directors', 'peer', [
  {
    name: 'as it should be',
    mine: instance(150, { more: 'state MASTER' }),
    theirs: instance(100, { name: 'other', on: 'ens3' }),
    finds: [],
  },
  { name: 'owners', mine: instance(255), theirs: instance(255), finds: ['peer-priority error'] },
  {
    name: 'both begin as MASTER',
    mine: instance(150, { more: 'state MASTER' }),
    theirs: instance(100, { more: 'state MASTER' }),
    finds: ['peer-state warning'],
  },
  {
    name: 'the lower one begins as MASTER',
    mine: instance(100, { more: 'state MASTER' }),
    theirs: instance(150),
    finds: ['peer-state warning'],
  },
  {
    name: 'intervals of version 2',
    mine: instance(150, { more: 'advert_int 2' }),
    theirs: instance(100),
    finds: ['peer-advert-interval error'],
  },
  {
    name: 'intervals of version 3',
    mine: instance(150, { more: 'version 3\nadvert_int 0.5' }),
    theirs: instance(100, { more: 'version 3' }),
    finds: ['peer-advert-interval warning'],
  },
  {
    name: 'versions',
    mine: instance(150, { more: 'version 3\nadvert_int 0.5' }),
    theirs: instance(100),
    finds: ['peer-version error'],
  },
  {
    name: 'version by default',
    mine: instance(150, { more: 'version 3' }),
    theirs: `global_defs {\nvrrp_version 3\n}\n${instance(100)}`,
    finds: [],
  },
  {
    name: 'passwords that only differ where they are not read',
    mine: instance(150, { more: 'authentication {\nauth_type PASS\nauth_pass 12345678a\n}' }),
    theirs: instance(100, { more: 'authentication {\nauth_type PASS\nauth_pass 12345678b\n}' }),
    finds: [],
  },
  { name: 'id', mine: instance(150), theirs: instance(100, { vrid: 61 }), finds: ['peer-vrid error'] },
  {
    name: 'nothing in common',
    mine: instance(150),
    theirs: instance(100, inside),
    finds: ['peer-instance-missing warning'],
  },
  {
    name: 'one more there',
    mine: instance(150),
    theirs: instance(100) + instance(100, inside),
    finds: ['peer-instance-missing warning'],
  },
  {
    name: 'the same id on two interfaces, by name',
    mine: instance(150) + instance(150, { ...inside, vrid: 51 }),
    theirs: instance(100, { ...inside, vrid: 51, on: 'ens4' }) + instance(100, { on: 'ens3' }),
    finds: [],
  },
]);

const hmac = (mode: string, id: number, key: string): Instance => ({
  more: `auth_hmac {\nkey ${String(id)} "${key}"\nactive_key ${String(id)}\nmode ${mode}\n}`,
});
const [one, two] = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'];

table('signatures on two directors', 'peer', [
  {
    name: 'the same key',
    mine: instance(150, hmac('enforce', 1, one)),
    theirs: instance(100, hmac('enforce', 1, one)),
    finds: [],
  },
  {
    name: 'another key of the same id',
    mine: instance(150, hmac('enforce', 1, one)),
    theirs: instance(100, hmac('enforce', 1, two)),
    finds: ['peer-authentication error'],
  },
  {
    name: 'another id',
    mine: instance(150, hmac('enforce', 1, one)),
    theirs: instance(100, hmac('enforce', 2, one)),
    finds: ['peer-authentication error'],
  },
  {
    name: 'none there',
    mine: instance(150, hmac('enforce', 1, one)),
    theirs: instance(100),
    finds: ['peer-authentication error'],
  },
  { name: 'none there yet', mine: instance(150, hmac('permissive', 1, one)), theirs: instance(100), finds: [] },
  {
    name: 'not signed there',
    mine: instance(150, hmac('receive-only', 1, one)),
    theirs: instance(100, hmac('enforce', 1, one)),
    finds: ['peer-authentication error'],
  },
]);

table('addresses and routes on two directors', 'peer', [
  {
    name: 'another order',
    mine: instance(150, { addresses: '192.0.2.10/24\n192.0.2.11/24' }),
    theirs: instance(100, { addresses: '192.0.2.11/24 dev ens3\n192.0.2.10/24' }),
    finds: [],
  },
  {
    name: 'one fewer',
    mine: instance(150),
    theirs: instance(100, { addresses: '192.0.2.11/24\n192.0.2.10/24' }),
    finds: ['peer-addresses warning'],
  },
  {
    name: 'excluded on one',
    mine: instance(150, { addresses: '192.0.2.10/24\n192.0.2.11/24' }),
    theirs: instance(100, { more: 'virtual_ipaddress_excluded {\n192.0.2.11/24\n}' }),
    finds: ['peer-addresses warning'],
  },
  {
    name: 'prefix lengths',
    mine: instance(150),
    theirs: instance(100, { addresses: '192.0.2.10' }),
    finds: ['peer-addresses warning'],
  },
  {
    name: 'routes by interfaces of other names',
    mine: instance(150, { more: 'virtual_routes {\n203.0.113.0/24 via 192.0.2.254 dev eth0\n}' }),
    theirs: instance(100, { more: 'virtual_routes {\n203.0.113.0/24 via 192.0.2.254 dev ens3\n}' }),
    finds: [],
  },
  {
    name: 'a route that one lacks',
    mine: instance(150, { more: 'virtual_routes {\n203.0.113.0/24 via 192.0.2.254 dev eth0\n}' }),
    theirs: instance(100),
    finds: ['peer-routes warning'],
  },
]);

table('unicast on two directors', 'peer', [
  {
    name: 'both name each other',
    mine: instance(150, { more: unicast('192.0.2.1', '192.0.2.2') }),
    theirs: instance(100, { more: unicast('192.0.2.2', '192.0.2.1') }),
    finds: [],
  },
  {
    name: 'one of three',
    mine: instance(150, { more: unicast('192.0.2.1', '192.0.2.2', '192.0.2.3') }),
    theirs: instance(100, { more: unicast('192.0.2.3', '192.0.2.2', '192.0.2.1') }),
    finds: [],
  },
  {
    name: 'own addresses not known',
    mine: instance(150, { more: unicast(undefined, '192.0.2.9') }),
    theirs: instance(100, { more: unicast(undefined, '192.0.2.8') }),
    finds: [],
  },
  {
    name: 'own address known from the host',
    mine: instance(150, { more: unicast(undefined, '192.0.2.2') }),
    theirs: instance(100, { more: unicast('192.0.2.2', '192.0.2.8') }),
    facts: ['192.0.2.1/24'],
    finds: ['peer-unicast error'],
  },
  {
    name: 'the other is not named',
    mine: instance(150, { more: unicast('192.0.2.1', '192.0.2.9') }),
    theirs: instance(100, { more: unicast('192.0.2.2', '192.0.2.1') }),
    finds: ['peer-unicast error'],
  },
  {
    name: 'the other names somebody else',
    mine: instance(150, { more: unicast('192.0.2.1', '192.0.2.2') }),
    theirs: instance(100, { more: unicast('192.0.2.2', '192.0.2.9') }),
    finds: ['peer-unicast error'],
  },
  {
    name: 'multicast there',
    mine: instance(150, { more: unicast('192.0.2.1', '192.0.2.2') }),
    theirs: instance(100),
    finds: ['peer-unicast error'],
  },
  {
    name: 'another multicast group',
    mine: instance(150, { more: 'mcast_dst_ip 224.0.0.99' }),
    theirs: instance(100),
    finds: ['peer-unicast error'],
  },
]);

const both = (outer: number, inner: number): string => instance(outer) + instance(inner, inside);

table('sync groups on two directors', 'peer', [
  {
    name: 'the same',
    mine: both(150, 150) + group('VI_1', 'VI_2'),
    theirs: both(100, 100) + group('VI_2', 'VI_1'),
    finds: [],
  },
  {
    name: 'none there',
    mine: both(150, 150) + group('VI_1', 'VI_2'),
    theirs: both(100, 100),
    finds: ['peer-sync-group warning'],
  },
  {
    name: 'none here',
    mine: both(150, 150),
    theirs: both(100, 100) + group('VI_1', 'VI_2'),
    finds: ['peer-sync-group warning'],
  },
  {
    name: 'each leads in a part',
    mine: both(150, 100) + group('VI_1', 'VI_2'),
    theirs: both(100, 150) + group('VI_1', 'VI_2'),
    finds: ['peer-group-priorities error'],
  },
  { name: 'each leads in a part, without a group', mine: both(150, 100), theirs: both(100, 150), finds: [] },
]);

const script = (weight: number, name = 'chk'): string =>
  `vrrp_script ${name} {\nscript /bin/true\nweight ${String(weight)}\n}\n`;
const tracks = (...names: readonly string[]): string => `track_script {\n${names.join('\n')}\n}`;

/** Both directors track the same. */
function weighted(name: string, scripts: string, lists: readonly [string, string], finds: readonly string[]): Row {
  const [mine, theirs] = lists;
  return {
    name,
    mine: scripts + instance(150, { more: mine }),
    theirs: scripts + instance(100, { more: theirs }),
    finds,
  };
}

const same = (list: string): readonly [string, string] => [list, list];

table('weights and the other director', 'peer', [
  weighted('FAULT', script(0), same(tracks('chk')), []),
  weighted('taken off and too small', script(-20), same(tracks('chk')), ['peer-weight-gap warning']),
  weighted('taken off, enough', script(-51), same(tracks('chk')), []),
  weighted('taken off, to the same', script(-50), same(tracks('chk')), ['peer-weight-gap warning']),
  weighted('added and too small', script(2), same(tracks('chk')), ['peer-weight-gap warning']),
  weighted('added, enough', script(60), same(tracks('chk')), []),
  weighted('several together are enough', script(-30) + script(-30, 'two'), same(tracks('chk', 'two')), [
    'peer-weight-gap info',
  ]),
  weighted('reversed: not judged', script(-20), same(tracks('chk weight 20 reverse')), []),
  weighted('nopreempt there', script(-60), [tracks('chk'), `nopreempt\n${tracks('chk')}`], ['peer-nopreempt warning']),
  weighted('tracked here only', script(0), [tracks('chk'), ''], ['peer-tracking info']),
]);

const service = (options: string, server = ''): string =>
  `virtual_server 192.0.2.10 80 {\n${options}\nprotocol TCP\nreal_server 192.0.2.20 80 {\n${server}\n}\n}\n`;
const wlc = 'lb_algo wlc\nlb_kind DR';

table('services on two directors', 'peer', [
  { name: 'the same', mine: service(wlc), theirs: service(wlc, 'weight 1'), finds: [] },
  { name: 'weights', mine: service(wlc), theirs: service(wlc, 'weight 2'), finds: ['peer-virtual-server warning'] },
  {
    name: 'forwarding',
    mine: service(wlc),
    theirs: service('lb_algo wlc\nlb_kind NAT'),
    finds: ['peer-virtual-server warning'],
  },
  {
    name: 'persistence',
    mine: service(wlc),
    theirs: service(`${wlc}\npersistence_timeout 300`),
    finds: ['peer-virtual-server warning'],
  },
  {
    name: 'real servers',
    mine: service(wlc),
    theirs: service(wlc).replace('192.0.2.20', '192.0.2.21'),
    finds: ['peer-virtual-server warning'],
  },
  {
    name: 'one more there',
    mine: service(wlc),
    theirs: service(wlc) + service(wlc).replace('10 80', '10 443'),
    finds: ['peer-virtual-server warning'],
  },
  {
    name: 'only checks differ',
    mine: service(wlc, 'TCP_CHECK {\n}'),
    theirs: service(wlc, 'PING_CHECK {\n}'),
    finds: [],
  },
  { name: 'a director without services', mine: service(wlc), theirs: '', finds: [] },
  {
    name: 'sync daemon on one only',
    mine: 'global_defs {\nlvs_sync_daemon eth0 VI_1\n}\n',
    theirs: '',
    finds: ['peer-sync-daemon warning'],
  },
  {
    name: 'sync daemons of other ids',
    mine: 'global_defs {\nlvs_sync_daemon eth0 VI_1 id 1\n}\n',
    theirs: 'global_defs {\nlvs_sync_daemon ens3 VI_1 id 2\n}\n',
    finds: ['peer-sync-daemon error'],
  },
  {
    name: 'the same port, said and not said',
    mine: 'global_defs {\nlvs_sync_daemon eth0 VI_1 port 8848\n}\n',
    theirs: 'global_defs {\nlvs_sync_daemon ens3 VI_1\n}\n',
    finds: [],
  },
]);

table('what a reload does', 'previous', [
  { name: 'nothing', mine: instance(150), theirs: instance(150), finds: [] },
  { name: 'another priority', mine: instance(150), theirs: instance(120), finds: [] },
  { name: 'another name', mine: instance(150, { name: 'outside' }), theirs: instance(150), finds: [] },
  {
    name: 'an address added',
    mine: instance(150, { addresses: '192.0.2.10/24\n192.0.2.11/24' }),
    theirs: instance(150),
    finds: ['addresses-changed info'],
  },
  {
    name: 'another order of addresses',
    mine: instance(150, { addresses: '192.0.2.10/24\n192.0.2.11/24' }),
    theirs: instance(150, { addresses: '192.0.2.11/24\n192.0.2.10/24' }),
    finds: [],
  },
  {
    name: 'another interface',
    mine: instance(150, { on: 'eth1' }),
    theirs: instance(150),
    finds: ['instance-recreated warning'],
  },
  {
    name: 'another interval',
    mine: instance(150, { more: 'advert_int 3' }),
    theirs: instance(150),
    finds: ['adverts-changed warning'],
  },
  {
    name: 'another interval of version 3',
    mine: instance(150, { more: 'version 3\nadvert_int 3' }),
    theirs: instance(150, { more: 'version 3' }),
    finds: [],
  },
  {
    name: 'from multicast to unicast',
    mine: instance(150, { more: unicast('192.0.2.1', '192.0.2.2') }),
    theirs: instance(150),
    finds: ['adverts-changed warning'],
  },
  { name: 'gone', mine: instance(150), theirs: both(150, 150), finds: ['instance-removed warning'] },
  { name: 'a new instance', mine: both(150, 150), theirs: instance(150), finds: [] },
  {
    name: 'a new instance in a group',
    mine: both(150, 150) + group('VI_1', 'VI_2'),
    theirs: instance(150) + group('VI_1'),
    finds: ['group-member-added warning'],
  },
  {
    name: 'an instance joins a group',
    mine: both(150, 150) + group('VI_1', 'VI_2'),
    theirs: both(150, 150) + group('VI_1'),
    finds: [],
  },
  {
    name: 'another namespace',
    mine: `net_namespace red\n${instance(150)}`,
    theirs: instance(150),
    finds: ['restart-needed warning'],
  },
]);

test('two directors of many instances and services are compared in time that grows with their size', () => {
  const many = (count: number, priority: number): string =>
    Array.from({ length: count }, (_, i) =>
      instance(priority, {
        name: `V${String(i)}`,
        vrid: 1 + (i % 255),
        on: `e${String(i >> 8)}`,
        addresses: `10.${String(i >> 8)}.${String(i & 255)}.1/24`,
      }),
    ).join('');
  const took = (count: number): number => {
    const started = performance.now();
    assert.deepEqual(found('peer', many(count, 150), many(count, 100)), []);
    return performance.now() - started;
  };
  took(100);
  const [small, large] = [took(500), took(4000)];
  assert.ok(large < small * 8 * 4 + 500, `${String(small)} ms for 500, ${String(large)} ms for 4000`);
});
