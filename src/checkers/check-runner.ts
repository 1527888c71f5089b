import type { RunningCheck } from './connection.ts';
import { ProgramChecks, type StartProgram } from './misc-check.ts';
import { runCheck } from './run.ts';
import type { CheckResult, Run } from './schedule.ts';
import type { CheckSockets } from './sockets.ts';

/** Starts each check that is due, those over the network and those that are programs. */
export class CheckRunner {
  readonly #sockets: CheckSockets;
  readonly #programs: ProgramChecks;

  constructor(sockets: CheckSockets, startProgram: StartProgram) {
    this.#sockets = sockets;
    this.#programs = new ProgramChecks(startProgram);
  }

  /** The check always ends, by itself or cancelled. */
  run(run: Run): RunningCheck<CheckResult> {
    return run.checker.type === 'MISC_CHECK' ? this.#programs.run(run.id, run.checker) : runCheck(run, this.#sockets);
  }

  /** Ends the programs that run; resolves when they are gone, at the latest after `withinMs`. */
  stop(withinMs: number): Promise<void> {
    return this.#programs.stop(withinMs);
  }
}
