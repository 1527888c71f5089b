import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { until } from '../lab/cluster.ts';
import { Machine, projectRoot, type LabProcess } from '../lab/machine.ts';

/** The daemon's own scripts beside keepalived's: when they run, with which arguments, and what becomes of them. */

const trouble = whyNoLab('namespaces');
if (trouble !== undefined) console.log(`skipped: the daemon's scripts beside keepalived: ${trouble}`);

const programs = {
  keepalived: 'keepalived',
  watchkeeper: `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}`,
} as const;
type Who = keyof typeof programs;
const both: readonly Who[] = ['keepalived', 'watchkeeper'];

const recorder = (folder: string): string => `#!/bin/bash
say() { echo "$*" >> ${folder}/said; }
say "start $* input=$(readlink /proc/$$/fd/0) group=$([ "$(ps -o pgid= -p $$ | tr -d ' ')" = $$ ] && echo own)"
trap 'say "term $1"; exit 0' TERM
case $1 in
  fifo) while read -r line; do say "line $line"; [ -e ${folder}/die ] && rm ${folder}/die && exit 3; done < "\${!#}" ;;
  slow) sleep 0.5 ;;
  hang) sleep 60 & wait ;;
esac
say "end $1"
`;

const conf = (folder: string, own: string, limits: string): string => `global_defs {
  enable_script_security
  script_user root
  startup_script "${folder}/rec ${own} startup"
  shutdown_script "${folder}/rec ${own} shutdown"
${limits}  notify_fifo ${folder}/fifo
  notify_fifo_script "${folder}/rec fifo 'b c'"
}
vrrp_instance B {
  interface eth0
  virtual_router_id 52
  version 3
  advert_int 0.2
  virtual_ipaddress {
    10.9.1.1/24
  }
}
`;

describe('scripts of the daemon', { skip: trouble ?? false, timeout: 300_000 }, () => {
  let machine: Machine;
  before(async () => {
    machine = await Machine.namespaces();
    for (const who of both) {
      const network = `ip netns add ${who} && ip -n ${who} link add eth0 type veth peer name far && ip -n ${who} link set far up`;
      await machine.run(
        undefined,
        `${network} && ip -n ${who} link set eth0 up && ip -n ${who} addr add 10.9.0.10/24 dev eth0`,
      );
    }
  });
  after(() => {
    machine.close();
  });

  const read = async (path: string): Promise<string> =>
    (await machine.run(undefined, `cat ${path}`, { mayFail: true })).stdout;

  /** What the scripts said from start to stop; `meanwhile` is once the instance is MASTER. */
  async function life(
    who: Who,
    name: string,
    own: string,
    limits: string,
    meanwhile?: (folder: string) => Promise<void>,
  ): Promise<readonly string[]> {
    const folder = `/run/${name}-${who}`;
    await machine.run(undefined, `mkdir ${folder}`);
    await machine.write(`${folder}/conf`, conf(folder, own, limits));
    await machine.write(`${folder}/rec`, recorder(folder), 0o755);
    const files = `-p ${folder}/pid -r ${folder}/vrrp.pid`;
    const daemon: LabProcess = machine.spawn(who, `exec ${programs[who]} -n -l -P -f ${folder}/conf ${files}`);
    await until(`${who} is MASTER`, 20_000, async () => (await read(`${folder}/said`)).includes('MASTER'));
    await meanwhile?.(folder);
    daemon.signal('SIGTERM');
    await daemon.exited;
    return (await read(`${folder}/said`)).replaceAll(folder, '').trim().split('\n');
  }

  test('run at start and stop, with the same arguments and events', async () => {
    const [theirs, ours] = [
      await life('keepalived', 'plain', 'slow', ''),
      await life('watchkeeper', 'plain', 'slow', ''),
    ];
    // keepalived ends its reader before that one can read what the stop means.
    const withoutStop = (lines: readonly string[]): readonly string[] => lines.filter((line) => !line.includes('STOP'));
    assert.deepEqual(withoutStop(ours), withoutStop(theirs));
    assert.ok(ours.includes('line INSTANCE "B" STOP 100'), ours.join('\n'));
  });

  test('that hang are ended after their time, and the daemon goes on', async () => {
    const limits = '  startup_script_timeout 1\n  shutdown_script_timeout 1\n';
    const [theirs, ours] = [
      await life('keepalived', 'hang', 'hang', limits),
      await life('watchkeeper', 'hang', 'hang', limits),
    ];
    const own = (lines: readonly string[]): readonly string[] => lines.filter((line) => line.includes('hang'));
    assert.deepEqual(own(ours), own(theirs));
    const { stdout } = await machine.run(undefined, 'pgrep -fc "sleep 60"', { mayFail: true });
    assert.equal(stdout.trim(), '0');
  });

  test('and operators find the daemon by the name of keepalived, with its FIFO and its time of reload as there', async () => {
    const launcher = '/run/names/keepalived';
    await machine.run(undefined, `mkdir -p /run/names && ln -s ${join(projectRoot, 'bin', 'watchkeeper')} ${launcher}`);
    const seen = async (who: Who, command: string): Promise<readonly string[]> => {
      const folder = `/run/names-${who}`;
      const own = `  reload_time_file ${folder}/at\n`;
      await machine.run(undefined, `mkdir ${folder} && touch ${folder}/said`);
      await machine.write(`${folder}/rec`, recorder(folder), 0o755);
      const text = conf(folder, 'none', own).replace(/^ {2}(startup|shutdown)_script.*\n/gm, '');
      await machine.write(`${folder}/conf`, text);
      const daemon = machine.spawn(
        who,
        `exec ${command} -n -l -P -f ${folder}/conf -p ${folder}/pid -r ${folder}/vrrp.pid`,
      );
      await daemon.waitFor(/Entering MASTER STATE/, 20_000);
      const ask = async (question: string): Promise<string> =>
        (await machine.run(undefined, question, { mayFail: true })).stdout.trim();
      const pids = `$(cat ${folder}/pid) $(cat ${folder}/vrrp.pid)`;
      const found = [
        await ask(`for p in ${pids}; do cat /proc/$p/comm; done`),
        await ask(
          `for p in ${pids}; do for f in "pidof keepalived" "pgrep keepalived"; do $f | tr ' ' '\\n' | grep -cx $p; done; done`,
        ),
        await ask(`stat -c '%A %U %G' ${folder}/fifo`),
      ];
      await machine.run(undefined, `date -u -d '+2 seconds' +%H:%M:%SZ > ${folder}/at`);
      await daemon.waitFor(/Scheduling reload for/, 20_000);
      const reloaded = await daemon.waitFor(/^.*Reloading/, 20_000);
      await until('the file is gone', 20_000, async () => (await ask(`ls ${folder}/at`)) === '');
      found.push(reloaded.text.replace(/.*(Reloading).*/, '$1'));
      daemon.signal('SIGTERM');
      await daemon.exited;
      return found;
    };
    const theirs = await seen('keepalived', 'keepalived');
    const ours = await seen('watchkeeper', `${process.execPath} ${launcher}`);
    assert.deepEqual(ours, theirs);
    assert.deepEqual(ours.slice(0, 3), ['keepalived\nkeepalived', '1\n1\n1\n1', 'prw------- root root']);
  });

  test('a reader that dies is started again and knows what it missed', async () => {
    const said = await life('watchkeeper', 'die', 'slow', '', async (folder) => {
      await machine.run(undefined, `touch ${folder}/die && ip -n watchkeeper link set eth0 down`);
      await until('the reader is there again', 20_000, async () => {
        const lines = await read(`${folder}/said`);
        return (lines.match(/start fifo/g)?.length ?? 0) === 2 && (lines.match(/FAULT/g)?.length ?? 0) === 2;
      });
      await machine.run(undefined, 'ip -n watchkeeper link set eth0 up');
    });
    assert.deepEqual(
      said.filter((line) => line.includes('FAULT')),
      ['line INSTANCE "B" FAULT 100', 'line INSTANCE "B" FAULT 100'],
    );
  });
});
