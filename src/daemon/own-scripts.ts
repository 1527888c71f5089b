import type { GlobalDefs } from '../config/index.ts';
import type { RunningScript } from '../platform/index.ts';
import type { Log } from './messages.ts';
import { startScript, trackOutcome } from './script-runner.ts';

/** startup_script before the parts are there, shutdown_script when they are gone; the daemon waits, but not for ever. */
export class OwnScripts {
  readonly #log: Log;
  #startup: RunningScript | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** The startup script, while it runs. */
  get startup(): RunningScript | undefined {
    return this.#startup;
  }

  async run(which: 'startup' | 'shutdown', global: GlobalDefs): Promise<void> {
    const [command, timeoutMs] = {
      startup: [global.startupScript, global.startupScriptTimeoutMs] as const,
      shutdown: [global.shutdownScript, global.shutdownScriptTimeoutMs] as const,
    }[which];
    if (command === undefined) return;
    this.#log('info', `Running ${which} script ${command.argv[0] ?? ''}`);
    const run = startScript(command, timeoutMs, global);
    if (which === 'startup') this.#startup = run;
    const outcome = await run.outcome;
    this.#startup = undefined;
    const { ok, reason } = trackOutcome(outcome);
    if (outcome.type === 'not-executable') this.#log('error', `${which} script: ${reason}`);
    else if (outcome.type === 'timeout') this.#log('warning', `${which} script timed out`);
    else if (ok) this.#log('info', `${which} script succeeded`);
    else this.#log('warning', `${which} script ${reason}`);
  }
}
