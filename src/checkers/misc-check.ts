import type { MiscCheck, ScriptCommand } from '../config/index.ts';
import type { RunningCheck } from './connection.ts';
import type { CheckResult } from './schedule.ts';

/** How a program ended. */
export type ProgramOutcome =
  | { readonly type: 'exited'; readonly code: number }
  | { readonly type: 'killed'; readonly signal: string }
  /** It ran for longer than it may, and its process group was told to end. */
  | { readonly type: 'timeout' }
  /** It never ran; the reason names the program. */
  | { readonly type: 'not-executable'; readonly reason: string };

/** A program that was started, with its process group. */
export interface RunningProgram {
  readonly outcome: Promise<ProgramOutcome>;
  /** When no process of it is left: later than the outcome where it cannot be killed. */
  readonly ended: Promise<void>;
  readonly terminate: () => void;
}

export type StartProgram = (command: ScriptCommand, timeoutMs: number) => RunningProgram;

/** MISC_CHECK: runs the programs of checks, never two of one check at a time, however long the one before takes to die. */
export class ProgramChecks {
  readonly #start: StartProgram;
  readonly #running = new Map<string, RunningProgram>();

  constructor(start: StartProgram) {
    this.#start = start;
  }

  run(id: string, checker: MiscCheck): RunningCheck<CheckResult> {
    let cancelled = false;
    let program: RunningProgram | undefined;
    const begin = (): Promise<CheckResult> => {
      // Whoever cancelled it does not wait for an outcome.
      if (cancelled) return new Promise(() => undefined);
      program = this.#begin(id, checker);
      return program.outcome.then((outcome) => judged(outcome, checker));
    };
    return {
      outcome: this.#afterBefore(id, checker.miscTimeoutMs).then((free) =>
        free ? begin() : { ok: false, reason: `${checkedBy(checker)} still runs from before and cannot be ended` },
      ),
      cancel: () => {
        cancelled = true;
        program?.terminate();
      },
    };
  }

  /** Ends all programs; resolves when they are gone, or do not even end when they are killed. */
  async stop(withinMs: number): Promise<void> {
    const all = [...this.#running.values()];
    for (const program of all) program.terminate();
    await within(Promise.all(all.map(({ ended }) => ended)), withinMs);
  }

  #begin(id: string, { miscPath, miscTimeoutMs }: MiscCheck): RunningProgram {
    const program = this.#start(miscPath, miscTimeoutMs);
    this.#running.set(id, program);
    void program.ended.then(() => {
      if (this.#running.get(id) === program) this.#running.delete(id);
    });
    return program;
  }

  /** Whether the run before of this check has ended, at the latest after `withinMs`. */
  async #afterBefore(id: string, withinMs: number): Promise<boolean> {
    const before = this.#running.get(id);
    return before === undefined || within(before.ended, withinMs);
  }
}

async function within(done: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const result = await Promise.race([done.then(() => true), late]);
  clearTimeout(timer);
  return result;
}

/**
 * Exit status 0 is success. With misc_dynamic so is every one from 2 on, and sets the weight to 2 less; at 0 the weight is the
 * configured one (keepalived.conf(5), MISC_CHECK).
 */
function judged(outcome: ProgramOutcome, checker: MiscCheck): CheckResult {
  const program = checkedBy(checker);
  switch (outcome.type) {
    case 'exited': {
      const { code } = outcome;
      const reason = `${program} exited with status ${String(code)}`;
      if (checker.miscDynamic && code >= 2) return { ok: true, reason, weight: code - 2 };
      return { ok: code === 0, reason };
    }
    case 'killed':
      return { ok: false, reason: `${program} was ended by ${outcome.signal}` };
    case 'timeout':
      return { ok: false, reason: `${program} ran for longer than ${String(checker.miscTimeoutMs / 1000)} s` };
    case 'not-executable':
      return { ok: false, reason: outcome.reason };
  }
}

function checkedBy({ miscPath }: MiscCheck): string {
  return miscPath.argv[0] ?? 'the program';
}
