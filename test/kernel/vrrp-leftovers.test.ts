import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { until } from '../lab/cluster.ts';
import { NetworkTwin } from '../lab/network-twin.ts';

/** What is in the kernel already at the start: left by a run that was killed, set by others, or refused by the kernel. */

const trouble = whyNoLab('namespaces');
if (trouble !== undefined) console.log(`skipped: leftovers of a killed run: ${trouble}`);

const instance = (name: string, ifname: string, id: number, lines: readonly string[]): string =>
  `vrrp_instance ${name} {\n interface ${ifname}\n virtual_router_id ${String(id)}\n priority 100\n version 3\n garp_master_delay 0\n garp_master_repeat 1\n ${lines.join('\n ')}\n}\n`;
const block = (name: string, ...lines: readonly string[]): string => `${name} {\n ${lines.join('\n ')}\n }`;

const conf = (advertInt: string, vmac = 'use_vmac', excluded: readonly string[] = []): string => {
  const interval = `advert_int ${advertInt}`;
  return [
    instance('A', 'eth0', 5, [
      interval,
      block('virtual_ipaddress', '10.9.0.100/24'),
      block('virtual_ipaddress_excluded', 'fd00::101/64', '10.8.0.101/24 dev eth1', ...excluded),
      block(
        'virtual_routes',
        '192.168.110.0/24 via 10.9.0.2 dev eth0',
        '192.168.112.0/24 dev eth0 table 200 metric 5',
        'fd10::/64 via fd00::2 dev eth0',
      ),
      block('virtual_rules', 'from 10.7.5.0/24 table 90 priority 600', 'from fd10::/64 table 91 priority 601'),
    ]),
    instance('A6', 'eth0', 5, [interval, block('virtual_ipaddress', 'fe80::1:1/64', 'fd00::103/64')]),
    instance('V', 'eth1', 6, [vmac, interval, block('virtual_ipaddress', '10.8.0.100/24')]),
    instance('V6', 'eth1', 6, [vmac, interval, block('virtual_ipaddress', 'fe80::2:1/64', 'fd08::103/64')]),
  ].join('');
};
const ofMaster = [
  '10.9.0.100/24',
  'fd00::101/64',
  '10.8.0.101/24',
  '192.168.110.0/24',
  '192.168.112.0/24',
  'unicast fd10::/64',
  '600:',
  '601:',
  'fe80::1:1/64',
  'fd00::103/64',
  '10.8.0.100/24',
  'fe80::2:1/64',
  'fd08::103/64',
];

describe('what is there at the start, beside the reference', { skip: trouble ?? false, timeout: 400_000 }, () => {
  let twin: NetworkTwin;
  before(async () => {
    twin = await NetworkTwin.open();
    await twin.start(conf('0.2'));
    await twin.both(/Entering MASTER STATE/, 4);
    await alike(ofMaster, []);
    await twin.kill();
  });
  after(() => {
    twin.close();
  });

  function check(lines: string, holds: readonly string[], lacks: readonly string[]): void {
    for (const text of holds) assert.ok(lines.includes(text), `${text} is not in\n${lines}`);
    for (const text of lacks) assert.ok(!lines.includes(text), `${text} is in\n${lines}`);
  }
  async function alike(holds: readonly string[], lacks: readonly string[]): Promise<void> {
    const { keepalived, watchkeeper } = await twin.settledState();
    assert.deepEqual(watchkeeper, keepalived);
    check(watchkeeper.join('\n'), holds, lacks);
  }
  const ours = async (): Promise<string> => (await twin.state()).watchkeeper.join('\n');

  test('nobody has taken it back', async () => {
    check(await ours(), ofMaster, []);
  });

  test('BACKUP: addresses of both families, routes and rules are taken back, the VMACs are taken up', async () => {
    await twin.start(conf('10'));
    await twin.both(/Entering BACKUP STATE/, 4);
    await until('nothing of a master', 15_000, async () => {
      const lines = await ours();
      return ofMaster.every((text) => !lines.includes(text));
    });
    check(await ours(), ['vrrp.6', 'vrrp6.6'], []);
    // The reference leaves the routes.
    await twin.kill();
  });

  test('MASTER: all of it is there again', async () => {
    await twin.start(conf('0.2'));
    await twin.both(/Entering MASTER STATE/, 4);
    await alike(ofMaster, []);
    await twin.kill();
  });

  test('a configuration without VMACs: those that were left are removed, and their addresses with them', async () => {
    await twin.start(conf('10', ''));
    await twin.both(/Entering BACKUP STATE/, 4);
    await until('nothing of a master', 15_000, async () => {
      const lines = await ours();
      return [...ofMaster, 'vrrp.6', 'vrrp6.6'].every((text) => !lines.includes(text));
    });
    await twin.stop();
    assert.doesNotMatch(await ours(), /vrrp|10\.8\.0\.100/);
    await twin.run('for dev in vrrp.6 vrrp6.6; do ip link del $dev 2>/dev/null; done; true');
  });

  test('an address that is there already, and one that the kernel refuses: one line, all else as usual', async () => {
    await twin.run(
      'ip addr add 10.9.0.100/24 dev eth0; ip -6 addr add fd00::103/64 dev eth0 nodad; sysctl -qw net.ipv6.conf.eth1.disable_ipv6=1',
    );
    await twin.start(conf('0.2', '', ['fd08::104/64 dev eth1']));
    await twin.both(/\((?:A|A6|V)\) Entering MASTER STATE/, 3);
    await alike(['10.9.0.100/24', 'fd00::103/64', '10.8.0.100/24'], ['fd08::104']);
    const refused = twin.ourLog().filter((line) => line.includes('fd08::104'));
    assert.equal(refused.length, 1, refused.join('\n'));
    assert.match(
      refused[0] ?? '',
      /eth1: add address fd08::104\/64: EACCES.*: IPv6 is switched off there \(net\.ipv6\.conf\.eth1\.disable_ipv6\)/,
    );
    await twin.stop();
    await alike([], ofMaster);
  });
});
