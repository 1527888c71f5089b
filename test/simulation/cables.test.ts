import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { randomNumbers, type Machine } from '../../src/simulate/index.ts';
import { inner, moves, notifications, outer, twoDirectors } from './two-directors.ts';

const none = { VI_EXTERNAL: 0, VI_INTERNAL: 0, VG1: 0 };
const once = { VI_EXTERNAL: 1, VI_INTERNAL: 1, VG1: 1 };
/** Three intervals and the skew of priority 50: the longest that a dead master goes unnoticed. */
const takeoverMs = 3000 + (206 / 256) * 1000;

function bothAt(machine: Machine): readonly boolean[] {
  return [machine.holds(outer.ifname, outer.vip), machine.holds(inner.ifname, inner.vip)];
}

describe('the cluster of two directors', () => {
  for (const cable of ['eth0', 'eth1']) {
    test(`director 1's ${cable} is pulled and put back: both addresses move once, and move back once`, () => {
      const cluster = twoDirectors(randomNumbers(1));
      const { network, first, second } = cluster;
      network.run(10_000);
      assert.deepEqual(
        [bothAt(first), bothAt(second)],
        [
          [true, true],
          [false, false],
        ],
      );

      first.setUp(cable, false, network.nowMs);
      assert.deepEqual(bothAt(first), [false, false], 'given up in the same step');
      network.run(10_000 + takeoverMs + 1);
      assert.deepEqual(bothAt(second), [true, true]);
      network.run(100_000);
      assert.deepEqual([moves(cluster, second, 10_000), moves(cluster, first, 10_000)], [once, none]);

      first.setUp(cable, true, network.nowMs);
      network.run(100_000 + takeoverMs + 1);
      assert.deepEqual(
        [bothAt(first), bothAt(second)],
        [
          [true, true],
          [false, false],
        ],
      );
      network.run(200_000);
      assert.deepEqual([moves(cluster, second, 100_000), moves(cluster, first, 100_000)], [none, once]);
    });

    test(`nothing passes director 1's switch port of ${cable} while its link stays up: no address flaps`, () => {
      const cluster = twoDirectors(randomNumbers(2));
      const { network, first, second } = cluster;
      network.run(10_000);
      network.cuts.add(`D1>D2 ${cable}`).add(`D2>D1 ${cable}`);
      network.run(200_000);
      assert.deepEqual(
        [bothAt(first), bothAt(second)],
        [
          [true, true],
          [false, false],
        ],
      );
      assert.deepEqual([moves(cluster, first, 10_000), moves(cluster, second, 10_000)], [none, none]);
      network.cuts.clear();
      network.run(300_000);
      assert.deepEqual([moves(cluster, first, 10_000), moves(cluster, second, 10_000)], [none, none]);
    });

    for (const way of ['D1>D2', 'D2>D1']) {
      test(`packets pass ${cable} only against ${way}: no address flaps, whoever starts last`, () => {
        const cluster = twoDirectors(randomNumbers(3));
        const { network, first, second } = cluster;
        network.run(10_000);
        network.cuts.add(`${way} ${cable}`);
        network.run(60_000);
        assert.deepEqual([moves(cluster, first, 10_000), moves(cluster, second, 10_000)], [none, none]);
        for (const router of [second, first]) {
          router.kill();
          network.run(network.nowMs + 20_000);
          router.start(network.nowMs);
          const restartedMs = network.nowMs;
          network.run(restartedMs + 100_000);
          assert.deepEqual(
            [bothAt(first), bothAt(second)],
            [
              [true, true],
              [false, false],
            ],
          );
          assert.ok((moves(cluster, first, restartedMs)['VG1'] ?? 0) <= 1);
          assert.deepEqual(moves(cluster, second, restartedMs + takeoverMs), none);
        }
      });
    }
  }

  test('director 1 loses both cables, one after the other, and gets them back one after the other: one move each way', () => {
    const cluster = twoDirectors(randomNumbers(4));
    const { network, first, second } = cluster;
    network.run(10_000);
    first.setUp('eth1', false, network.nowMs);
    network.run(20_000);
    first.setUp('eth0', false, network.nowMs);
    network.run(30_000);
    first.setUp('eth1', true, network.nowMs);
    network.run(60_000);
    assert.deepEqual(bothAt(second), [true, true], 'one cable is not enough');
    first.setUp('eth0', true, network.nowMs);
    network.run(100_000);
    assert.deepEqual([moves(cluster, second, 10_000), moves(cluster, first, 10_000)], [once, once]);
  });

  test('the two are cut off from each other and meet again: one yields, the other announces and notifies again (keepalived issues 166 and 285)', () => {
    const cluster = twoDirectors(randomNumbers(5));
    const { network, first, second } = cluster;
    network.run(10_000);
    for (const ifname of ['eth0', 'eth1']) network.cuts.add(`D1>D2 ${ifname}`).add(`D2>D1 ${ifname}`);
    network.run(30_000);
    assert.deepEqual(
      [bothAt(first), bothAt(second)],
      [
        [true, true],
        [true, true],
      ],
      'nobody can know better',
    );
    network.cuts.clear();
    network.run(60_000);
    assert.deepEqual(
      [bothAt(first), bothAt(second)],
      [
        [true, true],
        [false, false],
      ],
    );
    const announced = cluster.trace.filter(
      ({ machine, atMs, effect }) => machine === 'D1' && atMs >= 30_000 && effect.type === 'announce',
    );
    assert.ok(announced.some(({ effect }) => effect.type === 'announce' && effect.address === outer.vip));
    assert.ok(announced.some(({ effect }) => effect.type === 'announce' && effect.address === inner.vip));
    assert.ok(notifications(cluster, first, 30_000).some((line) => line.includes('MASTER_RX_LOWER_PRI')));
    assert.deepEqual(moves(cluster, first, 30_000), none);
  });
});
