import type { Machine } from '../test/lab/machine.ts';
import { manyServices, restingServices, type Shape } from './configs.ts';
import { BenchDaemon, daemons, type DaemonName } from './daemon.ts';
import { progress, type Row } from './report.ts';

/** What many services cost: until the table is full, at a reload, at the end, over many reloads, and at rest. */

type Life = (daemon: BenchDaemon) => Promise<readonly number[]>;

/** From start to a full table, reloads with little and with more changed, and stop. */
export async function measureTables(machine: Machine, shape: Shape, rounds: number): Promise<readonly Row[]> {
  const [before, one, tenth] = ['/run/before.conf', '/run/one.conf', '/run/tenth.conf'];
  await machine.write(before, manyServices(shape, 0));
  await machine.write(one, manyServices(shape));
  await machine.write(tenth, manyServices(shape, 10, 8));
  const what = `${shape.services.toLocaleString('en')} services, ${shape.servers.toLocaleString('en')} servers`;
  const names = [
    'start to a full table, s',
    'memory of all processes, MB',
    'reload with one changed weight, s',
    'reload with 10 % of the weights changed, s',
    'memory after the reloads, MB',
    'stop, s',
    'entries left after stop',
  ].map((name) => `${what}: ${name}`);
  return inTurn(machine, rounds, names, async (daemon) => [
    await daemon.start(before, shape),
    await daemon.memory(),
    await daemon.reload(one, shape, 9),
    await daemon.reload(tenth, shape, 8),
    await daemon.memory(),
    await daemon.stop(),
    await daemon.entries(),
  ]);
}

/** Memory over many reloads that each change something. */
export async function measureReloads(machine: Machine, times: number): Promise<readonly Row[]> {
  const shape: Shape = { services: 10, servers: 100 };
  const [before, tenth] = ['/run/before.conf', '/run/tenth.conf'];
  await machine.write(before, manyServices(shape, 0));
  await machine.write(tenth, manyServices(shape, 10, 8));
  const warm = Math.ceil(times / 10);
  const names = [warm, times].map((n) => `memory of all processes after ${String(n)} reloads, MB`);
  return inTurn(machine, 1, names, async (daemon) => {
    await daemon.start(before, shape);
    await daemon.reloadOften(before, tenth, 8, warm);
    const first = await daemon.memory();
    await daemon.reloadOften(before, tenth, 8, times - warm);
    const last = await daemon.memory();
    await daemon.stop();
    return [first, last];
  });
}

const restMs = 60_000;

/** Processor time while nothing happens; and while the daemon looks whether somebody else changed the table, which is all that it does. */
export async function measureRest(machine: Machine): Promise<readonly Row[]> {
  const shape: Shape = { services: 100, servers: 1000 };
  await machine.write('/run/rest.conf', restingServices(shape));
  return inTurn(machine, 1, [`processor time at rest, ms a minute`], async (daemon) => {
    await daemon.start('/run/rest.conf', shape);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    const before = await daemon.processorTime();
    await new Promise((resolve) => setTimeout(resolve, restMs));
    const used = (await daemon.processorTime()) - before;
    await daemon.stop();
    return [used * 1000];
  });
}

/** A fresh daemon for each measurement, both in turn, so that they meet the same moments of the machine. */
async function inTurn(machine: Machine, rounds: number, names: readonly string[], life: Life): Promise<readonly Row[]> {
  const seen: Record<DaemonName, number[][]> = { keepalived: [], watchkeeper: [] };
  for (let round = 1; round <= rounds; round++) {
    for (const name of daemons) {
      const daemon = await BenchDaemon.prepare(machine, name);
      const figures = await life(daemon);
      await daemon.close();
      seen[name].push([...figures]);
      progress(`${name}, round ${String(round)}: ${figures.map((figure) => figure.toFixed(2)).join('  ')}`);
    }
  }
  const column = (name: DaemonName, i: number): number[] => seen[name].map((figures) => figures[i] ?? Number.NaN);
  return names.map((what, i) => ({ what, keepalived: column('keepalived', i), watchkeeper: column('watchkeeper', i) }));
}
