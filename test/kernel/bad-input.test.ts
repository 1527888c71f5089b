import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { until } from '../lab/cluster.ts';
import { Machine, projectRoot, type LabProcess } from '../lab/machine.ts';
import { buildScript } from '../lab/topology.ts';

/** What the daemon says and does when its input is bad: one clear line, the right status, and nothing changed. */

const trouble = whyNoLab('namespaces');
if (trouble !== undefined) console.log(`skipped: bad input to the running daemon: ${trouble}`);

const watchkeeper = `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}`;
const conf = (text = ''): string => `vrrp_instance VI_1 {
  state MASTER
  interface eth0
  virtual_router_id 41
  priority 100
  authentication {
    auth_type PASS
    auth_pass 1111
  }
  virtual_ipaddress { 10.0.0.100 }
}
${text}`;

describe('bad input to the running daemon', { skip: trouble ?? false, timeout: 540_000 }, () => {
  let machine: Machine;

  before(async () => {
    machine = await Machine.namespaces();
    const node = (name: string, address: string) => ({ name, interfaces: [{ name: 'eth0', segment: 'lan', address }] });
    await machine.run(
      undefined,
      buildScript({ segments: ['lan'], nodes: [node('d1', '10.0.0.1/24'), node('other', '10.0.0.2/24')] }),
    );
    await machine.write('/run/lab/good.conf', conf());
  });
  after(() => {
    machine.close();
  });

  async function run(options: string): Promise<{ readonly code: number | null; readonly text: string }> {
    const { code, stderr, stdout } = await machine.run(
      'd1',
      `cd /run/lab && timeout 15 ${watchkeeper} -n -l ${options}`,
      { mayFail: true },
    );
    return { code, text: stdout + stderr };
  }

  const refused: readonly {
    name: string;
    file?: string;
    text?: string;
    options?: string;
    mode?: number;
    code: number;
    says: RegExp;
  }[] = [
    {
      name: 'a file that is missing',
      options: '-f /run/lab/none.conf',
      code: 6,
      says: /'\/run\/lab\/none\.conf' does not exist \(name another with -f\)/,
    },
    { name: 'a folder', options: '-f /run/lab', code: 6, says: /configuration file '\/run\/lab' is a directory/ },
    {
      name: 'an executable file',
      file: 'exec.conf',
      text: conf(),
      mode: 0o755,
      code: 6,
      says: /'\/run\/lab\/exec\.conf' is executable: .*chmod a-x/,
    },
    {
      name: 'an interface that does not exist',
      file: 'interface.conf',
      text: conf().replace('eth0', 'eth7'),
      code: 2,
      says: /interface\.conf:3:13: error: interface eth7 of vrrp_instance VI_1 does not exist \(there are lo, eth0; one that comes later needs 'dynamic_interfaces'/,
    },
    {
      name: 'a keyword without its argument',
      file: 'argument.conf',
      text: conf().replace('priority 100', 'priority'),
      code: 2,
      says: /argument\.conf:5:3: error: 'priority' in vrrp_instance VI_1 lacks its argument \(it takes a whole number from 1 to 255\)/,
    },
    {
      name: 'an unknown option',
      options: '--bogus',
      code: 1,
      says: /unknown option '--bogus'; see watchkeeper --help/,
    },
    {
      name: 'a kernel without IPVS',
      file: 'ipvs.conf',
      text: 'virtual_server 10.0.0.100 80 {\n  lb_algo rr\n  lb_kind NAT\n  real_server 10.0.0.2 80 { }\n}\n',
      code: 1,
      says: /IPVS cannot be used: the kernel has no IPVS here: load it with `modprobe ip_vs`/,
    },
  ];
  for (const { name, file, text, mode, options, code, says } of refused) {
    test(`${name} ends with status ${String(code)} and one line that says what would help`, async () => {
      const path = `/run/lab/${file ?? 'unused.conf'}`;
      if (text !== undefined) await machine.write(path, text, mode);
      const result = await run(options ?? `-f ${path}`);
      assert.match(result.text, says);
      assert.equal(result.code, code);
      assert.equal(result.text.split('\n').filter((line) => says.test(line)).length, 1);
    });
  }

  const without = 'setpriv --inh-caps=-all --no-new-privs --bounding-set';
  for (const [name, wrapper, says] of [
    [
      'all of them',
      `${without}=-net_admin,-net_raw`,
      /VRRP needs CAP_NET_ADMIN: run as root, or give it with the unit's AmbientCapabilities/,
    ],
    // The reference goes on, and is MASTER without its addresses.
    ['CAP_NET_ADMIN', `${without}=-net_admin`, /VRRP needs CAP_NET_ADMIN/],
    ['CAP_NET_RAW', `${without}=-net_raw`, /VRRP needs CAP_NET_RAW/],
    // All that the process has counts for networks of its user namespace only: the kernel says EPERM to everything.
    [
      'those of this network',
      'unshare --user --map-root-user',
      /VRRP may not open raw sockets here.*EPERM.*belongs to another user namespace/,
    ],
  ] as const) {
    test(`without rights (${name}): says what it takes, and ends with status 4`, async () => {
      const before = (await machine.run('d1', 'ip address')).stdout;
      const { stdout, stderr, code } = await machine.run(
        'd1',
        `cd /run/lab && timeout 15 ${wrapper} ${watchkeeper} -n -l -f good.conf`,
        { mayFail: true },
      );
      const lines = (stdout + stderr).split('\n').filter((line) => says.test(line));
      assert.equal(lines.length, 1, stdout + stderr);
      assert.equal(code, 4);
      assert.equal((await machine.run('d1', 'ip address')).stdout, before);
    });
  }

  for (const [name, text] of [
    ['empty', ''],
    ['binary', '\u0000\u0001\u0002\u00ff{{{{"\u0000\n}}}}\u0000'],
    ['full of errors', '}\n{\nvrrp_instance\n"\npriority x\n'.repeat(200)],
  ] as const) {
    test(`a file that is ${name}: no crash, no change`, async () => {
      await machine.write('/run/lab/odd.conf', text);
      const before = await machine.run('d1', 'ip address');
      const { code, stderr } = await machine.run(
        'd1',
        `timeout -s TERM 3 ${watchkeeper} -n -l -f /run/lab/odd.conf; echo status $?`,
        { mayFail: true },
      );
      assert.doesNotMatch(stderr, /^\s+at /m, 'no stack trace');
      assert.equal(code, 0);
      assert.equal((await machine.run('d1', 'ip address')).stdout, before.stdout);
    });
  }

  describe('while it runs', () => {
    let daemon: LabProcess;
    before(async () => {
      daemon = machine.spawn('d1', `exec ${watchkeeper} -n -l -f /run/lab/good.conf`);
      await daemon.waitFor(/Entering MASTER STATE/, 15_000);
      await until('the address is there', 5000, hasAddress);
    });

    async function hasAddress(): Promise<boolean> {
      return (await machine.run('d1', 'ip -4 address show dev eth0')).stdout.includes('10.0.0.100/32');
    }

    async function adverts(option = ''): Promise<void> {
      const tsx = join(projectRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs');
      const script = join(projectRoot, 'test', 'lab', 'hostile-adverts.ts');
      await machine.run(
        'other',
        `cd ${projectRoot} && ${process.execPath} --import ${tsx} ${script} eth0 10.0.0.2 10.0.0.100 ${option}`,
      );
    }

    test('a second instance on the same pid file is told so, and ends with 0 as the reference does', async () => {
      const { code, text } = await run('-f /run/lab/good.conf');
      assert.match(text, /daemon is already running: .*keepalived\.pid/);
      assert.equal(code, 0);
      assert.ok(await hasAddress());
    });

    test('adverts that are truncated, forged or of others change nothing and are logged once a kind', async () => {
      const seen = daemon.lines.length;
      await adverts();
      await daemon.waitFor(/wrong auth_pass/, 5000, seen);
      assert.ok(await hasAddress());
      const lines = daemon.lines.slice(seen).map(({ text }) => text);
      assert.ok(!lines.some((line) => line.includes('Entering')), lines.join('\n'));
      for (const kind of [
        'wrong checksum',
        'TTL 254',
        'version 3',
        'wrong auth_pass',
        'interval 5 s',
        'authentication none',
      ]) {
        assert.equal(lines.filter((line) => line.includes(kind)).length, 1, `${kind}: ${lines.join('\n')}`);
      }
      assert.ok(lines.length < 15, `a flood of 1,000 adverts made ${String(lines.length)} lines`);
    });

    test('the same advert without a fault is believed', async () => {
      const seen = daemon.lines.length;
      await adverts('--good');
      await daemon.waitFor(/Entering BACKUP STATE/, 5000, seen);
      await until('the address is gone', 5000, async () => !(await hasAddress()));
    });

    test('an interface that vanishes is a fault in words, and no crash', async () => {
      await daemon.waitFor(
        /Entering MASTER STATE/,
        15_000,
        daemon.lines.findLastIndex(({ text }) => text.includes('Entering BACKUP')),
      );
      const seen = daemon.lines.length;
      await machine.run('d1', 'ip link del eth0');
      await daemon.waitFor(/Entering FAULT STATE: interface eth0 (?:is down|does not exist)/, 5000, seen);
      daemon.signal('SIGTERM');
      assert.equal((await daemon.exited).code, 0);
    });
  });
});
