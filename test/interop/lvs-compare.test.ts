import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { Machine, projectRoot } from '../lab/machine.ts';
import { generatedConfigs } from '../lab/twin-cases.ts';
import { groupConfigs } from '../lab/twin-groups.ts';
import { singleConfigs } from '../lab/twin-singles.ts';
import { differencesOf, explain } from '../lab/twin-differences.ts';
import { caseOf, caseOfFile, runTwins, type TwinResult } from '../lab/twin.ts';

/** A few of what scripts/lvs-compare.ts runs: as many as there is time for in a test. */
const example = path.join(projectRoot, 'examples', 'two-director-nat', 'director1.conf');
const generated = [...generatedConfigs(1)].slice(0, 1).map(([name, text]) => caseOf(name, text));
const singles = ['lvs_flush', 'one group, two protocols', 'overlapping groups'].map((name) =>
  caseOf(name, { ...singleConfigs, ...groupConfigs }[name] ?? ''),
);
const cases = [caseOfFile('two-director-nat', example), ...generated, ...singles];

describe("the kernel's table under Watchkeeper is the one under keepalived", { skip: whyNoLab('with IPVS') }, () => {
  let machine: Machine;
  let results: readonly TwinResult[] = [];
  before(async () => {
    machine = await Machine.withIpvs();
    results = await runTwins(machine, cases, { parallel: cases.length });
  });
  after(() => {
    machine.close();
  });

  for (const [i, { name }] of cases.entries()) {
    test(`${name}: while servers answer, some, none, all again, and after the stop`, () => {
      const result = results[i];
      assert.ok(result?.states !== undefined, result?.failure);
      assert.deepEqual(result.alreadyEnded, ['runs', 'runs']);
      const open = differencesOf(result).flatMap(([, differences]) =>
        differences.filter((difference) => explain(result, difference) === undefined),
      );
      assert.deepEqual(open, []);
      const [alive, dead, stopped] = [result.states.alive[0], result.states.dead[0], result.states.stopped[0]];
      assert.notDeepEqual(alive.table, dead.table, 'the check of nothing: no server went down');
      assert.deepEqual(stopped.table.length, name === 'lvs_flush' ? 0 : 2, 'what is left is what others made');
    });
  }
});

test('what is compared is what the program reads: the example is not changed beyond its delays', () => {
  const [text] = caseOfFile('two-director-nat', example).files.values();
  const words = (of: string | undefined): readonly string[] =>
    of?.match(/^\s*(?:real_server|weight|lb_\w+) .*$/gm) ?? [];
  assert.deepEqual(words(text), words(readFileSync(example, 'utf8')));
});
