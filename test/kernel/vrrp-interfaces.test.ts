import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { until } from '../lab/cluster.ts';
import { instance, NetworkTwin } from '../lab/network-twin.ts';

/** Interfaces that vanish, come back, get other names or were never there: states and kernel beside the reference. */

const trouble = whyNoLab('namespaces');
if (trouble !== undefined) console.log(`skipped: interfaces that come and go: ${trouble}`);

const vips = (...lines: readonly string[]): string => `virtual_ipaddress {\n ${lines.join('\n ')}\n }`;
const route = (text: string): string => `virtual_routes {\n ${text}\n }`;
const statics =
  'static_ipaddress {\n 10.7.0.1/24 dev eth2\n}\nstatic_routes {\n 192.168.200.0/24 via 10.7.0.2 dev eth2\n}\n';
const conf = [
  'global_defs {\n dynamic_interfaces\n}\n',
  statics,
  instance('A', 'eth0', 5, `${vips('10.9.0.100/24')}\n ${route('192.168.201.0/24 via 10.9.0.2 dev eth0')}`),
  instance('V', 'eth1', 6, `use_vmac\n ${vips('10.8.0.100/24')}`),
  instance('T', 'eth3', 7, `track_interface {\n eth2\n }\n ${vips('10.6.0.100/24')}`),
  instance('N', 'eth9', 8, vips('10.5.0.100/24')),
].join('');

const veth = (name: string, number: number, address: string): string =>
  [
    `ip link add ${name} address 02:00:00:00:01:0${String(number)} type veth peer name peer${String(number)} address 02:00:00:00:02:0${String(number)}`,
    `ip addr add ${address} dev ${name}`,
    `ip link set peer${String(number)} up; ip link set ${name} up`,
  ].join('; ');

interface Phase {
  readonly name: string;
  readonly command: string;
  readonly states: readonly string[];
  readonly holds: readonly string[];
  readonly lacks: readonly string[];
}

const masters = ['10.9.0.100/24 scope global secondary eth0', '192.168.201.0/24 via 10.9.0.2 dev eth0'];
const phases: readonly Phase[] = [
  {
    name: 'the interface of an instance is removed',
    command: 'ip link del eth0',
    states: ['A FAULT'],
    holds: ['10.8.0.100/24', '10.6.0.100/24'],
    lacks: ['10.9.0.100/24', '192.168.201.0/24'],
  },
  {
    name: 'it comes back with another number',
    command:
      'ip link add eth0 address 02:00:00:00:00:10 type veth peer name far0 address 02:00:00:00:00:11; ip addr add 10.9.0.1/24 dev eth0; ip link set far0 up; ip link set eth0 up',
    states: ['A BACKUP', 'A MASTER'],
    holds: masters,
    lacks: [],
  },
  {
    name: 'it gets another name: nothing of the instance stays on it',
    command: 'ip link set eth0 name lan0',
    states: ['A FAULT'],
    holds: ['10.9.0.1/24 scope global lan0'],
    lacks: ['10.9.0.100/24', '192.168.201.0/24'],
  },
  {
    name: 'it has its name again',
    command: 'ip link set lan0 name eth0',
    states: ['A BACKUP', 'A MASTER'],
    holds: masters,
    lacks: [],
  },
  {
    name: 'the interface below a VMAC is removed',
    command: 'ip link del eth1',
    states: ['V FAULT'],
    holds: [],
    lacks: ['10.8.0.100/24', 'vrrp.6'],
  },
  {
    name: 'it comes back: the VMAC is made again',
    command:
      'ip link add eth1 address 02:00:00:00:00:20 type veth peer name far1 address 02:00:00:00:00:21; ip addr add 10.8.0.1/24 dev eth1; ip link set far1 up; ip link set eth1 up',
    states: ['V BACKUP', 'V MASTER'],
    holds: ['vrrp.6    inet 10.8.0.100/24'],
    lacks: [],
  },
  {
    name: 'an interface that never was there is made',
    command: veth('eth9', 9, '10.5.0.9/24'),
    states: ['N BACKUP', 'N MASTER'],
    holds: ['10.5.0.100/24'],
    lacks: [],
  },
  {
    name: 'a tracked interface, with static addresses and routes, is removed',
    command: 'ip link del eth2',
    states: ['T FAULT'],
    holds: [],
    lacks: ['10.6.0.100/24', '10.7.0.1/24', '192.168.200.0/24'],
  },
  {
    name: 'it comes back, and they with it',
    command: veth('eth2', 2, '10.7.0.9/24'),
    states: ['T BACKUP', 'T MASTER'],
    holds: ['10.6.0.100/24', '10.7.0.1/24 scope global secondary eth2', '192.168.200.0/24 via 10.7.0.2 dev eth2'],
    lacks: [],
  },
  {
    name: 'it gets another name',
    command: 'ip link set eth2 name lan2',
    states: ['T FAULT'],
    holds: [],
    lacks: ['10.6.0.100/24'],
  },
  {
    name: 'and has its name again',
    command: 'ip link set lan2 name eth2',
    states: ['T BACKUP', 'T MASTER'],
    holds: ['10.6.0.100/24', '10.7.0.1/24'],
    lacks: [],
  },
];

describe('interfaces that come and go, beside the reference', { skip: trouble ?? false, timeout: 400_000 }, () => {
  let twin: NetworkTwin;
  before(async () => {
    twin = await NetworkTwin.open();
    await twin.run(`${veth('eth2', 2, '10.7.0.9/24')}; ${veth('eth3', 3, '10.6.0.9/24')}`);
    await twin.start(conf);
    await twin.both(/Entering MASTER STATE/, 3);
  });
  after(() => {
    twin.close();
  });

  const alike = async (holds: readonly string[], lacks: readonly string[]): Promise<void> => {
    const { keepalived, watchkeeper } = await twin.settledState();
    assert.deepEqual(watchkeeper, keepalived);
    const lines = watchkeeper.join('\n');
    for (const text of holds) assert.ok(lines.includes(text), `${text} is not in\n${lines}`);
    for (const text of lacks) assert.ok(!lines.includes(text), `${text} is in\n${lines}`);
  };

  test('an interface that is not there is told once', () => {
    assert.deepEqual(
      twin.ourLog().flatMap((line) => (line.includes('eth9') ? [line.replace(/^.*?: /, '')] : [])),
      ['(N) Entering FAULT STATE: interface eth9 does not exist'],
    );
  });

  for (const { name, command, states, holds, lacks } of phases) {
    test(name, async () => {
      const from = twin.lineCounts();
      await twin.run(command);
      await until(`${states.join(', ')} on both sides`, 15_000, () => {
        const told = twin.states(from);
        return told.keepalived.length >= states.length && told.watchkeeper.length >= states.length;
      });
      await alike(holds, lacks);
      assert.deepEqual(twin.states(from), { keepalived: states, watchkeeper: states });
      const said = twin.ourLog().slice(from.watchkeeper);
      assert.ok(said.length < 12 && !said.some((line) => line.includes('cannot be set')), said.join('\n'));
    });
  }

  test('stop: nothing is left', async () => {
    await twin.stop();
    await alike([], ['10.9.0.100', '10.8.0.100', '10.7.0.1/', '10.6.0.100', '10.5.0.100', '192.168.20', 'vrrp']);
  });

  describe('the socket of notifications overruns while the process stands still', () => {
    const overrun = [
      'global_defs {\n vrrp_netlink_monitor_rcv_bufs 65536\n}\n',
      statics,
      instance('A', 'eth0', 5, vips('10.9.0.100/24')),
      instance('V', 'eth1', 6, `use_vmac\n ${vips('10.8.0.100/24')}`),
      instance('R', 'eth3', 7, `${vips('10.6.0.100/24')}\n ${route('192.168.203.0/24 via 10.6.0.2 dev eth3')}`),
    ].join('');
    const flood = `{ for i in $(seq 15); do for j in $(seq 200); do echo "addr add 10.200.$i.$j/32 dev eth2"; done; done; } > /run/flood; ip -batch /run/flood`;
    const during = [
      'ip addr del 10.9.0.100/24 dev eth0',
      'ip link del vrrp.6',
      'ip route del 192.168.203.0/24',
      'ip addr del 10.7.0.1/24 dev eth2',
      'ip route del 192.168.200.0/24',
    ].join('; ');

    test('what somebody took away meanwhile is there again, and nobody else changes their state', async () => {
      await twin.start(overrun);
      await twin.both(/Entering MASTER STATE/, 3);
      const look = async (): Promise<readonly string[]> =>
        (await twin.state()).watchkeeper.filter((line) => !line.includes('10.200.'));
      const before = await look();
      const from = twin.lineCounts();
      const vrrp = '$(pgrep -P $(cat /run/watchkeeper.pid))';
      await twin.machine.run('watchkeeper', `kill -STOP ${vrrp}; ${flood}; ${during}; kill -CONT ${vrrp}`);
      await until('A and V are MASTER again', 15_000, () => {
        const { watchkeeper } = twin.states(from);
        return ['A MASTER', 'V MASTER'].every((state) => watchkeeper.includes(state));
      });
      await until('all is as it was', 15_000, async () => (await look()).join('\n') === before.join('\n'));
      const said = twin.ourLog().slice(from.watchkeeper);
      assert.ok(said.some((line) => line.includes('notifications of links and addresses were lost (ENOBUFS)')));
      const states = twin.states(from).watchkeeper;
      assert.deepEqual(
        states.filter((state) => state.startsWith('A')),
        ['A BACKUP', 'A MASTER'],
      );
      assert.deepEqual(
        states.filter((state) => state.startsWith('R')),
        [],
      );
      assert.ok(said.length < 30, said.join('\n'));
    });
  });
});
