import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { randomNumbers, type Router } from './network.ts';
import { inner, moves, outer, twoDirectors } from './two-directors.ts';

const none = { VI_EXTERNAL: 0, VI_INTERNAL: 0, VG1: 0 };
const once = { VI_EXTERNAL: 1, VI_INTERNAL: 1, VG1: 1 };
/** Three intervals and the skew of priority 50: the longest that a dead master goes unnoticed. */
const takeoverMs = 3000 + (206 / 256) * 1000;

function bothAt(router: Router): readonly boolean[] {
  return [router.director.holds(outer.ifname, outer.vip), router.director.holds(inner.ifname, inner.vip)];
}

describe('the cluster of two directors', () => {
  for (const cable of ['eth0', 'eth1']) {
    test(`director 1's ${cable} is pulled and put back: both addresses move once, and move back once`, () => {
      const { network, first, second } = twoDirectors(randomNumbers(1));
      network.run(10_000);
      assert.deepEqual(
        [bothAt(first), bothAt(second)],
        [
          [true, true],
          [false, false],
        ],
      );

      network.setUp(first, cable, false);
      assert.deepEqual(bothAt(first), [false, false], 'given up in the same step');
      network.run(10_000 + takeoverMs + 1);
      assert.deepEqual(bothAt(second), [true, true]);
      network.run(100_000);
      assert.deepEqual([moves(second, 10_000), moves(first, 10_000)], [once, none]);

      network.setUp(first, cable, true);
      network.run(100_000 + takeoverMs + 1);
      assert.deepEqual(
        [bothAt(first), bothAt(second)],
        [
          [true, true],
          [false, false],
        ],
      );
      network.run(200_000);
      assert.deepEqual([moves(second, 100_000), moves(first, 100_000)], [none, once]);
    });

    test(`nothing passes director 1's switch port of ${cable} while its link stays up: no address flaps`, () => {
      const { network, first, second } = twoDirectors(randomNumbers(2));
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
      assert.deepEqual([moves(first, 10_000), moves(second, 10_000)], [none, none]);
      network.cuts.clear();
      network.run(300_000);
      assert.deepEqual([moves(first, 10_000), moves(second, 10_000)], [none, none]);
    });

    for (const way of ['D1>D2', 'D2>D1']) {
      test(`packets pass ${cable} only against ${way}: no address flaps, whoever starts last`, () => {
        const { network, first, second } = twoDirectors(randomNumbers(3));
        network.run(10_000);
        network.cuts.add(`${way} ${cable}`);
        network.run(60_000);
        assert.deepEqual([moves(first, 10_000), moves(second, 10_000)], [none, none]);
        for (const router of [second, first]) {
          network.kill(router);
          network.run(network.nowMs + 20_000);
          network.restart(router);
          const restartedMs = network.nowMs;
          network.run(restartedMs + 100_000);
          assert.deepEqual(
            [bothAt(first), bothAt(second)],
            [
              [true, true],
              [false, false],
            ],
          );
          assert.ok((moves(first, restartedMs)['VG1'] ?? 0) <= 1);
          assert.deepEqual(moves(second, restartedMs + takeoverMs), none);
        }
      });
    }
  }

  test('director 1 loses both cables, one after the other, and gets them back one after the other: one move each way', () => {
    const { network, first, second } = twoDirectors(randomNumbers(4));
    network.run(10_000);
    network.setUp(first, 'eth1', false);
    network.run(20_000);
    network.setUp(first, 'eth0', false);
    network.run(30_000);
    network.setUp(first, 'eth1', true);
    network.run(60_000);
    assert.deepEqual(bothAt(second), [true, true], 'one cable is not enough');
    network.setUp(first, 'eth0', true);
    network.run(100_000);
    assert.deepEqual([moves(second, 10_000), moves(first, 10_000)], [once, once]);
  });

  test('the two are cut off from each other and meet again: one yields, the other announces and notifies again', () => {
    const { network, first, second } = twoDirectors(randomNumbers(5));
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
    const announced = first.director.trace.filter(({ atMs, effect }) => atMs >= 30_000 && effect.type === 'announce');
    assert.ok(announced.some(({ effect }) => effect.type === 'announce' && effect.address === outer.vip));
    assert.ok(announced.some(({ effect }) => effect.type === 'announce' && effect.address === inner.vip));
    assert.ok(first.director.notifications(30_000).some((line) => line.includes('MASTER_RX_LOWER_PRI')));
    assert.deepEqual(moves(first, 30_000), none);
  });
});
