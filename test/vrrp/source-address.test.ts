import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VrrpInstance } from '../../src/config/index.ts';
import type { InterfaceFacts } from '../../src/vrrp/index.ts';
import { address, engineConfig, instance, ip, span } from './configuration.ts';
import { Director } from './director.ts';

/** mcast_src_ip, unicast_src_ip and track_src_ip, with an address that is there, is not there, comes and goes. */

const own = ip('192.0.2.10');
const chosen = ip('192.0.2.9');
const unicastPeer = [{ span, address: ip('192.0.2.20'), minTtl: 0, maxTtl: 255 }];
const multicast: Partial<VrrpInstance> = { mcastSrcIp: chosen };
const unicast: Partial<VrrpInstance> = { unicastSrcIp: chosen, unicastPeer };
const tracked: Partial<VrrpInstance> = { trackSrcIp: true };

const link = (ifname: string, ifindex: number, addresses: InterfaceFacts['addresses']): InterfaceFacts => ({
  ifname,
  ifindex,
  up: true,
  addresses,
});

/** An instance on eth0, 10 s after its start. */
function director(change: Partial<VrrpInstance>, eth0 = [own], eth1: InterfaceFacts['addresses'] = []): Director {
  const made = new Director(engineConfig([instance('V', change)]), [link('eth0', 2, eth0), link('eth1', 3, eth1)]);
  made.start(0);
  made.run(10_000);
  return made;
}

function sources(made: Director, fromMs = 0): readonly string[] {
  const all = made.trace.flatMap(({ atMs, effect }) =>
    effect.type === 'send-advert' && atMs >= fromMs ? [effect.source] : [],
  );
  return [...new Set(all)];
}

function states(made: Director, fromMs = 0): readonly string[] {
  return made.notifications(fromMs).map((line) => line.split(' ')[2] ?? '');
}

describe('the source of adverts', () => {
  const rows: readonly [string, Partial<VrrpInstance>, string][] = [
    ['without a word the primary address', {}, own],
    ['mcast_src_ip', multicast, chosen],
    ['unicast_src_ip to peers', unicast, chosen],
    ['mcast_src_ip to peers, where there is no unicast_src_ip', { ...multicast, unicastPeer }, chosen],
    ['unicast_src_ip before mcast_src_ip to peers', { ...unicast, mcastSrcIp: ip('192.0.2.8') }, chosen],
    ['mcast_src_ip before unicast_src_ip to the group', { ...multicast, unicastSrcIp: ip('192.0.2.8') }, chosen],
  ];
  for (const [name, change, source] of rows) {
    test(name, () => {
      const made = director(change, [own, chosen]);
      assert.deepEqual(sources(made), [source]);
      assert.equal(made.stateOf('V'), 'MASTER');
    });
  }

  test('adverts of equal priority are compared with it', () => {
    const virtualIpaddress = [address('192.0.2.100')];
    const made = director({ ...multicast, mcastSrcIp: ip('192.0.2.200'), virtualIpaddress });
    assert.equal(made.state.instances[0]?.source, '192.0.2.200');
  });
});

describe('an address that is not there', () => {
  const missing = 'address 192.0.2.9 is on no interface';
  const rows: readonly [string, Partial<VrrpInstance>, 'MASTER' | 'FAULT'][] = [
    ['mcast_src_ip: adverts come from it all the same', multicast, 'MASTER'],
    ['mcast_src_ip with track_src_ip: FAULT', { ...multicast, ...tracked }, 'FAULT'],
    ['unicast_src_ip: FAULT, since nothing can be heard', unicast, 'FAULT'],
    ['unicast_src_ip with track_src_ip: FAULT', { ...unicast, ...tracked }, 'FAULT'],
  ];
  for (const [name, change, state] of rows) {
    test(name, () => {
      const made = director(change);
      assert.equal(made.stateOf('V'), state);
      assert.deepEqual(sources(made), state === 'MASTER' ? [chosen] : []);
      const said = made.logs().filter((text) => text.includes(missing));
      assert.deepEqual(said, state === 'MASTER' ? [] : [`(V) Entering FAULT STATE: ${missing}`]);
      if (state === 'MASTER') return;
      made.setAddress('eth0', chosen, true, 11_000);
      made.run(20_000);
      assert.deepEqual(states(made), ['FAULT', 'BACKUP', 'MASTER'], 'when it comes');
      assert.deepEqual(sources(made), [chosen]);
    });
  }

  test('it may be on another interface', () => {
    for (const change of [unicast, { ...unicast, ...tracked }, { ...multicast, ...tracked }])
      assert.equal(director(change, [own], [chosen]).stateOf('V'), 'MASTER');
  });

  test('but a link-local one not', () => {
    const mcastSrcIp = ip('fe80::9');
    const change = { family: 'ipv6', version: 3, mcastSrcIp, trackSrcIp: true } as const;
    const addresses = [ip('fe80::10')];
    const elsewhere = director(change, addresses, [mcastSrcIp]);
    assert.deepEqual(elsewhere.logs(), ['(V) Entering FAULT STATE: address fe80::9 is not on interface eth0']);
    assert.equal(director(change, [...addresses, mcastSrcIp]).stateOf('V'), 'MASTER');
  });
});

describe('an address that is taken away while the instance is MASTER', () => {
  const rows: readonly [string, Partial<VrrpInstance>, readonly string[]][] = [
    ['mcast_src_ip', multicast, []],
    ['unicast_src_ip', unicast, []],
    ['mcast_src_ip with track_src_ip', { ...multicast, ...tracked }, ['FAULT', 'BACKUP', 'MASTER']],
    ['unicast_src_ip with track_src_ip', { ...unicast, ...tracked }, ['FAULT', 'BACKUP', 'MASTER']],
  ];
  for (const [name, change, expected] of rows) {
    test(`${name}: ${expected.length === 0 ? 'it goes on' : 'FAULT until it is back, with a farewell from it'}`, () => {
      const made = director(change, [own, chosen]);
      made.setAddress('eth0', chosen, false, 10_001);
      const gone = made.trace.filter(({ atMs, effect }) => atMs === 10_001 && effect.type === 'send-advert');
      assert.equal(gone.length, expected.length === 0 ? 0 : 1);
      made.run(12_000);
      assert.equal(made.stateOf('V'), expected[0] ?? 'MASTER');
      made.setAddress('eth0', chosen, true, 12_500);
      made.run(20_000);
      assert.deepEqual(states(made, 10_001), expected);
      assert.deepEqual(sources(made), [chosen]);
    });
  }
});
