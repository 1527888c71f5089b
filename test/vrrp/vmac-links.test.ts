import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { IpvlanSettings, MacvlanSettings, VrrpInstance } from '../../src/config/index.ts';
import { advertInterface, formerLinks, withVmacs, type PresentLink, type VmacLink } from '../../src/vrrp/index.ts';
import { address, engineConfig, instance, ip } from './configuration.ts';

/** Interfaces of use_vmac, named and filled as the reference was seen to do it. */

const vmac = (change: Partial<MacvlanSettings> = {}): MacvlanSettings => ({
  kind: 'macvlan',
  netlinkNotifyMsg: false,
  xmitBase: false,
  ...change,
});
const naming = { prefix: 'vrrp', addrPrefix: 'vrrp' };

function macvlan(ifname: string, parent: string, mac: string, suits = true): PresentLink {
  return { ifname, kind: 'macvlan', parent, mac, suits };
}

const ipvlan = (ifname: string): PresentLink => ({ ...macvlan(ifname, 'eth0', '02:00:00:00:00:10'), kind: 'ipvlan' });

function made(instances: readonly VrrpInstance[], present: readonly PresentLink[] = [], names = naming) {
  return withVmacs(engineConfig(instances).vrrp, names, present);
}

function text({ ifname, parent, form, ipv6, linkLocal }: VmacLink): string {
  const what = form.kind === 'macvlan' ? form.mac : form.mode;
  return [ifname, 'on', parent, what, ...(ipv6 ? ['ipv6'] : []), ...(linkLocal ? ['link-local'] : [])].join(' ');
}

const v4 = (name: string, id: number, change: Partial<VrrpInstance> = {}): VrrpInstance =>
  instance(name, { virtualRouterId: id, vmac: vmac(), ...change });
const v6 = (name: string, id: number, change: Partial<VrrpInstance> = {}): VrrpInstance =>
  v4(name, id, { version: 3, family: 'ipv6', virtualIpaddress: [address('fe80::1:1')], ...change });
const onEth1 = { ...address('192.0.2.101'), dev: 'eth1' };
const excluded6 = address('2001:db8::7');

const rows: readonly (readonly [
  name: string,
  instances: readonly VrrpInstance[],
  present: readonly PresentLink[],
  links: readonly string[],
])[] = [
  ['IPv4', [v4('A', 5)], [], ['vrrp.5 on eth0 00:00:5e:00:01:05']],
  ['IPv6 alone has the same name', [v6('A', 255)], [], ['vrrp.255 on eth0 00:00:5e:00:02:ff ipv6 link-local']],
  [
    'one id for both families, and on another interface',
    [v4('A', 5), v6('B', 5), v4('C', 5, { interface: 'eth1' })],
    [],
    [
      'vrrp.5 on eth0 00:00:5e:00:01:05',
      'vrrp6.5 on eth0 00:00:5e:00:02:05 ipv6 link-local',
      'vrrp1.5 on eth1 00:00:5e:00:01:05',
    ],
  ],
  [
    'names and addresses of the file; IPv6 addresses beside the others need IPv6',
    [v4('A', 5, { vmac: vmac({ ifname: 'foo', mac: '02:03:04:05:06:07' }), virtualIpaddressExcluded: [excluded6] })],
    [],
    ['foo on eth0 02:03:04:05:06:07 ipv6'],
  ],
  [
    'adverts by the interface below need no link-local address',
    [v6('A', 5, { vmac: vmac({ xmitBase: true }) })],
    [],
    ['vrrp.5 on eth0 00:00:5e:00:02:05 ipv6'],
  ],
  [
    'use_vmac_addr: one for each interface and family',
    [
      v4('A', 5, {
        useVmacAddr: true,
        virtualIpaddress: [address('192.0.2.1'), onEth1],
        virtualIpaddressExcluded: [excluded6],
      }),
    ],
    [],
    [
      'vrrp.5 on eth0 00:00:5e:00:01:05 ipv6',
      'vrrp1.5 on eth1 00:00:5e:00:01:05',
      'vrrp6.5 on eth0 00:00:5e:00:02:05 ipv6 link-local',
    ],
  ],
  [
    'use_vmac at an address, without one for the instance',
    [instance('A', { virtualRouterId: 5, virtualIpaddress: [address('192.0.2.1'), { ...onEth1, useVmac: true }] })],
    [],
    ['vrrp.5 on eth1 00:00:5e:00:01:05'],
  ],
  [
    'a hardware address of the file serves both families',
    [
      v4('A', 5, {
        useVmacAddr: true,
        vmac: vmac({ mac: '02:00:00:00:00:05' }),
        virtualIpaddressExcluded: [excluded6],
      }),
    ],
    [],
    ['vrrp.5 on eth0 02:00:00:00:00:05 ipv6'],
  ],
  [
    'what a former run left is taken up, whatever its name',
    [v4('A', 5), v4('B', 6)],
    [macvlan('old', 'eth0', '00:00:5e:00:01:05'), macvlan('vrrp.6', 'eth1', '00:00:5e:00:01:06')],
    ['old on eth0 00:00:5e:00:01:05', 'vrrp1.6 on eth0 00:00:5e:00:01:06'],
  ],
  [
    'a name that something else has is not used',
    [v4('A', 5), v4('B', 6, { vmac: vmac({ ifname: 'foo' }) })],
    [
      macvlan('vrrp.5', 'eth0', '02:00:00:00:00:01', false),
      { ...macvlan('foo', 'eth0', ''), kind: 'veth', suits: false },
    ],
    ['vrrp1.5 on eth0 00:00:5e:00:01:05', 'vrrp.6 on eth0 00:00:5e:00:01:06'],
  ],
  [
    'a private macvlan of the name that the file gives is changed to what it should be',
    [v4('B', 6, { vmac: vmac({ ifname: 'foo' }) })],
    [macvlan('foo', 'eth1', '02:00:00:00:00:01')],
    ['foo on eth0 00:00:5e:00:01:06'],
  ],
];

describe('the interfaces that a configuration asks for', () => {
  for (const [name, instances, present, links] of rows)
    test(name, () => {
      assert.deepEqual(made(instances, present).links.map(text), links);
    });

  test('prefixes', () => {
    const config = v4('A', 5, { virtualIpaddress: [address('192.0.2.1'), { ...onEth1, useVmac: true }] });
    const { links } = made([config], [], { prefix: 'vm', addrPrefix: 'va' });
    assert.deepEqual(
      links.map(({ ifname }) => ifname),
      ['vm.5', 'va.5'],
    );
  });

  test('all names are different and fit', () => {
    const many = Array.from({ length: 400 }, (_, i) => v4(`A${String(i)}`, 5, { interface: `eth${String(i)}` }));
    const { links } = made(many.slice(0, 250), [], { prefix: 'averylongp', addrPrefix: 'v' });
    assert.equal(new Set(links.map(({ ifname }) => ifname)).size, 250);
    assert.ok(links.every(({ ifname }) => ifname.length <= 15));
  });
});

describe('where things are', () => {
  const { vrrp } = made([
    v4('A', 5, { virtualIpaddress: [address('192.0.2.1'), onEth1], virtualIpaddressExcluded: [excluded6] }),
    v4('B', 6, { vmac: vmac({ xmitBase: true }) }),
    v4('C', 7, { unicastPeer: [{ ...address('192.0.2.9'), minTtl: 0, maxTtl: 255 }] }),
    v6('D', 8, {
      vmac: { kind: 'ipvlan', mode: 'bridge', xmitBase: true, address: ip('fd00::1') } satisfies IpvlanSettings,
    }),
    instance('E'),
  ]);
  test('addresses: the family of the instance on its own interface, others as the file says', () => {
    const { virtualIpaddress, virtualIpaddressExcluded } = vrrp.instances[0] ?? assert.fail();
    const devs = [...virtualIpaddress, ...virtualIpaddressExcluded].map(({ dev }) => dev);
    assert.deepEqual(devs, ['vrrp.5', 'eth1', undefined]);
  });

  test('addresses of an instance with an ipvlan stay where they are, which is for adverts only', () => {
    const { virtualIpaddress, virtualIpaddressExcluded } = vrrp.instances[3] ?? assert.fail();
    assert.deepEqual(
      [...virtualIpaddress, ...virtualIpaddressExcluded].map(({ dev }) => dev),
      [undefined],
    );
  });

  test('adverts: there as well, but with vmac_xmit_base and unicast on the interface below', () => {
    assert.deepEqual(vrrp.instances.map(advertInterface), ['vrrp.5', 'eth0', 'eth0', 'vrrp.8', 'eth0']);
  });
});

test('what a killed run left: macvlans of our virtual routers, and ipvlans that it told of, that no line names', () => {
  const instances = [
    instance('A', { virtualRouterId: 5, virtualIpaddress: [onEth1] }),
    instance('B', { virtualRouterId: 6, interface: 'vrrp.6' }),
  ];
  const present = [
    macvlan('vrrp.5', 'eth0', '00:00:5e:00:01:05'),
    macvlan('other', 'eth1', '00:00:5e:00:02:05'),
    macvlan('bridged', 'eth0', '00:00:5e:00:01:05', false),
    macvlan('vrrp.6', 'eth0', '00:00:5e:00:01:06'),
    macvlan('vrrp.7', 'eth0', '00:00:5e:00:01:07'),
    macvlan('elsewhere', 'eth2', '00:00:5e:00:01:05'),
    { ...macvlan('eth0', '', '00:00:5e:00:01:05'), kind: undefined },
    ipvlan('vrrp.8'),
    ipvlan('vrrp.9'),
    { ...ipvlan('l3'), suits: false },
    { ...ipvlan('replaced'), kind: 'dummy' },
    ipvlan('tracked'),
  ];
  const tracking = instance('C', {
    trackInterface: [{ name: 'tracked', span: instances[0]?.span ?? assert.fail(), weight: 0 }],
  });
  const told = ['vrrp.9', 'l3', 'replaced', 'tracked', 'gone'];
  const left = formerLinks(engineConfig([...instances, tracking]).vrrp, present, told);
  assert.deepEqual(left, ['vrrp.5', 'other', 'vrrp.9']);
});
