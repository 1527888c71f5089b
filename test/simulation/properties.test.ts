import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VrrpInstance } from '../../src/config/index.ts';
import { Network, randomNumbers, type Machine, type Port } from '../../src/simulate/index.ts';
import { address, engineConfig, group, instance, ip, span } from '../vrrp/configuration.ts';

/**
 * What holds in every cluster on good links, whatever its directors, versions, priorities and groups are, while one director after the
 * other fails: each seed is one such cluster. To see one again, run its seed.
 */

const seedsInAll = Number(process.env['WATCHKEEPER_PROPERTY_SEEDS'] ?? 2000);
const perTest = 250;
const links = ['eth0', 'eth1'];

interface Cluster {
  readonly network: Network;
  readonly names: readonly string[];
  readonly grouped: boolean;
  readonly intervalMs: number;
  /** The longest that a dead master goes unnoticed. */
  readonly downMs: number;
  /** Somebody of lower priority may stay MASTER. */
  readonly patient: boolean;
  readonly told: string;
  /** When somebody was last notified of something. */
  lastNotifiedMs: number;
}

function cluster(seed: number): { readonly random: () => number; readonly made: Cluster } {
  const random = randomNumbers(seed);
  const pick = <T>(choices: readonly T[]): T => {
    const choice = choices[Math.floor(random() * choices.length)];
    assert.ok(choice !== undefined);
    return choice;
  };
  const directors = pick([2, 2, 3]);
  const [version, intervalMs] = pick([
    [2, 1000],
    [2, 3000],
    [3, 1000],
    [3, 100],
    [3, 10],
  ] as const);
  const family = version === 3 ? pick(['ipv4', 'ipv6'] as const) : 'ipv4';
  const unicast = pick([false, false, true]);
  const grouped = pick([false, true]);
  const names = grouped || pick([false, true]) ? ['VI_0', 'VI_1'] : ['VI_0'];
  const preempting = pick<Partial<VrrpInstance>>([{}, {}, { nopreempt: true }, { preemptDelayMs: 5 * intervalMs }]);
  const lowest = pick([1, 50, 200]);
  const sourceOf = (d: number, k: number): string =>
    family === 'ipv4' ? `192.0.${String(k)}.${String(10 + d)}` : `fe80::${String(k)}:${String(10 + d)}`;
  const instanceOf = (name: string, d: number, k: number, priority: number): VrrpInstance =>
    instance(name, {
      version,
      family,
      advertIntMs: intervalMs,
      priority,
      interface: links[k] ?? '',
      virtualRouterId: 50 + k,
      virtualIpaddress: [address(family === 'ipv4' ? `192.0.${String(k)}.100` : `fe80::${String(k)}:100`)],
      ...(version === 2 && lowest === 50 ? { authentication: { authType: 'PASS', authPass: '1111' } } : {}),
      ...(unicast
        ? {
            unicastSrcIp: ip(sourceOf(d, k)),
            unicastPeer: Array.from({ length: directors }, (_, other) => other)
              .filter((other) => other !== d)
              .map((other) => ({ span, address: ip(sourceOf(other, k)), minTtl: 0, maxTtl: 255 })),
          }
        : {}),
      ...preempting,
    });
  const network = new Network(random, (_, effect, nowMs) => {
    if (effect.type === 'notify') made.lastNotifiedMs = nowMs;
  });
  const made: Cluster = {
    network,
    names,
    grouped,
    intervalMs,
    downMs: 3 * intervalMs + (version === 2 ? 1000 : intervalMs),
    patient: preempting.nopreempt === true || preempting.preemptDelayMs !== undefined,
    told: JSON.stringify({ seed, directors, version, intervalMs, family, unicast, grouped, names, preempting, lowest }),
    lastNotifiedMs: 0,
  };
  network.quality = { ...network.quality, minDelayMs: 0, maxDelayMs: intervalMs / 10, duplicated: pick([0, 0.1]) };
  for (let d = 0; d < directors; d++) {
    // Equal priorities happen: then addresses decide.
    const priority = lowest + pick([0, 1, 2]) * 20;
    const ports = names.map((_, k): Port => {
      const ifname = links[k] ?? '';
      return { ifname, link: ifname, ifindex: k + 2, up: true, addresses: [ip(sourceOf(d, k))] };
    });
    const config = engineConfig(
      names.map((name, k) => instanceOf(name, d, k, priority)),
      grouped ? { syncGroups: [group('G', names)] } : {},
    );
    network.add(`D${String(d + 1)}`, config, ports);
  }
  return { random, made };
}

/** Looks at a cluster after everything that happens to it. */
class Watcher {
  readonly #cluster: Cluster;
  /** Since when there are two or none, by instance. */
  readonly #twoSinceMs = new Map<string, number>();
  readonly #noneSinceMs = new Map<string, number>();

  constructor(watched: Cluster) {
    this.#cluster = watched;
  }

  look(nowMs: number): void {
    const { network, names, grouped, told, downMs, intervalMs } = this.#cluster;
    const running = network.machines.filter(({ alive, frozenUntilMs }) => alive && frozenUntilMs <= nowMs);
    for (const machine of running) {
      if (grouped)
        assert.equal(
          machine.stateOf('VI_0'),
          machine.stateOf('VI_1'),
          `the group of ${machine.name} is split: ${told}`,
        );
      for (const name of names) this.#addressesOnlyWhereMaster(machine, name);
    }
    // One that hears of nobody waits for all of this; adverts under way take a tenth of an interval.
    const boundMs = downMs + intervalMs / 10 + 1;
    for (const name of names) {
      const able = running.filter((machine) => machine.stateOf(name) !== 'FAULT');
      const masters = able.filter((machine) => machine.stateOf(name) === 'MASTER').length;
      const two = lasts(this.#twoSinceMs, name, masters > 1, nowMs);
      assert.ok(two <= boundMs, `two masters of ${name} for ${String(two)} ms at ${String(nowMs)}: ${told}`);
      const none = lasts(this.#noneSinceMs, name, masters === 0 && able.length > 0, nowMs);
      assert.ok(none <= boundMs, `no master of ${name} for ${String(none)} ms at ${String(nowMs)}: ${told}`);
    }
  }

  #addressesOnlyWhereMaster(machine: Machine, name: string): void {
    const found = machine.config.vrrp.instances.find((candidate) => candidate.name === name);
    const [entry] = found?.virtualIpaddress ?? [];
    assert.ok(entry !== undefined);
    const holds = machine.holds(found?.interface ?? '', entry.address);
    assert.equal(holds, machine.stateOf(name) === 'MASTER', `${machine.name} ${name}: ${this.#cluster.told}`);
  }
}

function lasts(since: Map<string, number>, name: string, holds: boolean, nowMs: number): number {
  if (!holds) {
    since.delete(name);
    return 0;
  }
  const beganMs = since.get(name) ?? nowMs;
  since.set(name, beganMs);
  return nowMs - beganMs;
}

function bestIsMaster({ network, told }: Cluster, name: string): void {
  const able = network.machines.flatMap((machine) =>
    (machine.state?.instances ?? []).filter(({ config, state }) => config.name === name && state !== 'FAULT'),
  );
  const best = Math.max(...able.map(({ effectivePriority }) => effectivePriority));
  assert.equal(able.find(({ state }) => state === 'MASTER')?.effectivePriority, best, `another is MASTER: ${told}`);
}

/** Lets one director fail, and gives back what makes it well again. */
function fail(machine: Machine, random: () => number, { network, downMs, names }: Cluster): () => void {
  const ifname = links[Math.floor(random() * names.length)] ?? '';
  const restart = (): void => {
    machine.start(network.nowMs);
  };
  switch (Math.floor(random() * 4)) {
    case 0:
      machine.kill();
      return restart;
    case 1:
      machine.tell({ type: 'stop', keepAddresses: false }, network.nowMs);
      return restart;
    case 2:
      machine.setUp(ifname, false, network.nowMs);
      return () => {
        machine.setUp(ifname, true, network.nowMs);
      };
    default:
      // A short one: who was MASTER all the time and does not know better meets another one.
      machine.frozenUntilMs = network.nowMs + random() * 2 * downMs;
      return () => undefined;
  }
}

function live(seed: number): void {
  const { random, made } = cluster(seed);
  const { network, downMs, intervalMs, told, patient } = made;
  const watcher = new Watcher(made);
  const watch = (nowMs: number): void => {
    watcher.look(nowMs);
  };
  for (const machine of network.machines) machine.start(0);
  const run = (forMs: number): void => {
    network.run(network.nowMs + forMs, watch);
  };
  const peace = (): void => {
    run(2 * downMs + (patient ? 5 * intervalMs : 0));
    const quietSinceMs = network.nowMs;
    run(2 * downMs);
    assert.ok(
      made.lastNotifiedMs <= quietSinceMs,
      `somebody moved without a cause at ${String(made.lastNotifiedMs)}: ${told}`,
    );
    if (!patient) for (const name of made.names) bestIsMaster(made, name);
  };
  peace();
  for (let round = 0; round < 2; round++) {
    const machine = network.machines[Math.floor(random() * network.machines.length)];
    assert.ok(machine !== undefined);
    const heal = fail(machine, random, made);
    run(random() * 3 * downMs);
    heal();
    network.run(Math.max(network.nowMs, machine.frozenUntilMs), watch);
    peace();
  }
}

for (let first = 1; first <= seedsInAll; first += perTest) {
  const last = Math.min(seedsInAll, first + perTest - 1);
  test(`a cluster of each of the seeds ${String(first)} to ${String(last)}`, () => {
    for (let seed = first; seed <= last; seed++) live(seed);
  });
}
