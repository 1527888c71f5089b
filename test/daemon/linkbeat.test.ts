import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Linkbeat } from '../../src/daemon/linkbeat.ts';

/** Drivers that say what the test has them say, and a second that passes when the test says so. */
class Host {
  readonly logs: string[] = [];
  /** What counts of each interface. */
  readonly links = new Map<string, boolean>();
  readonly drivers = new Map<number, boolean | undefined>([
    [2, true],
    [3, true],
  ]);
  refused: string | undefined;
  readonly asked: (readonly number[])[] = [];
  second: (() => void) | undefined;
  readonly linkbeat = new Linkbeat({
    log: (_level, text) => this.logs.push(text),
    interfaces: {
      index: (ifname) => ({ eth0: 2, eth1: 3 })[ifname],
      setDriverLink: (ifname, link) => {
        if (link === undefined) this.links.delete(ifname);
        else this.links.set(ifname, link);
      },
    },
    ask: (ifindexes) => {
      this.asked.push(ifindexes);
      return Promise.resolve(
        this.refused === undefined
          ? { ok: true, value: ifindexes.map((ifindex) => this.drivers.get(ifindex)) }
          : { ok: false, error: { text: this.refused } },
      );
    },
    repeat: (everyMs, act) => {
      assert.equal(everyMs, 1000);
      this.second = act;
      return () => {
        this.second = undefined;
      };
    },
  });

  async passSecond(): Promise<void> {
    this.second?.();
    await new Promise(setImmediate);
  }
}

describe('linkbeat', () => {
  test('the drivers are asked at once and each second, and what they say counts', async () => {
    const host = new Host();
    host.drivers.set(3, false);
    await host.linkbeat.set(['eth0', 'eth1', 'eth9']);
    assert.deepEqual(Object.fromEntries(host.links), { eth0: true, eth1: false });
    host.drivers.set(2, false);
    await host.passSecond();
    assert.equal(host.links.get('eth0'), false);
    assert.deepEqual(host.asked, [
      [2, 3],
      [2, 3],
    ]);
  });

  test('a change that the kernel tells of is looked at without waiting, also while an answer is awaited', async () => {
    const host = new Host();
    await host.linkbeat.set(['eth0']);
    host.linkbeat.changed('eth1');
    assert.equal(host.asked.length, 1);
    host.linkbeat.changed('eth0');
    host.drivers.set(2, false);
    host.linkbeat.changed('eth0');
    await new Promise(setImmediate);
    assert.equal(host.links.get('eth0'), false);
    assert.equal(host.asked.length, 3);
  });

  test('where a driver does not tell, or cannot be asked, it is as without linkbeat, and that is told once', async () => {
    const host = new Host();
    host.drivers.set(3, undefined);
    await host.linkbeat.set(['eth0', 'eth1']);
    assert.deepEqual([...host.links.keys()], ['eth0']);
    host.refused = 'find generic netlink family ethtool: no such entry';
    await host.passSecond();
    await host.passSecond();
    assert.deepEqual([...host.links.keys()], []);
    assert.deepEqual(host.logs, [`linkbeat: ${host.refused}: what the kernel tells of links counts`]);
  });

  test('a reload without an interface, and without any', async () => {
    const host = new Host();
    await host.linkbeat.set(['eth0', 'eth1']);
    await host.linkbeat.set(['eth1']);
    assert.deepEqual([...host.links.keys()], ['eth1']);
    await host.linkbeat.set([]);
    assert.deepEqual([...host.links.keys()], []);
    assert.equal(host.second, undefined);
  });
});
