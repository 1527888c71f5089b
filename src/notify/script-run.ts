import type { ScriptCommand } from '../config/index.ts';

/** A script that has been started. */
export interface ScriptRun {
  /** Signals the script's whole process group. */
  readonly kill: (signal: 'SIGTERM' | 'SIGKILL') => void;
}

/** How a script ended; `error`: it could not be run at all. */
export type ScriptOutcome =
  | { readonly type: 'exit'; readonly code: number }
  | { readonly type: 'signal'; readonly signal: string }
  | { readonly type: 'error'; readonly message: string };

/** Starts a script in a process group of its own. `onExit` is called once, never before `start` has returned. */
export interface ScriptRunner {
  readonly start: (command: ScriptCommand, onExit: (outcome: ScriptOutcome) => void) => ScriptRun;
}
