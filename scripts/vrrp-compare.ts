/**
 * Runs keepalived and Watchkeeper through the same random life, each in network namespaces of its own: a configuration of many instances,
 * groups and tracked objects that a seed decides, then faults, reloads and restarts. Compares what the FIFO was told, what scripts
 * were called with, addresses, routes, rules and the dumps after each step. Takes root and about a minute a seed, most of it waiting.
 *
 * `--seed N`, `--count M` (seeds from N on), `--parallel P`, `--instances I`, `--phases F`, `--minutes T` (no seed is begun after that),
 * `--keep FOLDER` (configurations and logs of what differed), `--peer yes|no` (a second director on the links; else as the seed has it)
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { whyNoLab } from '../test/lab/available.ts';
import { Machine, projectRoot } from '../test/lab/machine.ts';
import { differencesOf, restarted } from './vrrp-compare/compare.ts';
import { Dice } from './vrrp-compare/dice.ts';
import { Weather, type Happening } from './vrrp-compare/faults.ts';
import { newPlan } from './vrrp-compare/plan.ts';
import { World } from './vrrp-compare/world.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1' },
    parallel: { type: 'string', default: '4' },
    instances: { type: 'string', default: '10' },
    phases: { type: 'string', default: '8' },
    minutes: { type: 'string', default: '600' },
    keep: { type: 'string' },
    peer: { type: 'string' },
  },
});
const instanceCount = Number(values.instances);

/** Longer than a delay of the start and a master down interval, a delay of preemption, or a script that must fail twice can take. */
const quietMs = 8000;

/** In these priorities come in an order of their own. */
const happens = /^(start|restart|reload|the peer starts)$/;

interface Outcome {
  /** What keepalived does otherwise after a reload than after a start, and we do not. */
  readonly alone: readonly string[];
  readonly phases: number;
  readonly differences: readonly string[];
}

async function settled(worlds: readonly World[]): Promise<void> {
  const quiet = async (): Promise<void> => {
    while (worlds.some((world) => world.ended === undefined && world.quietForMs() < quietMs))
      await new Promise((resolve) => setTimeout(resolve, 200));
  };
  await quiet();
  // One of both may have been held up.
  for (let k = 0; k < 5 && new Set(worlds.map((world) => world.states())).size > 1; k++)
    await new Promise((resolve) => setTimeout(resolve, 1000));
  await quiet();
}

async function live(seed: number): Promise<Outcome> {
  const dice = new Dice(seed + 1_000_000);
  const peer = values.peer === undefined ? dice.chance(0.5) : values.peer === 'yes';
  let plan = newPlan(seed, instanceCount, peer);
  const weather = new Weather(dice, instanceCount);
  const machine = await Machine.namespaces();
  const worlds = [
    new World(machine, 'k', 'keepalived'),
    new World(machine, 'w', `${process.execPath} ${path.join(projectRoot, 'bin', 'watchkeeper')}`),
  ] as const;
  const [theirs, ours] = worlds;
  const differences: string[] = [];
  const alone: string[] = [];
  let phases = 0;
  const compare = async (name: string): Promise<void> => {
    await settled(worlds);
    phases += 1;
    for (const [world, ended] of worlds.map((one) => [one, one.ended] as const))
      if (ended !== undefined) differences.push(`${name}: ${world.name} ${ended}`);
    if (worlds.some(({ ended }) => ended !== undefined)) return;
    const [one, other] = await Promise.all([theirs.see(), ours.see()]);
    const words = happens.test(name) ? 'states' : 'priorities';
    const found = differencesOf(one, other, words).map((text) => `phase ${String(phases)}, ${name}: ${text}`);
    if (found.length === 0 || name !== 'reload') {
      differences.push(...found);
      return;
    }
    // Who is as after a start has understood the reload.
    await Promise.all(worlds.map((world) => world.happen({ name: 'restart', restart: true })));
    await settled(worlds);
    const [first, second] = await Promise.all([theirs.see(), ours.see()]);
    const [theirNews, ourNews] = [restarted(one, first), restarted(other, second)];
    if (differencesOf(first, second, 'states').length === 0 && ourNews.length === 0) {
      alone.push(...found);
      return;
    }
    differences.push(...found, ...theirNews.map((text) => `after a restart of keepalived: ${text}`));
    differences.push(...ourNews.map((text) => `after a restart of watchkeeper: ${text}`));
  };
  try {
    await Promise.all(worlds.map((world) => world.build(instanceCount)));
    await Promise.all(worlds.map((world) => world.configure(plan)));
    for (const world of worlds) world.start();
    await compare('start');
    if (peer) {
      await Promise.all(worlds.map((world) => world.startPeer(plan)));
      await new Promise((resolve) => setTimeout(resolve, 4000));
      await compare('the peer starts');
    }
    for (let k = 0; k < Number(values.phases) && differences.length === 0; k++) {
      const happening: Happening = weather.next(plan);
      plan = happening.reload ?? plan;
      await Promise.all(worlds.map((world) => world.happen(happening)));
      await compare(happening.name);
    }
    if (values.keep !== undefined && differences.length > 0) {
      const folder = path.join(values.keep, String(seed));
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, 'differences'), `${differences.join('\n')}\n`);
      for (const world of worlds) writeFileSync(path.join(folder, `${world.name}.story`), world.story());
    }
  } finally {
    machine.close();
  }
  return { phases, differences, alone };
}

const why = whyNoLab('namespaces');
if (why !== undefined) {
  console.error(why);
  process.exit(1);
}
process.setMaxListeners(0);
const endsAtMs = performance.now() + Number(values.minutes) * 60_000;
const waiting = Array.from({ length: Number(values.count) }, (_, k) => Number(values.seed) + k);
let [ran, phases, differed, alone] = [0, 0, 0, 0];
async function work(): Promise<void> {
  for (let seed = waiting.shift(); seed !== undefined && performance.now() < endsAtMs; seed = waiting.shift()) {
    const outcome = await live(seed);
    ran += 1;
    phases += outcome.phases;
    if (outcome.differences.length > 0) differed += 1;
    alone += outcome.alone.length;
    const said = [...outcome.differences, ...outcome.alone.map((line) => `(keepalived alone) ${line}`)]
      .map((line) => `\n    ${line}`)
      .join('');
    console.log(`seed ${String(seed)}: ${String(outcome.phases)} phases${said === '' ? ', the same' : said}`);
  }
}
await Promise.all(Array.from({ length: Number(values.parallel) }, work));
console.log(
  `${String(ran)} seeds with ${String(instanceCount)} instances each, ${String(phases)} phases: ${String(differed)} seeds differed, ${String(alone)} times keepalived was after a reload not what it is after a start`,
);
process.exit(differed === 0 ? 0 : 1);
