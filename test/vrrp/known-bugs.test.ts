import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Network, randomNumbers, type Machine } from '../../src/simulate/index.ts';
import type { EngineConfig, VrrpEffect } from '../../src/vrrp/index.ts';
import { twoDirectors, outer, inner, moves } from '../simulation/two-directors.ts';
import { address, engineConfig, group, instance, ip, script, track } from './configuration.ts';
import { Director } from './director.ts';

/** What was reported of keepalived's sync groups and elections, each as a test that ours does not: github.com/acassen/keepalived/issues/N. */

const links = [
  { ifname: 'eth0', ifindex: 2, up: true, addresses: [ip('192.0.2.10')] },
  { ifname: 'eth1', ifindex: 3, up: true, addresses: [ip('198.51.100.10')] },
];
const outside = instance('VI_1', { trackScript: [track('chk')] });
const inside = instance('VI_2', {
  interface: 'eth1',
  virtualRouterId: 52,
  virtualIpaddress: [address('198.51.100.100')],
});
const grouped = engineConfig([outside, inside], {
  syncGroups: [group('VG', ['VI_1', 'VI_2'])],
  scripts: [script('chk')],
});

function started(config: EngineConfig): Director {
  const made = new Director(config, links);
  made.start(0);
  made.step({ type: 'script-result', script: 'chk', ok: true, reason: '' }, 0);
  return made;
}

describe('1476, 1532 and 2683: a sync group leaves FAULT when nothing keeps it there', () => {
  const parts = [
    ['links of both members, back in the order in which they went', ['down eth0', 'down eth1', 'up eth0', 'up eth1']],
    ['links of both members, back in the other order', ['down eth0', 'down eth1', 'up eth1', 'up eth0']],
    ['a script and a link', ['fail', 'down eth1', 'ok', 'up eth1']],
    ['a reload while it is in FAULT', ['down eth0', 'reload', 'up eth0']],
    ['a reload that takes the group apart and one that makes it again', ['down eth0', 'apart', 'up eth0', 'reload']],
    ['the interface taken away and made again', ['gone eth1', 'up eth1']],
  ] as const;
  const apart = engineConfig([outside, inside], { scripts: [script('chk')] });

  function act(made: Director, word: string, ms: number): void {
    const [what, ifname = ''] = word.split(' ');
    const facts = links.find((link) => link.ifname === ifname);
    if (what === 'fail' || what === 'ok')
      made.step({ type: 'script-result', script: 'chk', ok: what === 'ok', reason: '' }, ms);
    else if (what === 'gone') made.step({ type: 'interface-gone', ifname }, ms);
    else if (facts !== undefined) made.setInterface({ ...facts, up: what === 'up' }, ms);
    else made.step({ type: 'reload', config: what === 'apart' ? apart : grouped }, ms);
  }

  /** Everything is well again from `ms` on. */
  function assertMaster(made: Director, ms: number): void {
    made.run(ms + 10_000);
    assert.deepEqual([made.stateOf('VI_1'), made.stateOf('VI_2')], ['MASTER', 'MASTER']);
    assert.deepEqual(
      made.state.groups.map(({ state }) => state),
      ['MASTER'],
    );
    assert.equal(made.holds('eth0', ip('192.0.2.100')) && made.holds('eth1', ip('198.51.100.100')), true);
  }

  for (const [name, words] of parts) {
    test(name, () => {
      const made = started(grouped);
      made.run(10_000);
      for (const [k, word] of words.entries()) {
        act(made, word, 10_000 + k * 2000);
        made.run(11_999 + k * 2000);
      }
      assertMaster(made, 10_000 + words.length * 2000);
    });
  }

  test('whatever happened to it', () => {
    const words = fc.constantFrom(
      ...['down eth0', 'down eth1', 'up eth0', 'up eth1', 'gone eth0', 'gone eth1', 'fail', 'ok', 'apart', 'reload'],
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(words, fc.nat(5000)), { maxLength: 30 }), (events) => {
        const made = started(grouped);
        let ms = 0;
        for (const [word, laterMs] of events) {
          ms += laterMs;
          made.run(ms);
          act(made, word, ms);
        }
        for (const word of ['reload', 'up eth0', 'up eth1']) act(made, word, ms);
        // A result counts once the script has been run again.
        made.run(ms + 2000);
        act(made, 'ok', ms + 2000);
        assertMaster(made, ms + 2000);
      }),
    );
  });
});

test('560: the members of a sync group move at the same time, into each state', () => {
  const made = started(grouped);
  made.run(10_000);
  made.setUp('eth1', false, 10_000);
  made.setUp('eth1', true, 15_000);
  made.run(30_000);
  const movedAt = (name: string) =>
    made.trace.flatMap(({ atMs, effect }) =>
      effect.type === 'notify' && effect.name === name ? [`${effect.state} ${String(atMs)}`] : [],
    );
  assert.deepEqual(
    movedAt('VI_1').map((text) => text.split(' ')[0]),
    ['BACKUP', 'MASTER', 'FAULT', 'BACKUP', 'MASTER'],
  );
  assert.deepEqual(movedAt('VI_2'), movedAt('VI_1'));
  assert.deepEqual(movedAt('VG'), movedAt('VI_1'));
});

describe('one master in the end', () => {
  /** Who is MASTER of each instance. */
  const masters = (machines: readonly Machine[], name: string): readonly string[] =>
    machines.filter((machine) => machine.stateOf(name) === 'MASTER').map((machine) => machine.name);

  test('2387: both directors start at once and are reloaded while they elect', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = randomNumbers(seed);
      const { network, first, second } = twoDirectors(random, { state: 'MASTER' });
      const times = Array.from({ length: 6 }, () => Math.floor(random() * 6000)).toSorted((a, b) => a - b);
      for (const [k, ms] of times.entries()) {
        network.run(ms);
        // Every third time both at the same instant.
        const who = k % 3 === 0 ? [first, second] : [random() < 0.5 ? first : second];
        for (const machine of who) machine.tell({ type: 'reload', config: machine.config }, network.nowMs);
      }
      network.run(15_000);
      const both = [first, second];
      const seen = [masters(both, 'VI_EXTERNAL'), masters(both, 'VI_INTERNAL')];
      assert.deepEqual(seen, [['D1'], ['D1']], `seed ${String(seed)}`);
      assert.deepEqual([second.holds('eth0', outer.vip), second.holds('eth1', inner.vip)], [false, false]);
    }
  });

  test('2649: of three directors one starts again, at any time, whoever is MASTER', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const random = randomNumbers(seed);
      const network = new Network(random);
      const machines = [1, 2, 3].map((k) =>
        network.add(`D${String(k)}`, engineConfig([instance('VI_1', { priority: seed % 2 === 0 ? 100 : 90 + k })]), [
          { ifname: 'eth0', link: 'eth0', ifindex: 2, up: true, addresses: [ip(`192.0.2.1${String(k)}`)] },
        ]),
      );
      for (const machine of machines) machine.start(0);
      network.run(10_000 + random() * 1000);
      const again = machines[seed % 3];
      again?.kill();
      network.run(network.nowMs + random() * 10_000);
      again?.start(network.nowMs);
      network.run(network.nowMs + 10_000);
      assert.equal(masters(machines, 'VI_1').length, 1, `seed ${String(seed)}`);
    }
  });

  test('1884: equal priorities: the higher address is MASTER, the other one never again', () => {
    const cluster = twoDirectors(randomNumbers(7), { priority: 100, state: 'MASTER' });
    const { network, first, second } = cluster;
    network.run(20_000);
    assert.deepEqual(
      [masters([first, second], 'VI_EXTERNAL').length, masters([first, second], 'VI_INTERNAL').length],
      [1, 1],
    );
    network.run(60_000);
    assert.deepEqual([moves(cluster, first, 20_000)['VG1'], moves(cluster, second, 20_000)['VG1']], [0, 0]);
  });
});

describe('166, 285 and 1884: when a split brain ends, who stays MASTER says so', () => {
  const heard = (cluster: ReturnType<typeof twoDirectors>, fromMs: number): readonly VrrpEffect[] =>
    cluster.trace.flatMap(({ machine, atMs, effect }) => (machine === 'D1' && atMs >= fromMs ? [effect] : []));

  test('by gratuitous ARP for all addresses of the sync group, an advert, and notify_master_rx_lower_pri', () => {
    const cluster = twoDirectors(randomNumbers(3));
    const { network } = cluster;
    network.run(10_000);
    for (const ifname of ['eth0', 'eth1']) network.cuts.add(`D1>D2 ${ifname}`).add(`D2>D1 ${ifname}`);
    network.run(30_000);
    network.cuts.clear();
    network.run(45_000);
    const effects = heard(cluster, 30_000);
    for (const { vip } of [outer, inner])
      assert.ok(
        effects.some((effect) => effect.type === 'announce' && effect.address === vip),
        vip,
      );
    const told = effects.flatMap((effect) => (effect.type === 'notify' ? [`${effect.name} ${effect.state}`] : []));
    assert.deepEqual(told.toSorted(), ['VI_EXTERNAL MASTER_RX_LOWER_PRI', 'VI_INTERNAL MASTER_RX_LOWER_PRI']);
  });
});
