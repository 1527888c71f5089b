import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VrrpInstance } from '../../src/config/index.ts';
import type { InterfaceFacts } from '../../src/vrrp/index.ts';
import { engineConfig, instance, ip, span, track } from './configuration.ts';
import { Director } from './director.ts';

/** interface_up_down_delays; as keepalived 2.2.7 was seen to have them. */

const eth0: InterfaceFacts = { ifname: 'eth0', ifindex: 2, up: true, addresses: [ip('192.0.2.10')] };
const eth1: InterfaceFacts = { ifname: 'eth1', ifindex: 3, up: true, addresses: [] };

function master(
  delays: { readonly on?: string; readonly downMs: number; readonly upMs: number },
  change: Partial<VrrpInstance> = {},
): Director {
  const { on = 'eth0', downMs, upMs } = delays;
  const config = engineConfig([instance('A', change)], {
    interfaceUpDownDelays: [{ span, interface: on, downMs, upMs }],
  });
  const made = new Director(config, [eth0, eth1]);
  made.start(0);
  made.run(10_000);
  assert.equal(made.stateOf('A'), 'MASTER');
  return made;
}

/** When the instance was in this state first after 10 s. */
function when(made: Director, state: string): number | undefined {
  return made.trace.find(({ atMs, effect }) => atMs >= 10_000 && effect.type === 'notify' && effect.state === state)
    ?.atMs;
}

test('a link that is away for less than its delay has not been away', () => {
  const made = master({ downMs: 1000, upMs: 1000 });
  made.setUp('eth0', false, 10_100);
  made.run(11_099);
  made.setUp('eth0', true, 11_099);
  made.run(20_000);
  assert.deepEqual(made.notifications(10_000), []);
});

describe('when a loss and a return count', () => {
  for (const [name, delays, change, fault, backup] of [
    ['after the delays', { downMs: 1000, upMs: 500 }, {}, 11_100, 15_500],
    ['at once where the delay is 0', { downMs: 0, upMs: 500 }, {}, 10_100, 15_500],
    ['two intervals at most: another director would be master', { downMs: 9000, upMs: 9000 }, {}, 12_100, 17_000],
    ['on another interface no delay', { on: 'eth1', downMs: 1000, upMs: 1000 }, {}, 10_100, 15_000],
    ['down_timer_adverts 4: three intervals', { downMs: 9000, upMs: 0 }, { downTimerAdverts: 4 }, 13_100, 15_000],
  ] as const) {
    test(name, () => {
      const made = master(delays, change);
      made.setUp('eth0', false, 10_100);
      // News that is none begins no new delay.
      made.run(10_600);
      made.setUp('eth0', false, 10_600);
      made.run(15_000);
      made.setUp('eth0', true, 15_000);
      made.run(30_000);
      assert.deepEqual([when(made, 'FAULT'), when(made, 'BACKUP')], [fault, backup]);
    });
  }
});

test('a tracked interface that no instance is on has its whole delay', () => {
  const made = master({ on: 'eth1', downMs: 5000, upMs: 0 }, { trackInterface: [track('eth1')] });
  made.setUp('eth1', false, 10_100);
  made.run(30_000);
  assert.equal(when(made, 'FAULT'), 15_100);
});

test('an interface that vanishes counts at once, and one that comes anew as it is', () => {
  const made = master({ downMs: 1000, upMs: 1000 });
  made.setUp('eth0', false, 10_100);
  made.interfaces.delete('eth0');
  made.step({ type: 'interface-gone', ifname: 'eth0' }, 10_200);
  assert.equal(when(made, 'FAULT'), 10_200);
  made.setInterface({ ...eth0, ifindex: 9 }, 10_300);
  assert.equal(when(made, 'BACKUP'), 10_300);
  made.run(13_000);
  assert.equal(made.stateOf('A'), 'BACKUP');
});

test('a VMAC has the delays of the interface below', () => {
  const vmac = { kind: 'macvlan', ifname: 'vrrp.51', xmitBase: false, netlinkNotifyMsg: false } as const;
  const config = engineConfig([instance('A', { vmac })], {
    interfaceUpDownDelays: [{ span, interface: 'eth0', downMs: 1000, upMs: 0 }],
  });
  const made = new Director(config, [eth0, { ...eth1, ifname: 'vrrp.51' }]);
  made.start(0);
  made.run(10_000);
  made.setUp('vrrp.51', false, 10_100);
  made.run(30_000);
  assert.equal(when(made, 'FAULT'), 11_100);
});

test('a reload in between, with all interfaces told anew, does not shorten a delay', () => {
  const made = master({ downMs: 1000, upMs: 0 });
  made.setUp('eth0', false, 10_100);
  made.step({ type: 'reload', config: made.state.config, interfaces: [...made.interfaces.values()] }, 10_500);
  made.run(30_000);
  assert.equal(when(made, 'FAULT'), 11_100);
});
