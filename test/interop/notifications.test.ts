import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { until } from '../lab/cluster.ts';
import { Machine, projectRoot, type LabProcess } from '../lab/machine.ts';
import { notifyingConf, occasions, recorder, tellers, type Occasion, type Teller } from '../lab/notifications.ts';

/** The same happens to keepalived and Watchkeeper: what FIFOs and scripts are told (docs/notifications.md). */

const trouble = whyNoLab('namespaces');
if (trouble !== undefined) console.log(`skipped: notifications beside keepalived: ${trouble}`);

const programs: Readonly<Record<Teller, string>> = {
  keepalived: 'keepalived',
  watchkeeper: `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}`,
};

interface Told {
  readonly all: readonly string[];
  readonly vrrp: readonly string[];
  readonly scripts: readonly string[];
}

describe('notifications of VRRP', { skip: trouble ?? false, timeout: 600_000 }, () => {
  let machine: Machine;
  const told = new Map<string, Told>();

  before(async () => {
    machine = await Machine.namespaces();
    await Promise.all(tellers.map(live));
  });
  after(() => {
    machine.close();
  });

  async function live(who: Teller): Promise<void> {
    const folder = `/run/${who}`;
    const inside = ['link set lo up', 'link add eth0 type veth peer name far', 'link set far up', 'link set eth0 up'];
    const network = [...inside, 'addr add 10.9.0.10/24 dev eth0'].map((line) => `ip -n ${who} ${line}`).join(' && ');
    const files = `mkdir ${folder} && echo 0 > ${folder}/value && install -m 666 /dev/null ${folder}/said`;
    await machine.run(
      undefined,
      `ip netns add ${who} && ${network} && ${files} && mkfifo ${folder}/all ${folder}/vrrp`,
    );
    await machine.write(`${folder}/conf`, notifyingConf(folder, false));
    await machine.write(`${folder}/conf2`, notifyingConf(folder, true));
    await machine.write(`${folder}/rec`, recorder(folder), 0o755);
    const fifos = ['all', 'vrrp'].map((name) => machine.spawn(undefined, `exec cat <> ${folder}/${name}`));
    const options = `-n -l -P -f ${folder}/conf -p ${folder}/pid -r ${folder}/vrrp.pid`;
    const daemon = machine.spawn(who, `exec env -i PATH=$PATH FOO=bar ${programs[who]} ${options}`);
    const seen = [0, 0, 0];
    for (const occasion of occasions) {
      const now = (): Promise<Told> => what(folder, fifos, seen);
      await happen(who, folder, occasion, daemon);
      const complete = async (): Promise<boolean> => {
        const { all, vrrp, scripts } = await now();
        const [lines, runs] = [occasion.fifo[who].length, occasion.scripts[who].length];
        return all.length >= lines && vrrp.length >= lines && scripts.length >= runs;
      };
      // What is missing is said by the test of the occasion.
      await until('all is told', 10_000, complete).catch(() => undefined);
      const { all, vrrp, scripts } = await now();
      told.set(`${who} ${occasion.name}`, { all, vrrp, scripts });
      for (const [i, list] of [all, vrrp, scripts].entries()) seen[i] = (seen[i] ?? 0) + list.length;
    }
    await daemon.exited;
  }

  async function happen(who: Teller, folder: string, occasion: Occasion, daemon: LabProcess): Promise<void> {
    const { command, advert, signal } = occasion;
    if (command !== undefined) await machine.run(who, command(folder));
    if (advert !== undefined) {
      const tsx = join(projectRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs');
      const script = join(projectRoot, 'test', 'lab', 'hostile-adverts.ts');
      const send = `${process.execPath} --import ${tsx} ${script} far 10.9.0.2 10.9.0.41 ${advert}`;
      await machine.run(who, `cd ${projectRoot} && ${send}`);
    }
    if (signal === 'SIGHUP') await machine.run(undefined, `kill -HUP $(cat ${folder}/pid)`);
    if (signal === 'SIGTERM') daemon.signal('SIGTERM');
  }

  async function what(folder: string, fifos: readonly LabProcess[], seen: readonly number[]): Promise<Told> {
    const { stdout } = await machine.run(undefined, `cat ${folder}/said`);
    const [all = [], vrrp = []] = fifos.map(({ lines }, i) => lines.slice(seen[i]).map(({ text }) => text));
    return { all, vrrp, scripts: stdout.split('\n').slice(0, -1).slice(seen[2]) };
  }

  const sorted = (lines: readonly string[]): readonly string[] => [...lines].sort();

  for (const occasion of occasions) {
    for (const who of tellers) {
      test(`${occasion.name}: ${who}`, () => {
        const was = told.get(`${who} ${occasion.name}`);
        assert.ok(was !== undefined);
        assert.deepEqual(sorted(was.all), sorted(occasion.fifo[who]), 'lines of the FIFO for all');
        assert.deepEqual(was.vrrp, was.all, 'the FIFO of VRRP has the same');
        assert.deepEqual(sorted(was.scripts), sorted(occasion.scripts[who]), 'scripts and their arguments');
        if (occasion.signal === 'SIGTERM') assert.deepEqual(was.all, occasion.fifo[who], 'in this order');
      });
    }
  }
});
