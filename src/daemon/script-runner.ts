import type { GlobalDefs, ScriptCommand } from '../config/index.ts';
import { ok, type Result } from '../core/index.ts';
import type { ScriptRunner } from '../notify/index.ts';
import { resolveAccount, runScript, type Account, type ScriptOutcome } from '../platform/index.ts';

/** The account that a script runs under: its own, script_user, keepalived_script where it exists, else ours. */
export function scriptAccount(command: ScriptCommand, global: GlobalDefs): Result<Account | undefined> {
  if (command.user !== undefined) return resolveAccount(command.user, command.group);
  if (global.scriptUser !== undefined) return resolveAccount(global.scriptUser.user, global.scriptUser.group);
  const usual = resolveAccount('keepalived_script');
  if (usual.ok) return usual;
  return global.enableScriptSecurity ? usual : ok(undefined);
}

/** Runs notify scripts for the notifier. `global` is asked each time: a reload may change it. */
export function notifyRunner(global: () => GlobalDefs): ScriptRunner {
  return {
    start: (command, onExit) => {
      const account = scriptAccount(command, global());
      if (!account.ok) {
        queueMicrotask(() => {
          onExit({ type: 'error', message: account.error });
        });
        return { kill: () => undefined };
      }
      const run = runScript({ argv: command.argv, ...account.value });
      void run.outcome.then((outcome) => {
        onExit(notifyOutcome(outcome));
      });
      return {
        kill: (signal) => {
          if (run.pid === undefined) return;
          try {
            process.kill(-run.pid, signal);
          } catch {
            // It ended in this moment.
          }
        },
      };
    },
  };
}

function notifyOutcome(outcome: ScriptOutcome): Parameters<Parameters<ScriptRunner['start']>[1]>[0] {
  switch (outcome.type) {
    case 'exited':
      return { type: 'exit', code: outcome.code };
    case 'killed':
      return { type: 'signal', signal: outcome.signal };
    case 'timeout':
      return { type: 'signal', signal: 'SIGTERM' };
    case 'not-executable':
      return { type: 'error', message: outcome.reason };
  }
}

/** Whether a track script succeeded, and why not. */
export function trackOutcome(outcome: ScriptOutcome): { readonly ok: boolean; readonly reason: string } {
  switch (outcome.type) {
    case 'exited':
      return { ok: outcome.code === 0, reason: `exited with status ${String(outcome.code)}` };
    case 'killed':
      return { ok: false, reason: `was ended by ${outcome.signal}` };
    case 'timeout':
      return { ok: false, reason: `ran for longer than its timeout` };
    case 'not-executable':
      return { ok: false, reason: outcome.reason };
  }
}
