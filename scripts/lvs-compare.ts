/**
 * Runs keepalived and Watchkeeper on the same configurations, each in a namespace of a kernel with IPVS, and compares what the kernel holds while the
 * checked servers answer, half of them, none, all again, and after the stop: examples/, a generated set, and a folder of real configurations
 * (`WATCHKEEPER_CORPUS`). Prints what differs and a table. Takes root, and
 * some seconds a case: on a busy machine the start of Node in the guest decides.
 *
 * `--only TEXT` (in the name of a case), `--seed N`, `--sample N` (every Nth real configuration), `--from N` (leaves out the first N), `--parallel N`, `--minutes N` (no case is begun
 * after that), `--json FILE`, `--watchkeeper COMMAND` in place of bin/watchkeeper, `--keep` (logs)
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { whyNoLab } from '../test/lab/available.ts';
import { Machine, projectRoot } from '../test/lab/machine.ts';
import { caseOf, caseOfFile, runTwins, type TwinCase } from '../test/lab/twin.ts';
import { differencesOf, explain } from '../test/lab/twin-differences.ts';
import { generatedConfigs } from '../test/lab/twin-cases.ts';
import { groupConfigs } from '../test/lab/twin-groups.ts';
import { singleConfigs } from '../test/lab/twin-singles.ts';
import { preparedConfigs, syncConfigs } from '../test/lab/twin-surroundings.ts';
import { corpusFolder } from './corpus-agreement.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    sample: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    minutes: { type: 'string', default: '600' },
    parallel: { type: 'string', default: '8' },
    json: { type: 'string' },
    watchkeeper: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});

function below(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => /\.conf[^/]*$/.test(file));
}

/** Whose checks or table a run would compare: those with a virtual server that is kept. */
function withServers(one: TwinCase): boolean {
  return [...one.files.values()].some((text) => /^\s*virtual_server\s/m.test(text));
}

const corpus = corpusFolder();
const sets: readonly (readonly [set: string, cases: readonly TwinCase[]])[] = [
  [
    'examples',
    below(path.join(projectRoot, 'examples')).map((file) => caseOfFile(path.relative(projectRoot, file), file)),
  ],
  ['single', Object.entries(singleConfigs).map(([name, text]) => caseOf(name, text))],
  ['groups', Object.entries(groupConfigs).map(([name, text]) => caseOf(name, text))],
  ['sync daemon', Object.entries(syncConfigs).map(([name, text]) => caseOf(name, text, { whole: true }))],
  ['prepared', Object.entries(preparedConfigs).map(([name, [text, ...before]]) => caseOf(name, text, { before }))],
  ['generated', [...generatedConfigs(Number(values.seed))].map(([name, text]) => caseOf(name, text))],
  [
    'real',
    corpus === undefined
      ? []
      : ['github', 'pqarmitage', 'upstream'].flatMap((set) =>
          existsSync(path.join(corpus, set))
            ? below(path.join(corpus, set)).map((file) => caseOfFile(path.relative(corpus, file), file))
            : [],
        ),
  ],
];

const why = whyNoLab('with IPVS');
if (why !== undefined) {
  console.error(why);
  process.exit(1);
}
const chosen = sets
  .flatMap(([set, cases]) =>
    cases
      .filter((one) => (set !== 'real' && set !== 'examples') || withServers(one))
      .filter((_, i) => set !== 'real' || i % Number(values.sample) === 0)
      .filter(({ name }) => values.only === undefined || values.only.some((text) => `${set} ${name}`.includes(text)))
      .map((one) => ({ set, one })),
  )
  .slice(Number(values.from));
const machine = await Machine.withIpvs();
const began = Date.now();
let done = 0;
const results = await runTwins(
  machine,
  chosen.map(({ one }) => one),
  {
    parallel: Number(values.parallel),
    minutes: Number(values.minutes),
    keep: values.keep,
    ...(values.watchkeeper === undefined ? {} : { programs: { watchkeeper: values.watchkeeper } }),
    onDone: (line) => {
      const elapsed = ((Date.now() - began) / 1000).toFixed(0);
      if (line.startsWith('done')) done++;
      else console.error(line);
      if (done % 20 === 0) console.error(`${String(done)} of ${String(chosen.length)}, ${elapsed} s`);
    },
  },
);
machine.close();

/** Differences that are printed for a configuration; `--json` has them all. */
const mostLines = 20;

interface Count {
  configurations: number;
  states: number;
  equal: number;
  explained: number;
  different: number;
  failed: number;
}

const counts = new Map<string, Count>();
const reasons = new Map<string, number>();
for (const [i, result] of results.entries()) {
  const set = chosen[i]?.set ?? '';
  const count = counts.get(set) ?? { configurations: 0, states: 0, equal: 0, explained: 0, different: 0, failed: 0 };
  counts.set(set, count);
  count.configurations++;
  if (result.states === undefined) {
    count.failed++;
    console.log(`${set} ${result.name}: could not be run: ${result.failure ?? ''}`);
    continue;
  }
  for (const [when, statuses] of Object.entries({ 'before its stop': result.alreadyEnded, after: result.exits }))
    if (statuses !== undefined && statuses[0] !== statuses[1])
      console.log(`${set} ${result.name}: exit status ${when}: - ${String(statuses[0])} + ${String(statuses[1])}`);
  const told = new Set<string>();
  for (const [state, differences] of differencesOf(result)) {
    count.states++;
    const open = differences.filter((difference) => {
      const reason = explain(result, difference);
      if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      return reason === undefined;
    });
    if (differences.length === 0) count.equal++;
    else if (open.length === 0) count.explained++;
    else count.different++;
    for (const { part, side, line } of open) {
      const text = `  ${side === 'keepalived' ? '-' : '+'} ${part === 'table' ? '' : `${part}: `}${line}`;
      if (told.has(text)) continue;
      told.add(text);
      if (told.size > mostLines) continue;
      console.log(`${set} ${result.name} (${state})${text}`);
    }
  }
}
console.log('\nset            configurations  states   equal  explained  different  not run');
for (const [set, { configurations, states, equal, explained, different, failed }] of counts) {
  const columns = [
    [configurations, 16],
    [states, 8],
    [equal, 8],
    [explained, 11],
    [different, 11],
    [failed, 9],
  ] as const;
  console.log(set.padEnd(13) + columns.map(([number, width]) => String(number).padStart(width)).join(''));
}
for (const [reason, number] of [...reasons].sort((a, b) => b[1] - a[1]))
  console.log(`explained ${String(number)}: ${reason}`);
if (values.json !== undefined) {
  const plain = results.map(({ loaded, ...rest }, i) => ({
    set: chosen[i]?.set,
    diagnostics: loaded.diagnostics,
    ...rest,
  }));
  writeFileSync(values.json, JSON.stringify(plain));
}
process.exit([...counts.values()].every(({ different, failed }) => different + failed === 0) ? 0 : 1);
