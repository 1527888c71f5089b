import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parseIp, type IpAddress, type IpFamily } from '../../src/core/index.ts';
import { gratuitousArp, ipv4Datagram, unsolicitedNa } from '../../src/vrrp/index.ts';
import {
  enterNetworkNamespace,
  interfaceIndex,
  openIcmpv6Sender,
  openLinkSender,
  openVrrpReceiver,
  openVrrpSender,
  readSysctl,
  writeSysctl,
  type RawPacket,
  type SocketError,
  type VrrpPacket,
} from '../../src/platform/index.ts';
import { printedBy } from '../platform/printed-by.ts';

const skip = process.getuid?.() === 0 ? false : 'needs root: network namespaces and raw sockets';
const ours = 'pf-ours';
const peer = 'pf-peer';
const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-network-'));

function ip(text: string): IpAddress {
  const parsed = parseIp(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
}

function run(command: string): void {
  const [file = '', ...args] = command.split(' ');
  execFileSync(file, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

function enter(name: string): void {
  assert.deepEqual(enterNetworkNamespace(name), { ok: true, value: undefined });
}

/** Sockets and children belong to the namespace in which they are made. */
function inPeer<T>(make: () => T): T {
  enter(peer);
  try {
    return make();
  } finally {
    enter(ours);
  }
}

function link(): void {
  run(`ip link add pf0 type veth peer name pf1 netns ${peer}`);
  for (const [name, ns, host] of [
    ['pf0', ours, '1'],
    ['pf1', peer, '2'],
  ] as const) {
    run(`ip -n ${ns} addr add 10.9.0.${host}/24 dev ${name}`);
    run(`ip -n ${ns} addr add fe80::${host}/64 dev ${name} nodad`);
    run(`ip -n ${ns} link set ${name} addrgenmode none up`);
  }
}

function indexOf(name: string): number {
  const index = interfaceIndex(name);
  assert.ok(index.ok);
  return index.value;
}

const multicast: Readonly<Record<IpFamily, IpAddress>> = { ipv4: ip('224.0.0.18'), ipv6: ip('ff02::12') };

function receiver(
  ifname: string,
  family: IpFamily,
  onPacket: (packet: VrrpPacket) => void,
  onError: (error: SocketError) => void = (error) => {
    assert.fail(error.text);
  },
  groups: readonly IpAddress[] = [multicast[family]],
) {
  const opened = openVrrpReceiver({
    ifname,
    ifindex: indexOf(ifname),
    family,
    protocol: 112,
    groups,
    onPacket,
    onError,
  });
  assert.ok(opened.ok, opened.ok ? '' : opened.error.text);
  return opened.value;
}

function firstPacket(ifname: string, family: IpFamily, groups?: readonly IpAddress[]): Promise<VrrpPacket> {
  return new Promise((resolve) => {
    const open = receiver(
      ifname,
      family,
      (packet) => {
        open.close();
        resolve(packet);
      },
      undefined,
      groups,
    );
  });
}

function sender(family: IpFamily) {
  const opened = openVrrpSender(family);
  assert.ok(opened.ok, opened.ok ? '' : opened.error.text);
  return opened.value;
}

const payload = Uint8Array.of(0x21, 51, 100, 0, 0, 1, 0, 0);

function advert(source: string, destination: IpAddress): RawPacket {
  const header = { source: ip(source), destination, ttl: 255, id: 7 };
  const bytes = source.includes(':') ? payload : ipv4Datagram(header, payload);
  return { ifname: 'pf0', ifindex: indexOf('pf0'), source: header.source, destination, ttl: 255, bytes };
}

before(() => {
  if (skip !== false) return;
  for (const name of [ours, peer]) {
    run(`ip netns add ${name}`);
    run(`ip -n ${name} link set lo up`);
  }
  enter(ours);
  link();
});

after(() => {
  if (skip === false) for (const name of [ours, peer]) run(`ip netns del ${name}`);
  rmSync(folder, { recursive: true, force: true });
});

describe('the network namespace', { skip }, () => {
  test('holds for our calls and for what we start', async () => {
    const text = await printedBy({ argv: ['ip', '-br', 'link', 'show', 'dev', 'pf0'] });
    assert.match(text, /^pf0@/);
  });

  test('has its own kernel settings', () => {
    const key = ['net', 'ipv4', 'conf', 'pf0', 'arp_ignore'];
    assert.deepEqual(writeSysctl(key, '3'), { ok: true, value: undefined });
    assert.deepEqual(readSysctl(key), { ok: true, value: '3' });
    const inThePeer = inPeer(() => readSysctl(key));
    assert.equal(inThePeer.ok, false);
  });
});

describe('adverts of a real keepalived', { skip }, () => {
  let keepalived: ChildProcess | undefined;
  before(() => {
    const file = join(folder, 'keepalived.conf');
    const instance = (name: string, id: number, vip: string, more: string): string =>
      `vrrp_instance ${name} {\n state MASTER\n interface pf1\n virtual_router_id ${String(id)}\n priority 100\n advert_int 0.1\n version 3\n ${more}\n virtual_ipaddress {\n ${vip}\n }\n}\n`;
    writeFileSync(
      file,
      `global_defs {\n router_id pf\n}\n${instance('V4', 51, '10.9.0.100/24', '')}${instance('V6', 52, 'fe80::100', '')}` +
        instance('U4', 53, '10.9.0.101/24', 'unicast_peer {\n 10.9.0.1\n }'),
      { mode: 0o600 },
    );
    const pids = ['-p', '-r', '-c', '-b'].flatMap((option) => [option, join(folder, `keepalived${option}.pid`)]);
    keepalived = inPeer(() => spawn('keepalived', ['-n', '-l', '-P', '-f', file, ...pids], { stdio: 'ignore' }));
  });
  after(async () => {
    const ended = new Promise((resolve) => keepalived?.once('exit', resolve));
    keepalived?.kill('SIGTERM');
    await ended;
  });

  const rows: readonly [name: string, family: IpFamily, id: number, from: string, to: string, join: boolean][] = [
    ['multicast over IPv4', 'ipv4', 51, '10.9.0.2', '224.0.0.18', true],
    ['multicast over IPv6', 'ipv6', 52, 'fe80::2', 'ff02::12', true],
    ['unicast, without joining a group', 'ipv4', 53, '10.9.0.2', '10.9.0.1', false],
  ];
  for (const [name, family, id, source, destination, joins] of rows) {
    test(`${name}: addresses, TTL and payload`, { timeout: 120_000 }, async () => {
      let packet: VrrpPacket;
      do packet = await firstPacket('pf0', family, joins ? [multicast[family]] : []);
      while (packet.payload[1] !== id);
      assert.deepEqual(
        { ...packet, payload: Buffer.from(packet.payload.subarray(0, 3)).toString('hex') },
        {
          ifname: 'pf0',
          ifindex: indexOf('pf0'),
          source,
          destination,
          ttl: 255,
          payload: `31${id.toString(16)}64`,
        },
      );
    });
  }
});

describe('what we send', { skip }, () => {
  const rows: readonly [name: string, family: IpFamily, from: string, to: string][] = [
    ['an IPv4 multicast advert', 'ipv4', '10.9.0.1', '224.0.0.18'],
    ['an IPv4 unicast advert', 'ipv4', '10.9.0.1', '10.9.0.2'],
    ['an IPv6 multicast advert', 'ipv6', 'fe80::1', 'ff02::12'],
    ['an IPv6 unicast advert', 'ipv6', 'fe80::1', 'fe80::2'],
  ];
  for (const [name, family, source, destination] of rows) {
    test(`${name} arrives, and not at ourselves`, { timeout: 120_000 }, async () => {
      const arrived = inPeer(() => firstPacket('pf1', family));
      const looped: VrrpPacket[] = [];
      const own = receiver('pf0', family, (packet) => looped.push(packet));
      const socket = sender(family);
      const sent = socket.send(advert(source, ip(destination)));
      assert.ok(sent.ok, sent.ok ? '' : sent.error.text);
      const packet = await arrived;
      assert.equal(packet.source, source);
      assert.equal(packet.destination, destination);
      assert.equal(packet.ttl, 255);
      assert.deepEqual(packet.payload, payload);
      assert.deepEqual(looped, []);
      own.close();
      socket.close();
      assert.equal(socket.send(advert(source, ip(destination))).ok, false);
    });
  }

  test('gratuitous ARP and neighbour advertisement are what tcpdump expects', { timeout: 120_000 }, async () => {
    const mac = Uint8Array.of(2, 0, 0, 0, 0, 1);
    const filter = 'arp or (icmp6 and ip6[40] == 136)';
    const dump = inPeer(() =>
      spawn('tcpdump', ['-i', 'pf1', '-n', '-t', '-v', '-l', '-c', '2', filter], { stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    await new Promise((resolve) => dump.stderr.once('data', resolve));
    let text = '';
    dump.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const ended = new Promise((resolve) => dump.once('close', resolve));

    const frames = openLinkSender();
    const messages = openIcmpv6Sender();
    assert.ok(frames.ok && messages.ok);
    assert.deepEqual(frames.value.send('pf0', indexOf('pf0'), gratuitousArp(mac, ip('10.9.0.100'))), {
      ok: true,
      value: undefined,
    });
    const packet = { ifname: 'pf0', ifindex: indexOf('pf0'), source: ip('fe80::1'), destination: ip('ff02::1') };
    const bytes = unsolicitedNa(mac, ip('fe80::1'), false);
    assert.deepEqual(messages.value.send({ ...packet, ttl: 255, bytes }), { ok: true, value: undefined });
    await ended;
    assert.match(
      text,
      /ARP, .*Request who-has 10\.9\.0\.100 (\(ff:ff:ff:ff:ff:ff\) |\(00:00:00:00:00:00\) )?tell 10\.9\.0\.100/,
    );
    assert.match(text, /hlim 255.*fe80::1 > ff02::1: \[icmp6 sum ok\] ICMP6, neighbor advertisement.*tgt is fe80::1/s);
    frames.value.close();
    messages.value.close();
  });
});

test(
  'what has come is read at once when it is asked for, and not only in the next turn of the event loop',
  { skip },
  () => {
    let heard = 0;
    const open = inPeer(() => receiver('pf1', 'ipv4', () => heard++));
    const socket = sender('ipv4');
    for (let k = 0; k < 150; k++) assert.ok(socket.send(advert('10.9.0.1', multicast.ipv4)).ok);
    const giveUpAt = Date.now() + 30_000;
    while (heard < 150 && Date.now() < giveUpAt) open.readAll();
    open.close();
    socket.close();
    assert.equal(heard, 150);
  },
);

describe('a flood', { skip }, () => {
  test('leaves turns of the event loop to timers', { timeout: 120_000 }, async () => {
    let sinceTurn = 0;
    let most = 0;
    let total = 0;
    const enough = new Promise<void>((resolve) => {
      const open = receiver('pf0', 'ipv4', () => {
        most = Math.max(most, ++sinceTurn);
        if (++total === 150) {
          open.close();
          resolve();
        }
      });
    });
    const socket = inPeer(() => sender('ipv4'));
    const ifindex = inPeer(() => indexOf('pf1'));
    const packet = { ...advert('10.9.0.2', multicast.ipv4), ifname: 'pf1', ifindex };
    for (let i = 0; i < 200; i++) assert.deepEqual(socket.send(packet), { ok: true, value: undefined });
    const turn = (): void => {
      sinceTurn = 0;
      if (total < 150) setImmediate(turn);
    };
    turn();
    await enough;
    assert.ok(most <= 64, `${String(most)} packets in one turn`);
    socket.close();
  });
});

// Deletes the link: last.
describe('an interface that goes', { skip }, () => {
  test('makes sending fail with a reason, and receiving goes on with its successor', { timeout: 120_000 }, async () => {
    const socket = sender('ipv4');
    const gone = advert('10.9.0.1', multicast.ipv4);
    const errors: string[] = [];
    const old = receiver(
      'pf0',
      'ipv4',
      () => assert.fail('a packet on a deleted interface'),
      (error) => errors.push(error.errno),
    );
    run(`ip -n ${ours} link del pf0`);
    const sent = socket.send(gone);
    assert.ok(!sent.ok);
    assert.equal(
      sent.error.text,
      'VRRP sender (ipv4) on pf0: send to 224.0.0.18: ENODEV (the interface does not exist any more)',
    );
    const frames = openLinkSender();
    assert.ok(frames.ok);
    const frame = frames.value.send('pf0', gone.ifindex, gratuitousArp(new Uint8Array(6), ip('10.9.0.1')));
    assert.ok(!frame.ok);
    assert.equal(frame.error.errno, 'ENXIO');
    frames.value.close();
    const reopened = openVrrpReceiver({
      ifname: 'pf0',
      ifindex: gone.ifindex,
      family: 'ipv4',
      protocol: 112,
      groups: [multicast.ipv4],
      onPacket: () => assert.fail(),
      onError: () => assert.fail(),
    });
    assert.ok(!reopened.ok);
    assert.equal(reopened.error.errno, 'ENODEV');

    link();
    assert.notEqual(indexOf('pf0'), gone.ifindex);
    const arrived = inPeer(() => firstPacket('pf1', 'ipv4'));
    assert.deepEqual(socket.send(advert('10.9.0.1', multicast.ipv4)), { ok: true, value: undefined });
    assert.equal((await arrived).source, '10.9.0.1');
    assert.deepEqual(
      errors.filter((errno) => errno !== 'ENETDOWN' && errno !== 'ENODEV'),
      [],
    );
    old.close();
    socket.close();
  });
});
