import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LvsConfig, RealServer, VirtualServer } from '../../src/config/index.ts';
import type { IpvsTableEntry } from '../../src/core/index.ts';
import {
  applied,
  checkerId,
  checkerStates,
  desiredTable,
  formatPlan,
  lvsStep,
  newLvsState,
  plan,
  serviceId,
  type LvsState,
} from '../../src/lvs/index.ts';
import { lvsConfig, miscCheck, realServer, sorry, tcpCheck, virtualServer } from './configs.ts';

/** What reloads of keepalived were reported to do to the table, each as a test that ours does not: github.com/acassen/keepalived/issues/N. */

const [one, two] = ['192.168.170.25', '192.168.170.35'];

/** A director and the kernel's table under it; each reload says what it sent. */
class Director {
  #state: LvsState;
  #kernel: readonly IpvsTableEntry[] = [];
  readonly #owned = new Set<string>();

  constructor(...servers: readonly VirtualServer[]) {
    this.#state = newLvsState(lvsConfig(...servers), false);
    this.#reconcile();
  }

  #reconcile(): readonly string[] {
    const desired = desiredTable(this.#state);
    const operations = plan(desired, this.#kernel, this.#owned);
    for (const { service } of desired) this.#owned.add(serviceId(service.key));
    const lines = formatPlan(operations, this.#kernel).map((line) => line.replace('[192.168.0.174]:tcp:80 -> ', ''));
    this.#kernel = applied(this.#kernel, operations);
    return lines;
  }

  reload(...servers: readonly VirtualServer[]): readonly string[] {
    const config: LvsConfig = lvsConfig(...servers);
    this.#state = lvsStep(this.#state, { type: 'reload', config, rsInitNotifies: false }).state;
    return this.#reconcile();
  }

  /** A result of the check (by its place) of a server (by its address). */
  check(address: string, up: boolean, { checker = 0, weight }: { checker?: number; weight?: number } = {}): this {
    for (const { config } of this.#state.virtualServers) {
      const real = config.realServers.find((candidate) => candidate.address === address);
      const check = real?.checkers[checker];
      if (real === undefined || check === undefined) continue;
      const id = checkerId(config, real, check);
      this.#state = lvsStep(this.#state, {
        type: 'checker',
        id,
        up,
        ...(weight === undefined ? {} : { weight }),
      }).state;
    }
    this.#reconcile();
    return this;
  }

  /** The checkers process dies, and its successor takes up what was known and what the kernel holds. */
  reborn(): readonly string[] {
    this.#state = newLvsState(this.#state.config, false, checkerStates(this.#state));
    return this.#reconcile();
  }

  /** The length of all that it knows, as text. */
  size(): number {
    const plain = (_: string, value: unknown): unknown =>
      value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value;
    return JSON.stringify(this.#state, plain).length;
  }

  /** `25:1 35:0`: the servers in the kernel and their weights. */
  table(): string {
    return this.#kernel
      .flatMap(({ destinations }) => destinations)
      .map(({ address, weight }) => `${address.split('.').at(-1) ?? ''}:${String(weight)}`)
      .sort()
      .join(' ');
  }
}

const rs = (address: string, change: Partial<RealServer> = {}) => realServer(address, change);
const vs = (...realServers: readonly RealServer[]) => virtualServer({ realServers });

describe('1354: weights are applied at a reload', () => {
  test('a changed weight is one operation and nothing else', () => {
    const director = new Director(vs(rs(one), rs(two)));
    assert.deepEqual(director.reload(vs(rs(one, { weight: 5 }), rs(two))), [
      '~ [192.168.170.25]:80 masq weight 1 => masq weight 5',
    ]);
  });

  test('also that of a server that is down, from when it is up', () => {
    const director = new Director(vs(rs(one), rs(two))).check(one, false);
    assert.deepEqual(director.reload(vs(rs(one, { weight: 5 }), rs(two))), []);
    assert.equal(director.check(one, true).table(), '25:5 35:1');
  });

  test('also where checks add to it', () => {
    const dynamic = (weight: number) => rs(one, { weight, checkers: [miscCheck()] });
    const director = new Director(vs(dynamic(10))).check(one, true, { weight: 3 });
    assert.equal(director.table(), '25:3');
    director.reload(vs(dynamic(20)));
    assert.equal(director.table(), '25:3', 'the check stands in place of the configured weight');
    assert.equal(director.check(one, true).table(), '25:20');
  });

  test('a reload of the same file sends nothing', () => {
    const config = virtualServer({ sorryServer: sorry, quorum: 2 });
    const director = new Director(config).check(one, false);
    assert.deepEqual(director.reload(config), []);
  });
});

describe('187: a weight does not stay 0', () => {
  const inhibited = (weight = 1) => rs(one, { weight, inhibitOnFailure: true });

  test('of an inhibited server that comes back after a reload', () => {
    const director = new Director(vs(inhibited(), rs(two))).check(one, false);
    assert.equal(director.table(), '25:0 35:1');
    assert.deepEqual(director.reload(vs(inhibited(), rs(two))), []);
    assert.equal(director.check(one, true).table(), '25:1 35:1');
  });

  test('of one whose weight the reload changes', () => {
    const director = new Director(vs(inhibited(), rs(two))).check(one, false);
    director.reload(vs(inhibited(7), rs(two)));
    assert.equal(director.table(), '25:0 35:1');
    assert.equal(director.check(one, true).table(), '25:7 35:1');
  });

  test('of one that was set to 0 in the file and is not any more', () => {
    const director = new Director(vs(rs(one, { weight: 0 }), rs(two)));
    assert.equal(director.table(), '25:0 35:1');
    director.reload(vs(rs(one, { weight: 2 }), rs(two)));
    assert.equal(director.table(), '25:2 35:1');
  });

  test('of one that is no longer to be inhibited: it leaves the table until it is up', () => {
    const director = new Director(vs(inhibited(), rs(two))).check(one, false);
    assert.deepEqual(director.reload(vs(rs(one), rs(two))), ['- [192.168.170.25]:80']);
    assert.equal(director.check(one, true).table(), '25:1 35:1');
  });

  test('of one that is to be inhibited from now on: it is there with weight 0', () => {
    const director = new Director(vs(rs(one), rs(two))).check(one, false);
    director.reload(vs(inhibited(), rs(two)));
    assert.equal(director.table(), '25:0 35:1');
  });
});

describe('492 and 596: a server that the file no longer names leaves the table', () => {
  for (const [name, change, up] of [
    ['one that serves', {}, true],
    ['one that is inhibited', { inhibitOnFailure: true }, false],
    ['one that is inhibited and serves', { inhibitOnFailure: true }, true],
    ['one of weight 0', { weight: 0 }, true],
  ] as const) {
    test(name, () => {
      const director = new Director(vs(rs(one, change), rs(two))).check(one, up);
      assert.deepEqual(director.reload(vs(rs(two))), ['- [192.168.170.25]:80']);
      assert.equal(director.table(), '35:1');
    });
  }

  test('an inhibited one goes with its virtual server', () => {
    const other = virtualServer({ key: { kind: 'fwmark', fwmark: 1, family: 'ipv4' }, realServers: [rs(two)] });
    const director = new Director(vs(rs(one, { inhibitOnFailure: true })), other).check(one, false);
    const lines = director.reload(other);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /^- \[192\.168\.0\.174\]:tcp:80 /);
  });
});

describe('106 and 2318: a server that failed is not enabled by a reload', () => {
  for (const [name, after] of [
    ['of the same file', vs(rs(one), rs(two))],
    ['that changes its weight', vs(rs(one, { weight: 3 }), rs(two))],
    ['that changes its check', vs(rs(one, { checkers: [tcpCheck({ connectTimeoutMs: 1000 })] }), rs(two))],
    ['that gives it a second check', vs(rs(one, { checkers: [tcpCheck(), miscCheck()] }), rs(two))],
    ['that exchanges the servers', vs(rs(two), rs(one))],
    ['that adds a server', vs(rs(one), rs(two), rs('192.168.170.45'))],
    ['that changes the scheduler', virtualServer({ lbAlgo: 'wlc', realServers: [rs(one), rs(two)] })],
  ] as const) {
    test(name, () => {
      const director = new Director(vs(rs(one), rs(two))).check(one, false);
      director.reload(after);
      assert.doesNotMatch(director.table(), /25:/);
    });
  }

  test('nor by the death of the process that checks', () => {
    const director = new Director(vs(rs(one), rs(two))).check(one, false);
    assert.deepEqual(director.reborn(), []);
    assert.equal(director.table(), '35:1');
  });
});

describe('490: the sorry server stays right over a reload', () => {
  const guarded = (...realServers: readonly RealServer[]) => virtualServer({ realServers, sorryServer: sorry });

  test('it goes on standing in while all servers are down', () => {
    const director = new Director(guarded(rs(one))).check(one, false);
    assert.equal(director.table(), '99:1');
    assert.deepEqual(director.reload(guarded(rs(one))), []);
    assert.equal(director.check(one, true).table(), '25:1');
  });

  test('it stands in for a server that the reload takes away while the other one is down', () => {
    const director = new Director(guarded(rs(one), rs(two))).check(one, false);
    director.reload(guarded(rs(one)));
    assert.equal(director.table(), '99:1');
  });

  test('it goes when the reload takes it away, and the living serve again', () => {
    const below = (sorryServer: VirtualServer['sorryServer']) =>
      virtualServer({
        quorum: 2,
        ...(sorryServer === undefined ? {} : { sorryServer }),
        realServers: [rs(one), rs(two)],
      });
    const director = new Director(below(sorry)).check(one, false);
    assert.equal(director.table(), '99:1');
    director.reload(below(undefined));
    assert.equal(director.table(), '35:1');
  });

  test('it comes when a reload brings one while the quorum is lost', () => {
    const director = new Director(vs(rs(one))).check(one, false);
    director.reload(guarded(rs(one)));
    assert.equal(director.table(), '99:1');
  });

  test('another one takes its place', () => {
    const director = new Director(guarded(rs(one))).check(one, false);
    const other = { ...sorry, address: rs('192.168.170.98').address };
    director.reload(virtualServer({ realServers: [rs(one)], sorryServer: other }));
    assert.equal(director.table(), '98:1');
  });

  test('one that is also a real server serves as what it is', () => {
    const same = { ...sorry, address: rs(one).address };
    const config = virtualServer({ sorryServer: same, realServers: [rs(one, { weight: 4 }), rs(two)] });
    const director = new Director(config);
    assert.equal(director.table(), '25:4 35:1');
    director.check(one, false).check(two, false);
    assert.equal(director.table(), '25:1', 'as sorry server');
    assert.deepEqual(director.reload(config), []);
    assert.equal(director.check(one, true).table(), '25:4');
  });

  test('a living server that a reload brings ends its standing in', () => {
    const director = new Director(guarded(rs(one))).check(one, false);
    director.reload(guarded(rs(one), rs(two)));
    assert.equal(director.table(), '35:1');
  });
});

describe('649, 871 and 1163: a server returns to the table after a reload', () => {
  for (const [name, before, after] of [
    ['with the same file', vs(rs(one), rs(two)), vs(rs(one), rs(two))],
    ['with another weight', vs(rs(one), rs(two)), vs(rs(one, { weight: 1 }), rs(two))],
    ['with another check', vs(rs(one), rs(two)), vs(rs(one, { checkers: [tcpCheck({ connectPort: 81 })] }), rs(two))],
    [
      'without one of its checks, which had failed',
      vs(rs(one, { checkers: [tcpCheck({ connectPort: 81 }), tcpCheck()] }), rs(two)),
      vs(rs(one, { checkers: [tcpCheck()] }), rs(two)),
    ],
  ] as const) {
    test(name, () => {
      const director = new Director(before).check(one, false);
      director.reload(after);
      assert.equal(director.check(one, true).table(), '25:1 35:1');
    });
  }

  test('without any check it serves at once', () => {
    const director = new Director(vs(rs(one), rs(two))).check(one, false);
    director.reload(vs(rs(one, { checkers: [] }), rs(two)));
    assert.equal(director.table(), '25:1 35:1');
  });

  test('taken out of the file and put back', () => {
    const director = new Director(vs(rs(one), rs(two))).check(one, false);
    director.reload(vs(rs(two)));
    director.reload(vs(rs(one), rs(two)));
    director.check(one, false);
    assert.equal(director.check(one, true).table(), '25:1 35:1');
  });

  test('with a quorum that the reload lowers: those that live serve', () => {
    const quorum = (needed: number) =>
      virtualServer({ quorum: needed, sorryServer: sorry, realServers: [rs(one), rs(two)] });
    const director = new Director(quorum(2)).check(one, false);
    assert.equal(director.table(), '99:1');
    director.reload(quorum(1));
    assert.equal(director.table(), '35:1');
    assert.equal(director.check(one, true).table(), '25:1 35:1');
  });

  test('after the virtual server was taken out and put back', () => {
    const other = virtualServer({ key: { kind: 'fwmark', fwmark: 1, family: 'ipv4' }, realServers: [] });
    const director = new Director(vs(rs(one)), other).check(one, false);
    director.reload(other);
    director.reload(vs(rs(one)), other);
    assert.equal(director.table(), '25:1');
  });
});

test('2336: a thousand reloads leave the state as large as it was, and the last one sends nothing', () => {
  const first = virtualServer({ sorryServer: sorry, realServers: [rs(one), rs(two)] });
  const other = virtualServer({ key: { kind: 'fwmark', fwmark: 1, family: 'ipv4' }, realServers: [rs(two)] });
  const director = new Director(first).check(one, false);
  director.reload(first, other);
  director.reload(first);
  const before = director.size();
  for (let k = 0; k < 500; k++) {
    director.reload(vs(rs(two, { weight: 1 + (k % 7) })), other);
    director.reload(first);
    director.check(one, false).check(two, true);
  }
  assert.equal(director.size(), before);
  assert.ok(before > 500);
  assert.deepEqual(director.reload(first), []);
});
