import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VrrpInstance } from '../../src/config/index.ts';
import { encodeAdvert, type InterfaceFacts, type VrrpEffect, type VrrpStats } from '../../src/vrrp/index.ts';
import { engineConfig, instance, ip, span } from './configuration.ts';
import { Director } from './director.ts';

/** The sum of keepalived up to 1.3.6 for unicast: what keepalived 2.2.7 was seen to send with old_unicast_checksum. */

const source = ip('10.9.0.1');
const peer = ip('10.9.0.2');
const eth0: InterfaceFacts = { ifname: 'eth0', ifindex: 2, up: true, addresses: [source] };
const captured = '3108c801001e122c0a09000a';
/** The same with vrrp_mcast_group4 224.0.0.77. */
const capturedOtherGroup = '3108c801001e11f10a09000a';

function director(change: Partial<VrrpInstance> = {}, group = '224.0.0.18'): Director {
  const made = new Director(
    engineConfig(
      [
        instance('A', {
          version: 3,
          virtualRouterId: 8,
          priority: 200,
          advertIntMs: 300,
          virtualIpaddress: [{ span, address: ip('10.9.0.10'), prefixLength: 32 }],
          unicastPeer: [{ span, address: peer, minTtl: 0, maxTtl: 255 }],
          ...change,
        }),
      ],
      {},
      { mcastGroup4: ip(group) },
    ),
    [eth0],
  );
  made.start(0);
  return made;
}

function sent(effects: readonly VrrpEffect[]): readonly string[] {
  return effects.flatMap((effect) => (effect.type === 'send-advert' ? [Buffer.from(effect.pdu).toString('hex')] : []));
}

/** An advert of the peer, summed as if it went to `to`. */
function hear(made: Director, nowMs: number, to: string, priority = 250, from = peer): readonly VrrpEffect[] {
  const addresses = [ip('10.9.0.10')];
  const advert = { version: 3, virtualRouterId: 8, priority, advertIntMs: 300, addresses } as const;
  const payload = encodeAdvert(advert, { source: from, destination: ip(to) });
  return made.step({ type: 'packet', ifname: 'eth0', source: from, destination: source, ttl: 255, payload }, nowMs);
}

function stats(made: Director): VrrpStats {
  return made.state.instances[0]?.stats ?? assert.fail('no instance');
}

describe('sending', () => {
  for (const [name, change, group, expected] of [
    ['old_unicast_checksum', { oldUnicastChecksum: 'yes' }, '224.0.0.18', captured],
    ['with another multicast group', { oldUnicastChecksum: 'yes' }, '224.0.0.77', capturedOtherGroup],
  ] as const) {
    test(name, () => {
      assert.equal(sent(director(change, group).run(3000))[0], expected);
    });
  }

  for (const [name, change] of [
    ['unless said, the sum of today', {}],
    ['never', { oldUnicastChecksum: 'never' }],
  ] as const) {
    test(name, () => {
      assert.notEqual(sent(director(change).run(3000))[0], captured);
    });
  }
});

describe('hearing a peer that uses it', () => {
  test('it is believed, counted, and answered alike; and with the sum of today once it uses that', () => {
    const made = director();
    hear(made, 100, '224.0.0.18');
    assert.deepEqual([stats(made).advert_rcvd, stats(made).checksum_old_unicast], [1, 1]);
    assert.equal(sent(made.run(3000))[0], captured);
    hear(made, 3001, '10.9.0.1', 100);
    assert.notEqual(sent(made.run(4000))[0], captured);
  });

  test('never: it is a wrong sum', () => {
    const made = director({ oldUnicastChecksum: 'never' });
    hear(made, 100, '224.0.0.18');
    assert.deepEqual([stats(made).advert_rcvd, stats(made).checksum_err], [0, 1]);
  });

  test('from an address that is no peer nothing is learnt', () => {
    const made = director();
    hear(made, 100, '224.0.0.18', 250, ip('10.9.0.3'));
    assert.notEqual(sent(made.run(3000))[0], captured);
  });
});
