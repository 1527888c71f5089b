import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VrrpInstance } from '../../src/config/index.ts';
import { randomNumbers, type Machine } from '../../src/simulate/index.ts';
import { inner, notifications, outer, twoDirectors, type Cluster } from './two-directors.ts';

/**
 * Random troubles that a seed decides, one or two at a time, each followed by a time of peace. To see one again, run its seed.
 */

const seeds = Number(process.env['WATCHKEEPER_SEEDS'] ?? 12);
const kinds: readonly { readonly name: string; readonly change: Partial<VrrpInstance> }[] = [
  { name: 'version 2, 1 s', change: {} },
  { name: 'version 3, 0.1 s', change: { version: 3, advertIntMs: 100 } },
  { name: 'version 2, preempt_delay 5 s', change: { preemptDelayMs: 5000 } },
  { name: 'version 2, nopreempt', change: { nopreempt: true, state: 'BACKUP' } },
];

function pick<T>(random: () => number, choices: readonly T[]): T {
  const choice = choices[Math.floor(random() * choices.length)];
  assert.ok(choice !== undefined);
  return choice;
}

/** Makes one trouble and returns what ends it. */
function trouble(
  random: () => number,
  { network, first, second }: Cluster,
): { readonly end: () => void; readonly name: string } {
  const router = pick(random, [first, second]);
  const ifname = pick(random, ['eth0', 'eth1']);
  switch (pick(random, ['link', 'cut', 'one-way', 'loss', 'kill', 'freeze', 'flaps', 'delay'])) {
    case 'link':
      router.setUp(ifname, false, network.nowMs);
      return {
        name: `${router.name} ${ifname} down`,
        end: () => {
          router.setUp(ifname, true, network.nowMs);
        },
      };
    case 'flaps':
      for (let i = 0; i < 5; i++) router.setUp(ifname, i % 2 === 1, network.nowMs);
      return {
        name: `${router.name} ${ifname} flaps`,
        end: () => {
          router.setUp(ifname, true, network.nowMs);
        },
      };
    case 'cut':
      network.cuts.add(`D1>D2 ${ifname}`).add(`D2>D1 ${ifname}`);
      return {
        name: `${ifname} cut`,
        end: () => {
          network.cuts.clear();
        },
      };
    case 'one-way': {
      const way = pick(random, ['D1>D2', 'D2>D1']);
      network.cuts.add(`${way} ${ifname}`);
      return {
        name: `${way} ${ifname} cut`,
        end: () => {
          network.cuts.clear();
        },
      };
    }
    case 'loss': {
      const lost = random();
      network.quality = { ...network.quality, lost };
      return {
        name: `loss ${String(lost)}`,
        end: () => {
          network.quality = { ...network.quality, lost: 0 };
        },
      };
    }
    case 'delay': {
      const maxDelayMs = 2000 * random();
      network.quality = { ...network.quality, maxDelayMs };
      return {
        name: `delay up to ${String(maxDelayMs)} ms`,
        end: () => {
          network.quality = { ...network.quality, maxDelayMs: 1 };
        },
      };
    }
    case 'kill':
      router.kill();
      return {
        name: `${router.name} killed`,
        end: () => {
          router.start(network.nowMs);
        },
      };
    default:
      router.frozenUntilMs = network.nowMs + 10_000 * random();
      return {
        name: `${router.name} frozen until ${String(router.frozenUntilMs)}`,
        end: () => {
          router.frozenUntilMs = 0;
        },
      };
  }
}

function master(machine: Machine): boolean {
  return machine.stateOf('VI_EXTERNAL') === 'MASTER';
}

/** What holds at every moment, whatever happens to the network. */
function alwaysTrue({ first, second }: Cluster): void {
  for (const machine of [first, second]) {
    if (!machine.alive) continue;
    const { name } = machine;
    const external = machine.stateOf('VI_EXTERNAL');
    assert.equal(machine.stateOf('VI_INTERNAL'), external, `the group of ${name} is apart`);
    for (const { ifname, vip } of [outer, inner]) {
      assert.equal(
        machine.holds(ifname, vip),
        external === 'MASTER',
        `${name} has ${vip} in state ${String(external)}`,
      );
    }
  }
}

for (const { name, change } of kinds) {
  describe(`two directors in trouble, ${name}`, () => {
    for (let seed = 1; seed <= seeds; seed++) {
      test(`seed ${String(seed)}`, () => {
        const random = randomNumbers(seed);
        const cluster = twoDirectors(random, change);
        const { network, first, second } = cluster;
        const downMs = (change.version === 3 ? 400 : 4000) + (change.preemptDelayMs ?? 0);
        const history: string[] = [];
        const watch = (): void => {
          alwaysTrue(cluster);
        };
        network.run(20_000, watch);
        for (let round = 0; round < 8; round++) {
          const troubles = [trouble(random, cluster), ...(random() < 0.3 ? [trouble(random, cluster)] : [])];
          history.push(`${String(network.nowMs)}: ${troubles.map((each) => each.name).join(', ')}`);
          const told = (): string => history.join('\n');
          network.run(network.nowMs + 20_000 * random(), watch);
          for (const { end } of troubles) end();
          // Packets under way, and the startup of a process that was killed.
          network.run(network.nowMs + 2000 + 2 * downMs, watch);
          const masters = [first, second].filter(master);
          assert.equal(masters.length, 1, told());
          if (change.nopreempt !== true) assert.equal(masters[0]?.name, 'D1', told());
          const atMs = network.nowMs;
          network.run(atMs + 10 * downMs, watch);
          for (const each of [first, second]) assert.deepEqual(notifications(cluster, each, atMs + 1), [], told());
          for (const { ifname, vip } of [outer, inner]) assert.equal(network.holders(ifname, vip).length, 1, told());
        }
      });
    }
  });
}

describe('a backup that is not scheduled for a while', () => {
  for (const frozenMs of [500, 3500, 3900, 4500, 20_000]) {
    test(`for ${String(frozenMs)} ms: it reads what waited for it and moves nothing`, () => {
      for (let phaseMs = 0; phaseMs < 1000; phaseMs += 50) {
        const cluster = twoDirectors(randomNumbers(1));
        const { network, first, second } = cluster;
        network.run(10_000 + phaseMs);
        second.frozenUntilMs = network.nowMs + frozenMs;
        network.run(60_000);
        assert.deepEqual(notifications(cluster, second, 9000), []);
        assert.deepEqual(notifications(cluster, first, 9000), []);
      }
    });
  }
});

describe('a backup at 0.01 s', () => {
  const fast = { version: 3, advertIntMs: 10 } as const;
  for (const frozenMs of [5, 30, 34, 40, 60, 1000]) {
    test(`whose process is not scheduled for ${String(frozenMs)} ms moves nothing`, () => {
      for (let phaseMs = 0; phaseMs < 10; phaseMs += 0.5) {
        const cluster = twoDirectors(randomNumbers(1), fast);
        const { network, second } = cluster;
        network.run(1000 + phaseMs);
        second.frozenUntilMs = network.nowMs + frozenMs;
        network.run(3000);
        assert.deepEqual(notifications(cluster, second, 900), [], `at ${String(phaseMs)}`);
      }
    });
  }

  test('whose machine stands still for 50 ms and more, so that adverts are lost, moves nothing', () => {
    for (const frozenMs of [50, 60, 333, 5000]) {
      for (let phaseMs = 0; phaseMs < 10; phaseMs += 0.5) {
        const cluster = twoDirectors(randomNumbers(1), fast);
        const { network, second } = cluster;
        network.run(1000 + phaseMs);
        second.frozenUntilMs = network.nowMs + frozenMs;
        network.quality = { ...network.quality, lost: 1 };
        network.run(network.nowMs + frozenMs - 0.001);
        network.quality = { ...network.quality, lost: 0 };
        network.run(network.nowMs + 2000);
        assert.deepEqual(notifications(cluster, second, 900), [], `${String(frozenMs)} ms at ${String(phaseMs)}`);
      }
    }
  });
});

test('a dead master is replaced within one master down interval, and two masters on a healthy link last no longer', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = randomNumbers(seed);
    const { network, first, second } = twoDirectors(random);
    network.quality = { ...network.quality, maxDelayMs: 50 };
    network.run(10_000 + 1000 * random());
    first.kill();
    const killedMs = network.nowMs;
    network.run(killedMs + 3805 + 50);
    assert.ok(master(second), `seed ${String(seed)}`);
    network.run(killedMs + 10_000);
    first.start(network.nowMs);
    let bothSinceMs: number | undefined;
    network.run(killedMs + 40_000, (nowMs) => {
      bothSinceMs = master(first) && master(second) ? (bothSinceMs ?? nowMs) : undefined;
      assert.ok(bothSinceMs === undefined || nowMs - bothSinceMs < 3609);
    });
    assert.deepEqual([master(first), master(second)], [true, false]);
  }
});
