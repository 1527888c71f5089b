import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ProcessWatcher } from '../../src/daemon/process-watcher.ts';
import { allProcesses, monotonicMs, openProcessConnector, processFacts, realAlarm } from '../../src/platform/index.ts';
import { whyNoLab } from '../lab/available.ts';
import { until } from '../lab/cluster.ts';
import { Machine, projectRoot } from '../lab/machine.ts';
import { span } from '../vrrp/configuration.ts';

/** vrrp_track_process on a real kernel: its events, and without them. */

function whyNoEvents(): string | undefined {
  if (process.getuid?.() !== 0) return 'the events of processes are for root';
  // The kernel's number of the first pid namespace (linux/proc_ns.h).
  return readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]' ? undefined : 'this is a container';
}

const noEvents = whyNoEvents();
if (noEvents !== undefined) console.log(`skipped: events of processes: ${noEvents}`);

test(
  'a program that is started, forks and ends is followed',
  { skip: noEvents ?? false, timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-process-'));
    const name = `wk-${String(process.pid)}`;
    const program = join(folder, name);
    copyFileSync('/bin/sleep', program);
    const tracked = { span, weight: 0, reverse: false, forkDelayMs: 0, terminateDelayMs: 0 };
    const said: string[] = [];
    const logged: string[] = [];
    const watcher = new ProcessWatcher({
      onChange: (which, ok) => said.push(`${which} ${String(ok)}`),
      log: (_, text) => logged.push(text),
      openConnector: openProcessConnector,
      allProcesses,
      processFacts,
      alarm: realAlarm,
      nowMs: monotonicMs,
    });
    after(() => {
      watcher.stop();
      rmSync(folder, { recursive: true });
    });
    watcher.follow([
      { ...tracked, name: 'one', process: [name], quorum: 1, fullCommand: false },
      { ...tracked, name: 'two', process: [program, '100'], quorum: 2, fullCommand: true },
    ]);
    assert.deepEqual(watcher.values, { one: false, two: false });
    const first = spawn(program, ['100']);
    await until('the first is there', 5000, () => said.length === 1);
    const second = spawn(program, ['100']);
    await until('the second is there', 5000, () => said.length === 2);
    second.kill();
    await until('the second is gone', 5000, () => said.length === 3);
    first.kill();
    await until('the first is gone', 5000, () => said.length === 4);
    assert.deepEqual(said, ['one true', 'two true', 'two false', 'one false']);
    assert.ok(!logged.some((text) => text.includes('looks every second')), logged.join('\n'));
  },
);

const noLab = whyNoLab('namespaces');
if (noLab !== undefined) console.log(`skipped: track_process in a namespace: ${noLab}`);

test(
  'in a network namespace of its own the daemon says so and looks itself',
  { skip: noLab ?? false, timeout: 120_000 },
  async () => {
    const machine = await Machine.namespaces();
    after(() => {
      machine.close();
    });
    const links = 'ip link add eth0 type veth peer name far && ip link set eth0 up && ip link set far up';
    await machine.run(undefined, `${links} && ip addr add 10.9.0.1/24 dev eth0`);
    const instance =
      'vrrp_instance V {\n interface eth0\n virtual_router_id 7\n priority 100\n virtual_ipaddress {\n 10.9.0.9\n }\n track_process {\n web\n }\n}\n';
    const daemonConf = `vrrp_track_process web {\n process wk-web\n}\n${instance}`;
    await machine.write('/run/process.conf', daemonConf);
    await machine.run(undefined, 'cp /bin/sleep /run/wk-web');
    const watchkeeper = `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}`;
    const daemon = machine.spawn(undefined, `exec ${watchkeeper} -n -l -P -f /run/process.conf`);
    await daemon.waitFor(/The kernel does not tell of processes/, 20_000);
    await daemon.waitFor(/\(V\) Entering FAULT STATE: process web does not run/, 20_000);
    const web = machine.spawn(undefined, 'exec /run/wk-web 1000');
    await daemon.waitFor(/Quorum gained for tracked process web/, 20_000);
    await daemon.waitFor(/\(V\) Entering MASTER STATE/, 20_000);
    const seen = daemon.lines.length;
    web.signal('SIGKILL');
    await daemon.waitFor(/\(V\) Entering FAULT STATE: process web does not run/, 20_000, seen);
    daemon.signal('SIGTERM');
    await daemon.exited;
  },
);
