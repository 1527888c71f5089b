import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { until } from './cluster.ts';
import { projectRoot, type LabProcess, type Machine } from './machine.ts';
import { instance } from './network-twin.ts';

const ns = 'ipvlan';
const watchkeeper = `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}`;

const conf = (ipv4: string, ipv6: string): string =>
  instance('A', 'eth0', 5, `${ipv4}\n virtual_ipaddress {\n 10.9.0.100/24\n }`) +
  instance('A6', 'eth0', 6, `${ipv6}\n virtual_ipaddress {\n fe80::1:1/64\n fd00::100/64\n }`);
const usual = conf('use_ipvlan 10.9.0.50/24', 'use_ipvlan lan6');

/** One line for each ipvlan and each address of this host; hardware decides on its link-local addresses. */
const look = [
  'ip -d -o link show type ipvlan | sed "s/^[0-9]*: \\([^:]*\\): .* \\(ipvlan *mode [a-z0-9]* [a-z]*\\).*/\\1 \\2/"',
  'ip -o addr show | sed "s/^[0-9]*: //; s/ brd [0-9.]*//; s/ *\\\\\\\\ *valid_lft.*//; s/ proto [a-z_]*//; s/  */ /g" | grep "^\\(eth0\\|vrrp\\|lan\\)"',
].join('; ');

/** Link-local addresses that the kernel made of hardware addresses. */
const own = (text: string): string => text.replace(/fe80::(?:ff:fe00|200:0):[0-9a-f:]+/, 'LINK-LOCAL');

/** use_ipvlan from start to stop, and use_vmac in a VRF, in a kernel that has it. What is expected is what the reference was seen to do. */
export function ipvlanTests(machine: () => Machine): void {
  describe('use_ipvlan', () => {
    let daemon: LabProcess;

    async function start(text: string): Promise<void> {
      await machine().write('/run/ipvlan.conf', text);
      const own = 'mount --bind /run /mnt && mount -t tmpfs run /run && mount --bind /mnt/ipvlan /run';
      const run = `exec ${watchkeeper} -n -l -p /run/pid -f /mnt/ipvlan.conf`;
      daemon = machine().spawn(ns, `exec unshare --mount bash -c '${own} && ${run}'`);
      await masters();
    }
    async function masters(from = 0): Promise<void> {
      for (const name of ['A', 'A6'])
        await daemon.waitFor(new RegExp(`\\(${name}\\) Entering MASTER STATE`), 30_000, from);
    }
    async function kill(): Promise<void> {
      await machine().run(undefined, `kill -9 $(ip netns pids ${ns})`);
      await daemon.exited;
    }
    const state = async (): Promise<readonly string[]> =>
      (await machine().run(ns, look, { mayFail: true })).stdout
        .split('\n')
        .map((line) => own(line.replaceAll(/ +/g, ' ').trim()))
        .filter((line) => line !== '')
        .sort();
    async function becomes(expected: readonly string[]): Promise<void> {
      let seen: readonly string[] = [];
      const wanted = [...expected].sort().join('\n');
      await until(
        'the interfaces and addresses',
        15_000,
        async () => (seen = await state()).join('\n') === wanted,
      ).catch(() => undefined);
      assert.deepEqual(seen, [...expected].sort());
    }
    const indexes = async (): Promise<string> =>
      (await machine().run(ns, 'cat /sys/class/net/vrrp.5/ifindex /sys/class/net/lan6/ifindex')).stdout;

    const below = ['eth0 inet 10.9.0.1/24 scope global eth0', 'eth0 inet6 LINK-LOCAL/64 scope link'];
    const virtual = [
      'eth0 inet 10.9.0.100/24 scope global secondary eth0',
      'eth0 inet6 fe80::1:1/64 scope link nodad',
      'eth0 inet6 fd00::100/64 scope global nodad',
    ];
    const made = [
      'vrrp.5@eth0 ipvlan mode l2 bridge',
      'lan6@eth0 ipvlan mode l2 bridge',
      'vrrp.5 inet 10.9.0.50/24 scope global vrrp.5',
      'lan6 inet6 LINK-LOCAL/64 scope link',
    ];

    test('MASTER: the interfaces are for adverts, virtual addresses are below', async () => {
      const add = 'ip link add eth0 address 02:00:00:00:00:10 type veth peer name far0';
      const up = 'for dev in lo eth0 far0; do ip link set $dev up; done; ip addr add 10.9.0.1/24 dev eth0';
      await machine().run(
        undefined,
        `modprobe ipvlan; mkdir /run/ipvlan; ip netns add ${ns} && ip netns exec ${ns} sh -c '${add}; ${up}'`,
      );
      await start(usual);
      await becomes([...below, ...virtual, ...made]);
    });

    test('adverts have their addresses', async () => {
      const dump = 'timeout 10 tcpdump -lnti far0 -c 8 "ip proto 112 or ip6 proto 112" 2>/dev/null; true';
      const { stdout } = await machine().run(ns, dump);
      const sent = stdout
        .split('\n')
        .flatMap((line) => / ([0-9a-f.:]+ > \S+): .*(vrid \d)/.exec(` ${line}`)?.slice(1).join(' ') ?? []);
      assert.deepEqual([...new Set(sent.map(own))].sort(), [
        '10.9.0.50 > 224.0.0.18 vrid 5',
        'LINK-LOCAL > ff02::12 vrid 6',
      ]);
    });

    test('the interface below goes down: FAULT; and up: MASTER with all of it', async () => {
      const from = daemon.lines.length;
      await machine().run(ns, 'ip link set eth0 down');
      for (const name of ['A', 'A6'])
        await daemon.waitFor(new RegExp(`\\(${name}\\) Entering FAULT STATE`), 15_000, from);
      await machine().run(ns, 'ip link set eth0 up');
      await masters(from);
      await becomes([...below, ...virtual, ...made]);
    });

    test('a killed run: the next one takes the interfaces up', async () => {
      const before = await indexes();
      await kill();
      await becomes([...below, ...virtual, ...made]);
      await start(usual);
      await becomes([...below, ...virtual, ...made]);
      assert.equal(await indexes(), before);
    });

    test('a killed run: with another address an interface is made anew, and one that is wanted no more is removed', async () => {
      await kill();
      await start(conf('use_ipvlan 10.9.0.51/24', ''));
      await becomes([
        ...below,
        ...virtual,
        'vrrp.5@eth0 ipvlan mode l2 bridge',
        'vrrp.5 inet 10.9.0.51/24 scope global vrrp.5',
      ]);
    });

    test('stop: nothing is left', async () => {
      daemon.signal('SIGTERM');
      assert.equal((await daemon.exited).code, 0);
      await becomes(below);
    });

    test('a VMAC on an interface in a VRF is in that too, with its addresses, and leaves it with it', async () => {
      const inVrf = async (): Promise<string> =>
        (await machine().run(ns, 'ip -o link show master blue; ip route show table 10')).stdout;
      const vrf = 'ip link add blue type vrf table 10; ip link set blue up; ip link set eth0 master blue';
      await machine().run(ns, `modprobe vrf; ${vrf}`);
      await start(conf('use_vmac', ''));
      await until('all are in the VRF', 15_000, async () => {
        const seen = await inVrf();
        return ['eth0@', 'vrrp.5@', 'local 10.9.0.100 dev vrrp.5'].every((text) => seen.includes(text));
      });
      const from = daemon.lines.length;
      await machine().run(ns, 'ip link set eth0 nomaster');
      await until('none is', 15_000, async () => (await inVrf()) === '');
      await masters(from);
      daemon.signal('SIGTERM');
      await daemon.exited;
    });
  });
}
