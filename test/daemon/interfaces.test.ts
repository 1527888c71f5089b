import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Interfaces } from '../../src/daemon/interfaces.ts';
import { ByteWriter, ipToBytes, parseIp } from '../../src/core/index.ts';
import { NetlinkClient, type NetlinkMessage } from '../../src/netlink/index.ts';
import { RouteClient } from '../../src/rtnetlink/index.ts';
import { datagram, doneMessage, fakeAlarm, fakeKernel, type Answer } from '../netlink/fake-kernel.ts';

const types = { newLink: 16, delLink: 17, getLink: 18, newAddress: 20, delAddress: 21, getAddress: 22 } as const;

function attribute(writer: ByteWriter, type: number, value: Uint8Array): void {
  writer
    .u16le(4 + value.length)
    .u16le(type)
    .bytes(value)
    .zeros(-value.length & 3);
}

/** ifinfomsg: up and running. */
function linkPayload(ifindex: number, ifname: string, up = true): Uint8Array {
  const writer = new ByteWriter();
  writer
    .u32le(0)
    .u32le(ifindex)
    .u32le(up ? 0x41 : 0)
    .u32le(0);
  attribute(writer, 3, new TextEncoder().encode(`${ifname}\0`));
  return writer.finish();
}

/** ifaddrmsg with IFA_LOCAL. */
function addressPayload(ifindex: number, text: string): Uint8Array {
  const address = parseIp(text);
  assert.ok(address.ok);
  const writer = new ByteWriter();
  writer.u8(2).u8(24).u16le(0).u32le(ifindex);
  attribute(writer, 2, ipToBytes(address.value));
  return writer.finish();
}

/** A kernel with links and addresses; its notifications are given or lost as a test says. */
class Host {
  links = new Map([
    [1, 'lo'],
    [2, 'eth0'],
    [3, 'eth1'],
  ]);
  addresses: (readonly [ifindex: number, address: string])[] = [
    [2, '10.0.0.1'],
    [2, '10.0.0.100'],
    [3, '10.1.0.1'],
  ];
  /** Called before each answer, with how many there were before. */
  beforeAnswer: (count: number) => void = () => undefined;
  readonly said: string[] = [];
  readonly told: string[] = [];
  lost = 0;
  interfaces!: Interfaces;
  readonly kernel = fakeKernel((request) => this.#answer(request));

  async open(): Promise<this> {
    const route = new RouteClient(new NetlinkClient(this.kernel.transport, fakeAlarm().alarm));
    this.interfaces = await Interfaces.open(route, (_level, text) => this.said.push(text), false);
    this.interfaces.onChange((change) => {
      this.told.push(
        change.type === 'interface'
          ? `${change.facts.ifname}#${String(change.facts.ifindex)} ${change.facts.up ? 'up' : 'down'} ${change.facts.addresses.join(',')}`
          : `${change.ifname} gone`,
      );
    });
    this.interfaces.onLost(() => {
      this.lost++;
    });
    this.#count = 0;
    return this;
  }

  #count = 0;
  #answer(request: NetlinkMessage): Answer {
    this.beforeAnswer(this.#count++);
    const { sequence } = request;
    const part = (type: number) => (payload: Uint8Array) => datagram({ type, flags: 2, sequence }, payload);
    const parts =
      request.type === types.getLink
        ? [...this.links].map(([ifindex, ifname]) => linkPayload(ifindex, ifname)).map(part(types.newLink))
        : this.addresses.map(([ifindex, address]) => addressPayload(ifindex, address)).map(part(types.newAddress));
    return [...parts, doneMessage(request)];
  }

  notify(type: number, payload: Uint8Array): void {
    this.kernel.deliver(datagram({ type, sequence: 0 }, payload), 0, true);
  }

  /** All that was asked for is answered. */
  settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}

describe('an overrun of the socket of notifications', () => {
  test('is told once, and what changed meanwhile is found by reading everything again', async () => {
    const host = await new Host().open();
    host.addresses = host.addresses.filter(([, address]) => address !== '10.0.0.100');
    host.links.set(4, 'eth2');
    host.links.delete(3);
    for (let i = 0; i < 3; i++) host.kernel.lose('ENOBUFS');
    await host.settle();
    assert.deepEqual(host.told, ['eth1 gone', 'eth0#2 up 10.0.0.1', 'eth2#4 up ']);
    assert.deepEqual(host.said, ['notifications of links and addresses were lost (ENOBUFS): reading them again']);
    assert.equal(host.lost, 1);
  });

  test('that hid nothing is told to nobody', async () => {
    const host = await new Host().open();
    host.kernel.lose('ENOBUFS');
    await host.settle();
    assert.deepEqual(host.told, []);
  });

  test('what the kernel drops until the socket is empty is read too', async () => {
    const host = await new Host().open();
    host.kernel.lose('ENOBUFS');
    // The first answer is in the socket, behind what was there: this one is dropped and no overrun told.
    host.beforeAnswer = (count) => {
      if (count === 2) host.addresses = host.addresses.filter(([, address]) => address !== '10.0.0.100');
    };
    await host.settle();
    assert.deepEqual(host.interfaces.facts('eth0')?.addresses, ['10.0.0.1']);
  });

  test('in the middle of reading: it is read once more', async () => {
    const host = await new Host().open();
    host.beforeAnswer = (count) => {
      if (count !== 1) return;
      host.kernel.lose('ENOBUFS');
      host.links.delete(3);
    };
    await host.interfaces.refresh();
    await host.settle();
    assert.equal(host.interfaces.index('eth1'), undefined);
    assert.equal(host.lost, 1);
  });
});

describe('reading everything', () => {
  test('does not undo what was told while it was read', async () => {
    const host = await new Host().open();
    host.beforeAnswer = (count) => {
      if (count === 0) host.notify(types.newLink, linkPayload(3, 'eth1', false));
      if (count === 1) host.notify(types.delAddress, addressPayload(2, '10.0.0.100'));
    };
    await host.interfaces.refresh();
    await host.settle();
    assert.equal(host.interfaces.facts('eth1')?.up, false);
    assert.deepEqual(host.interfaces.facts('eth0')?.addresses, ['10.0.0.1']);
    assert.deepEqual(host.told, ['eth1#3 down 10.1.0.1', 'eth0#2 up 10.0.0.1']);
  });

  test('finds names that were exchanged, and an interface that came back with another number', async () => {
    const host = await new Host().open();
    host.links = new Map([
      [1, 'lo'],
      [2, 'eth1'],
      [3, 'eth0'],
    ]);
    await host.interfaces.refresh();
    assert.deepEqual(host.told, ['eth0 gone', 'eth1 gone', 'eth1#2 up 10.0.0.1,10.0.0.100', 'eth0#3 up 10.1.0.1']);
    assert.deepEqual([host.interfaces.index('eth0'), host.interfaces.index('eth1')], [3, 2]);
    host.told.splice(0);
    host.links = new Map([
      [1, 'lo'],
      [2, 'eth1'],
      [9, 'eth0'],
    ]);
    await host.interfaces.refresh();
    assert.deepEqual(host.told, ['eth0 gone', 'eth0#9 up ']);
  });
});

test('a name that another interface has by now is not forgotten with the one that had it', async () => {
  const host = await new Host().open();
  host.notify(types.newLink, linkPayload(7, 'eth0'));
  host.notify(types.delLink, linkPayload(2, 'eth0'));
  assert.equal(host.interfaces.index('eth0'), 7);
  host.notify(types.newLink, linkPayload(7, 'lan0'));
  assert.deepEqual([host.interfaces.index('eth0'), host.interfaces.index('lan0')], [undefined, 7]);
  assert.deepEqual(host.told.slice(-2), ['eth0 gone', 'lan0#7 up ']);
});

describe('addresses', () => {
  /** What was told, with the addresses that went. */
  const followed = async (): Promise<{ readonly host: Host; readonly told: string[] }> => {
    const host = await new Host().open();
    const told: string[] = [];
    host.interfaces.onChange((change) => {
      if (change.type !== 'interface') return;
      const { facts, went = [] } = change;
      told.push(`${facts.ifname} ${facts.up ? 'up' : 'down'} ${facts.addresses.join(',')} -${went.join(',')}`);
    });
    return { host, told };
  };
  const change = (host: Host, sign: '+' | '-', ifindex: number, address: string): void => {
    host.notify(sign === '+' ? types.newAddress : types.delAddress, addressPayload(ifindex, address));
  };

  test('that come in one turn are told once for each interface, and known at once', async () => {
    const { host, told } = await followed();
    for (const last of [5, 6, 7]) change(host, '+', 2, `10.0.0.${String(last)}`);
    change(host, '+', 3, '10.1.0.5');
    change(host, '-', 2, '10.0.0.6');
    assert.deepEqual(host.interfaces.facts('eth0')?.addresses, ['10.0.0.1', '10.0.0.100', '10.0.0.5', '10.0.0.7']);
    assert.deepEqual(told, []);
    await host.settle();
    assert.deepEqual(told, ['eth0 up 10.0.0.1,10.0.0.100,10.0.0.5,10.0.0.7 -10.0.0.6', 'eth1 up 10.1.0.1,10.1.0.5 -']);
    await host.settle();
    assert.equal(told.length, 2);
  });

  test('that went and came back are told of', async () => {
    const { host, told } = await followed();
    change(host, '-', 2, '10.0.0.100');
    change(host, '+', 2, '10.0.0.100');
    await host.settle();
    assert.deepEqual(told, ['eth0 up 10.0.0.1,10.0.0.100 -10.0.0.100']);
  });

  test('are told with a change of the link, and not again', async () => {
    const { host, told } = await followed();
    change(host, '-', 2, '10.0.0.100');
    host.notify(types.newLink, linkPayload(2, 'eth0', false));
    assert.deepEqual(told, ['eth0 down 10.0.0.1 -10.0.0.100']);
    await host.settle();
    assert.equal(told.length, 1);
  });

  test('of an interface that vanishes in the same turn are not told', async () => {
    const { host, told } = await followed();
    change(host, '-', 2, '10.0.0.100');
    host.notify(types.delLink, linkPayload(2, 'eth0'));
    await host.settle();
    assert.deepEqual(told, []);
  });

  test('are told before their turn to whoever asks', async () => {
    const { host, told } = await followed();
    change(host, '+', 2, '10.0.0.5');
    host.interfaces.tellNow();
    assert.deepEqual(told, ['eth0 up 10.0.0.1,10.0.0.100,10.0.0.5 -']);
  });
});
