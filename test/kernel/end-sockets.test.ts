import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { parseIp, type IpAddress } from '../../src/core/index.ts';
import { endSockets, insideNetworkNamespace, readSysctl, writeSysctl } from '../../src/platform/index.ts';

/** What marks, interfaces, pings and unreachable hosts do to sockets takes namespaces to see: ours with a way to a peer. */

const skip = process.getuid?.() === 0 ? false : 'needs root: network namespaces';
const ours = 'wk-ends-ours';
const peer = 'wk-ends-peer';
type Ends = Parameters<typeof endSockets.connectTcp>[0];

function ip(text: string): IpAddress {
  const parsed = parseIp(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
}

function run(command: string): void {
  const [file = '', ...args] = command.split(' ');
  execFileSync(file, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Sockets belong to the namespace in which they are made. */
function here<T>(make: () => T): T {
  const made = insideNetworkNamespace(`/run/netns/${ours}`, make);
  assert.ok(made.ok, made.ok ? '' : made.error);
  return made.value;
}

function connecting(ends: Ends): Promise<string> {
  return new Promise((resolve) => {
    here(() =>
      endSockets.connectTcp(ends, (outcome) => {
        if (outcome.ok) outcome.value.close();
        resolve(outcome.ok ? 'connected' : `${outcome.error.code}${outcome.error.here ? ' here' : ''}`);
      }),
    );
  });
}

/** Sends one datagram, and tells what comes first. */
function answer(open: 'openUdp' | 'openPing', ends: Ends, question: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const opened = here(() =>
      endSockets[open](ends, {
        onDatagram: (bytes, source) => {
          if (opened.ok) opened.value.close();
          resolve(`${source} ${Buffer.from(bytes.subarray(6)).toString('hex')}`);
        },
        onError: ({ code }) => {
          resolve(code);
        },
      }),
    );
    if (!opened.ok) resolve(`${opened.error.code}${opened.error.here ? ' here' : ''}`);
    else assert.ok(opened.value.send(question).ok);
  });
}

function echo(type: number): Buffer {
  return Buffer.from([type, 0, 0, 0, 0, 0, 0x12, 0x34, 0xab, 0xcd]);
}

describe('sockets of checks', { skip }, () => {
  let server: ChildProcess;
  before(async () => {
    for (const name of [ours, peer]) {
      run(`ip netns add ${name}`);
      run(`ip -n ${name} link set lo up`);
    }
    for (const [link, other] of [
      ['wke0', 'wkp0'],
      ['wke1', 'wkp1'],
    ]) {
      run(`ip -n ${ours} link add ${String(link)} type veth peer name ${String(other)} netns ${peer}`);
      run(`ip -n ${ours} link set ${String(link)} addrgenmode none up`);
      run(`ip -n ${peer} link set ${String(other)} addrgenmode none up`);
    }
    run(`ip -n ${ours} addr add 10.93.0.1/24 dev wke0`);
    run(`ip -n ${ours} addr add fe80::1/64 dev wke0 nodad`);
    run(`ip -n ${peer} addr add 10.93.0.2/24 dev wkp0`);
    run(`ip -n ${peer} addr add fe80::2/64 dev wkp0 nodad`);
    // Packets with this mark, and only these, have no way out.
    run(`ip -n ${ours} rule add fwmark 77 prohibit`);
    const code = `require('node:net').createServer((s) => s.on('error', () => {}).end()).listen(8000, '::', () => console.log('ready'))`;
    server = spawn('ip', ['netns', 'exec', peer, process.execPath, '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => server.stdout?.once('data', resolve));
  });
  after(() => {
    server.kill('SIGKILL');
    for (const name of [ours, peer]) run(`ip netns del ${name}`);
  });

  const way = { connectIp: ip('10.93.0.2'), connectPort: 8000 };
  const local = { connectIp: ip('fe80::2'), connectPort: 8000 };
  const table: readonly { name: string; ends: Ends; told: string }[] = [
    { name: 'without more', ends: way, told: 'connected' },
    { name: 'by the interface that leads there', ends: { ...way, bindIf: 'wke0' }, told: 'connected' },
    { name: 'with a mark that routing forbids', ends: { ...way, fwmark: 77 }, told: 'EACCES' },
    { name: 'with another mark, beyond 31 bits', ends: { ...way, fwmark: 0xfffffff1 }, told: 'connected' },
    { name: 'to a link-local address with bind_if', ends: { ...local, bindIf: 'wke0' }, told: 'connected' },
    {
      name: 'from a link-local address',
      ends: { ...local, bindIf: 'wke0', bindto: ip('fe80::1'), bindPort: 7001 },
      told: 'connected',
    },
    { name: 'to a host that is not there', ends: { ...way, connectIp: ip('10.93.0.9') }, told: 'EHOSTUNREACH' },
    { name: 'by an interface that is not there', ends: { ...way, bindIf: 'wke9' }, told: 'ENODEV here' },
  ];
  for (const { name, ends, told } of table) {
    test(`TCP ${name}`, async () => {
      assert.equal(await connecting(ends), told);
    });
  }

  test('UDP hears of an unreachable port, an unreachable host and a forbidden way', async () => {
    const question = Buffer.from('question');
    assert.equal(await answer('openUdp', way, question), 'ECONNREFUSED');
    assert.equal(await answer('openUdp', { ...local, bindIf: 'wke0' }, question), 'ECONNREFUSED');
    assert.equal(await answer('openUdp', { ...way, connectIp: ip('10.93.0.9') }, question), 'EHOSTUNREACH');
    assert.equal(await answer('openUdp', { ...way, fwmark: 77 }, question), 'EACCES');
  });

  test('ping works for both families, whoever may ping on this host, and leaves that as it was', async () => {
    const key = ['net', 'ipv4', 'ping_group_range'];
    for (const range of ['1\t0', '100\t200', '0\t0']) {
      assert.ok(here(() => writeSysctl(key, range)).ok);
      assert.equal(await answer('openPing', way, echo(8)), '10.93.0.2 1234abcd');
      assert.equal(await answer('openPing', { ...local, bindIf: 'wke0' }, echo(128)), 'fe80::2 1234abcd');
      const left = here(() => readSysctl(key));
      assert.equal(left.ok && left.value, range);
    }
    assert.equal(await answer('openPing', { ...way, bindto: ip('10.93.0.77') }, echo(8)), 'EADDRNOTAVAIL here');
    assert.equal(await answer('openPing', { ...way, connectIp: ip('10.93.0.9') }, echo(8)), 'EHOSTUNREACH');
  });
});
