import type { Command } from 'commander';
import { checkProgram } from '../../src/cli/check.ts';
import { factsProgram } from '../../src/cli/facts.ts';
import { fmtProgram } from '../../src/cli/fmt.ts';
import { lintProgram } from '../../src/cli/lint-options.ts';
import { planProgram } from '../../src/cli/plan.ts';
import { simulateProgram } from '../../src/cli/simulate.ts';

/** The commands `watchkeeper NAME`, with their options and arguments. */
export function commandPrograms(): readonly Command[] {
  return [lintProgram(), fmtProgram(), planProgram(), checkProgram(), simulateProgram(), factsProgram()];
}
