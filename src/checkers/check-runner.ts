import type { RunningCheck } from './connection.ts';
import { runHttpCheck, type WebTools } from './http-check.ts';
import { ProgramChecks, type StartProgram } from './misc-check.ts';
import { runCheck } from './run.ts';
import type { CheckResult, Run } from './schedule.ts';
import type { CheckSockets } from './sockets.ts';

/** Starts each check that is due, those over the network and those that are programs. */
export class CheckRunner {
  readonly #sockets: CheckSockets;
  readonly #programs: ProgramChecks;

  readonly #web: () => WebTools;

  /** `web` is asked at each check of a web server: a reload may change it. */
  constructor(sockets: CheckSockets, startProgram: StartProgram, web: () => WebTools) {
    this.#sockets = sockets;
    this.#programs = new ProgramChecks(startProgram);
    this.#web = web;
  }

  /** The check always ends, by itself or cancelled. */
  run(run: Run): RunningCheck<CheckResult> {
    switch (run.checker.type) {
      case 'MISC_CHECK':
        return this.#programs.run(run.id, run.checker);
      case 'HTTP_GET':
      case 'SSL_GET':
        return runHttpCheck(run.checker, run.url, this.#sockets, this.#web());
      default:
        return runCheck(run, this.#sockets);
    }
  }

  /** Ends the programs that run; resolves when they are gone, at the latest after `withinMs`. */
  stop(withinMs: number): Promise<void> {
    return this.#programs.stop(withinMs);
  }
}
