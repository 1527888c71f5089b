import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Config, VrrpInstance } from '../../../src/config/index.ts';
import { loadText, told } from '../load-text.ts';
import { instance, modelTests, secured } from './plain.ts';

/** Some properties of the only instance. */
function of(...keys: readonly (keyof VrrpInstance)[]): (config: Config) => unknown {
  return ({ vrrp: { instances } }) =>
    instances.map((one) =>
      Object.fromEntries(
        keys.map((key): readonly [string, unknown] => [key, one[key]]).filter(([, value]) => value !== undefined),
      ),
    );
}

const secret = '0123456789abcdef0123456789abcdef';

describe('an instance', () => {
  modelTests([
    {
      name: 'a VMAC, and a sixth octet that is the virtual_router_id',
      text: instance(
        '  use_vmac name vm0 02:11:22:33:44 group 5 netlink_notify_msg\n  vmac_xmit_base\n  use_vmac_addr',
      ),
      read: of('vmac', 'useVmacAddr'),
      expected: [
        {
          vmac: {
            kind: 'macvlan',
            netlinkNotifyMsg: true,
            xmitBase: true,
            ifname: 'vm0',
            mac: '02:11:22:33:44:33',
            group: 5,
          },
          useVmacAddr: true,
        },
      ],
    },
    {
      name: 'strict mode: no answer to a master of lower priority, as 2.2.7 was seen to give none',
      text: instance('  strict_mode'),
      read: of('lowerPrioNoAdvert', 'garpLowerPrioRepeat', 'downTimerAdverts', 'accept'),
      expected: [{ lowerPrioNoAdvert: true, garpLowerPrioRepeat: 0, downTimerAdverts: 3, accept: false }],
    },
    {
      name: 'an ipvlan',
      text: instance('  use_ipvlan ipv0 10.0.0.7/24 private group lan'),
      read: of('vmac'),
      expected: [
        {
          vmac: {
            kind: 'ipvlan',
            mode: 'private',
            xmitBase: false,
            ifname: 'ipv0',
            address: '10.0.0.7',
            prefixLength: 24,
            group: 'lan',
          },
        },
      ],
    },
    {
      name: 'unicast peers with the TTLs that are taken, which are then looked at',
      text: instance(
        '  unicast_src_ip 10.0.0.5\n  unicast_ttl 9\n  unicast_peer {\n    10.0.0.6\n    10.0.0.7 max_ttl 64 min_ttl 3\n  }\n  unicast_fault_no_peer\n  old_unicast_checksum never',
      ),
      read: of(
        'unicastPeer',
        'unicastTtl',
        'unicastSrcIp',
        'checkUnicastSrc',
        'unicastFaultNoPeer',
        'oldUnicastChecksum',
      ),
      expected: [
        {
          unicastPeer: [
            { address: '10.0.0.6', minTtl: 0, maxTtl: 255 },
            { address: '10.0.0.7', minTtl: 3, maxTtl: 64 },
          ],
          unicastTtl: 9,
          unicastSrcIp: '10.0.0.5',
          checkUnicastSrc: true,
          unicastFaultNoPeer: true,
          oldUnicastChecksum: 'never',
        },
      ],
    },
    {
      name: 'a VRF instead of an interface',
      text: instance('  vrf eth1\n  unicast_peer {\n    10.0.0.6\n  }').replace('  interface eth0\n', ''),
      read: of('vrf', 'interface'),
      expected: [{ vrf: 'eth1' }],
    },
    {
      name: 'buffers, debugging, and what lasts until a master is missed',
      text: instance(
        '  kernel_rx_buf_size 65536\n  debug 2\n  nopreempt\n  timer_expired_backup\n  linkbeat_use_polling',
      ).replace('  linkbeat_use_polling', ''),
      read: of('kernelRxBufSize', 'debug', 'timerExpiredBackup'),
      expected: [{ kernelRxBufSize: 65_536, debug: 2, timerExpiredBackup: 254 }],
    },
    {
      name: 'signatures',
      text: instance(
        `  auth_hmac {\n    key 1 ${secret}\n    key 2 hex:${secret}${secret.toUpperCase()}\n    key 3 file:/etc/key\n    active_key 2\n    mode permissive\n    anti_replay monotonic\n    time_window 30\n  }`,
      ),
      read: of('authHmac'),
      expected: [
        {
          authHmac: {
            keys: [
              { id: 1, key: { from: 'text', text: secret } },
              { id: 2, key: { from: 'hex', hex: secret + secret } },
              { id: 3, key: { from: 'file', path: '/etc/key' } },
            ],
            activeKey: 2,
            timeWindowMs: 30_000,
            antiReplay: 'monotonic',
            mode: 'permissive',
          },
        },
      ],
    },
    {
      name: 'signatures by themselves look five seconds back, or three intervals',
      text: instance(`  advert_int 4\n  auth_hmac {\n    key 1 ${secret}\n    active_key 1\n  }`),
      read: ({ vrrp }) =>
        vrrp.instances.map(({ authHmac }) => [authHmac?.timeWindowMs, authHmac?.antiReplay, authHmac?.mode]),
      expected: [[12_000, 'time', 'enforce']],
    },
    {
      name: 'notify_priority_changes, smtp_alert and garp_extra_if of global_defs',
      text: `global_defs {\n  smtp_alert off\n  smtp_alert_vrrp\n  vrrp_notify_priority_changes\n  vrrp_garp_extra_if all 100\n}\n${instance('')}`,
      read: of('smtpAlert', 'notifyPriorityChanges', 'garpExtraIf'),
      expected: [{ smtpAlert: true, notifyPriorityChanges: true, garpExtraIf: { intervalMs: 100_000, all: true } }],
    },
    {
      name: 'its own word against that of global_defs',
      text: `global_defs {\n  smtp_alert\n  vrrp_notify_priority_changes\n  vrrp_garp_extra_if 100\n}\n${instance('  smtp_alert off\n  notify_priority_changes no\n  garp_extra_if 0')}`,
      read: of('smtpAlert', 'notifyPriorityChanges', 'garpExtraIf'),
      expected: [{ smtpAlert: false, notifyPriorityChanges: false }],
    },
    {
      name: 'vrrp_min_garp where nothing else is said',
      text: `global_defs {\n  vrrp_min_garp\n  vrrp_garp_master_delay 3\n}\n${instance('  garp_master_repeat 2')}`,
      read: of('garpMasterDelayMs', 'garpMasterRepeat', 'garpMasterRefreshMs', 'garpLowerPrioRepeat'),
      expected: [{ garpMasterDelayMs: 3000, garpMasterRepeat: 2, garpMasterRefreshMs: 0, garpLowerPrioRepeat: 1 }],
    },
    {
      name: 'answers to a lower priority: as the master announces itself by global_defs, whatever the instance says of that',
      text: `global_defs {\n  vrrp_garp_master_delay 7\n  vrrp_garp_master_repeat 4\n}\n${instance('  garp_master_delay 2\n  garp_master_repeat 3')}`,
      read: of('garpMasterDelayMs', 'garpMasterRepeat', 'garpLowerPrioDelayMs', 'garpLowerPrioRepeat'),
      expected: [{ garpMasterDelayMs: 2000, garpMasterRepeat: 3, garpLowerPrioDelayMs: 7000, garpLowerPrioRepeat: 4 }],
    },
    {
      name: 'words that undo each other: the last',
      text: instance('  nopreempt\n  preempt\n  accept\n  no_accept'),
      read: of('nopreempt', 'accept'),
      expected: [{ nopreempt: false, accept: false }],
    },
    {
      name: 'a group that has its own scripts',
      text: `${secured}${instance('')}${instance('', '10.0.0.2').replace('VI_1', 'VI_2').replace('51', '52')}vrrp_sync_group G {\n  group {\n    VI_1\n    VI_2\n  }\n  notify "/bin/n a" root\n  smtp_alert\n  notify_priority_changes\n}\n`,
      read: ({ vrrp }) => vrrp.syncGroups,
      expected: [
        {
          name: 'G',
          group: ['VI_1', 'VI_2'],
          notify: { argv: ['/bin/n', 'a'], user: 'root' },
          trackInterface: [],
          trackScript: [],
          trackProcess: [],
          trackFile: [],
          trackBfd: [],
          syncGroupTrackingWeight: false,
          globalTracking: false,
          notifyPriorityChanges: true,
          smtpAlert: true,
        },
      ],
    },
  ]);

  test('strict mode asks for signatures, whatever auth_hmac says', () => {
    for (const mode of ['permissive', 'receive-only', 'enforce']) {
      const hmac = `  strict_mode\n  auth_hmac {\n    key 1 ${secret}\n    active_key 1\n    mode ${mode}\n  }`;
      const { config, diagnostics } = loadText(instance(hmac));
      assert.equal(config.vrrp.instances[0]?.authHmac?.mode, 'enforce');
      assert.equal(
        diagnostics.some(({ code }) => code === 'not-strict'),
        mode !== 'enforce',
      );
    }
  });

  test('no key of auth_hmac is told, whatever is wrong with it', () => {
    for (const lines of [
      `key 300 ${secret}`,
      `key 1 ${secret.slice(0, 20)}`,
      `key 1 hex:${secret}zz`,
      `key ${secret}`,
    ]) {
      const { diagnostics } = loadText(instance(`  auth_hmac {\n${lines}\n  }`));
      assert.ok(
        diagnostics.some(({ code }) => code === 'auth-hmac-key'),
        lines,
      );
      assert.ok(!JSON.stringify(diagnostics).includes(secret.slice(0, 8)), lines);
    }
  });

  test('without an active key there is none, and that is an error', () => {
    const { config, diagnostics } = loadText(instance(`  auth_hmac {\n    key 1 ${secret}\n    active_key 2\n  }`));
    assert.equal(config.vrrp.instances[0]?.authHmac?.activeKey, undefined);
    assert.match(
      diagnostics.map(({ message }) => message).join('\n'),
      /active_key 2 of auth_hmac .* is none of its keys/,
    );
  });
});

describe('routes and rules', () => {
  const nothing = { onlink: false, metrics: {}, locked: [], ecn: false, nexthops: [] };
  modelTests([
    {
      name: 'a default route',
      text: instance('  virtual_routes {\n    default via 10.0.0.254 dev eth0 table main metric 5 src 10.0.0.1\n  }'),
      read: of('virtualRoutes'),
      expected: [
        {
          virtualRoutes: [
            {
              to: { address: '0.0.0.0', prefixLength: 0 },
              via: '10.0.0.254',
              dev: 'eth0',
              table: 254,
              metric: 5,
              src: '10.0.0.1',
              family: 'ipv4',
              type: 'unicast',
              protocol: 18,
              ...nothing,
              noTrack: false,
            },
          ],
        },
      ],
    },
    {
      name: 'metrics, times as the kernel counts them, and what is locked',
      text: 'static_routes {\n  192.0.2.0/24 dev eth0 mtu lock 1400 rtt 5ms rttvar 2ms rto_min 1s window 7 congctl lock cubic features ecn quickack 1 scope link tos 0x10\n}\n',
      read: ({ vrrp }) => vrrp.staticRoutes,
      expected: [
        {
          to: { address: '192.0.2.0', prefixLength: 24 },
          dev: 'eth0',
          scope: 253,
          tos: 16,
          congctl: 'cubic',
          ecn: true,
          family: 'ipv4',
          type: 'unicast',
          protocol: 18,
          onlink: false,
          metrics: { mtu: 1400, rtt: 40, rttvar: 8, rto_min: 1000, window: 7, quickack: 1 },
          locked: ['mtu', 'congctl'],
          nexthops: [],
          noTrack: false,
        },
      ],
    },
    {
      name: 'two ways, and a tunnel',
      text: 'static_routes {\n  2001:db8::/32 no_track protocol bird nexthop via fe80::1 dev eth0 weight 3 nexthop via fe80::2 dev eth1 onlink encap ip6 id 5 dst fd00::1 hoplimit 3\n}\n',
      read: ({ vrrp }) => vrrp.staticRoutes,
      expected: [
        {
          to: { address: '2001:db8::', prefixLength: 32 },
          noTrack: true,
          protocol: 12,
          family: 'ipv6',
          type: 'unicast',
          ...nothing,
          nexthops: [
            { weight: 3, onlink: false, via: 'fe80::1', dev: 'eth0' },
            {
              weight: 1,
              onlink: true,
              via: 'fe80::2',
              dev: 'eth1',
              encap: { type: 'ip6', id: '5', dst: 'fd00::1', ttl: 3 },
            },
          ],
        },
      ],
    },
    {
      name: 'a route that leads nowhere',
      text: 'static_routes {\n  blackhole default6 no_track\n}\n',
      read: ({ vrrp }) => vrrp.staticRoutes.map(({ type, to, family }) => [type, to, family]),
      expected: [['blackhole', { address: '::', prefixLength: 0 }, 'ipv6']],
    },
    {
      name: 'a rule with all that it can have',
      text: instance(
        '  virtual_rules {\n    not from 192.0.2.0/24 to 198.51.100.7 iif eth0 oif eth1 fwmark 0x10/0xff tos 8 uidrange 5-10 ipproto tcp sport 1-9 dport 80-80 sup_pl 3 realms 5/6 table blue preference 100\n  }',
      ),
      read: of('virtualRules'),
      expected: [
        {
          virtualRules: [
            {
              not: true,
              from: { address: '192.0.2.0', prefixLength: 24 },
              to: { address: '198.51.100.7', prefixLength: 32 },
              iif: 'eth0',
              oif: 'eth1',
              fwmark: { mark: 16, mask: 255 },
              tos: 8,
              uidrange: { first: 5, last: 10 },
              ipproto: 6,
              sport: { first: 1, last: 9 },
              dport: { first: 80, last: 80 },
              suppressPrefixlength: 3,
              realms: '5/6',
              preference: 100,
              family: 'ipv4',
              action: { type: 'table', table: 'blue' },
              protocol: 18,
              noTrack: false,
            },
          ],
        },
      ],
    },
    {
      name: 'static addresses, routes and rules of a track_group',
      text: `track_group g {\n  group {\n    VI_1\n  }\n}\nstatic_ipaddress {\n  10.0.0.9/24 dev eth1 track_group g\n}\nstatic_routes {\n  192.0.2.0/24 dev eth1 track_group g\n}\nstatic_rules {\n  from 192.0.2.0/24 goto 300 preference 200 track_group g\n}\n${instance('')}`,
      read: ({ vrrp }) => [
        vrrp.staticIpaddress,
        vrrp.staticRoutes.map(({ trackGroup }) => trackGroup),
        vrrp.staticRules.map(({ trackGroup, action }) => [trackGroup, action]),
      ],
      expected: [
        [{ address: '10.0.0.9', prefixLength: 24, dev: 'eth1', trackGroup: 'g' }],
        ['g'],
        [['g', { type: 'goto', preference: 300 }]],
      ],
    },
  ]);

  test('what is wrong is left out, and told', () => {
    const { config, diagnostics } = loadText(
      'static_rules {\n  from 192.0.2.0/24 preference 5\n  table 5 preference 6\n}\n',
    );
    assert.deepEqual(
      config.vrrp.staticRules.map(({ preference }) => preference),
      [6],
    );
    assert.match(
      diagnostics.map(({ message, hint }) => `${message}; ${hint ?? ''}`).join('\n'),
      /in rule 'from 192\.0\.2\.0\/24 preference 5' of static_rules; a rule needs one of table, goto/,
    );
  });
});

test('the owner does not wait before it preempts', () => {
  const loaded = loadText(instance('  priority 255\n  preempt_delay 2'));
  assert.equal(loaded.config.vrrp.instances[0]?.preemptDelayMs, 0);
  assert.match(
    told(loaded).join(),
    /'preempt_delay' in vrrp_instance VI_1 does not go with 'priority 255' and is ignored/,
  );
});
