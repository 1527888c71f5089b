import type { ScriptCommand } from '../config/index.ts';
import { err, ok, type Result } from '../core/index.ts';
import type { ScriptRunner } from '../notify/index.ts';
import {
  programFacts,
  resolveAccount,
  runScript,
  type Account,
  type RunningScript,
  type ScriptOutcome,
} from '../platform/index.ts';
import type { ScriptRules } from './messages.ts';

/** The account that a script runs under: its own, script_user, keepalived_script where it exists, else ours. */
export function scriptAccount(command: ScriptCommand, rules: ScriptRules): Result<Account | undefined> {
  if (command.user !== undefined) return resolveAccount(command.user, command.group);
  if (rules.scriptUser !== undefined) return resolveAccount(rules.scriptUser.user, rules.scriptUser.group);
  const usual = resolveAccount('keepalived_script');
  if (usual.ok) return usual;
  return rules.enableScriptSecurity ? usual : ok(undefined);
}

/**
 * The account of a script that may be run now. With enable_script_security nothing runs as root that others than root could have
 * put there: its path is looked at each time, since that can change at any time.
 */
function allowedAccount(command: ScriptCommand, rules: ScriptRules): Result<Account | undefined> {
  const account = scriptAccount(command, rules);
  if (!account.ok || !rules.enableScriptSecurity || (account.value?.uid ?? 0) !== 0) return account;
  const [program = ''] = command.argv;
  const { insecure } = programFacts(program);
  return insecure === undefined ? account : err(`${program} is not run as root (enable_script_security): ${insecure}`);
}

/** Starts a script under its account, if it may be run now; one that may not has never run, and says why. */
export function startScript(
  command: ScriptCommand,
  timeoutMs: number | undefined,
  rules: ScriptRules,
  environment: { readonly bare?: boolean } = {},
): RunningScript {
  const account = allowedAccount(command, rules);
  const limit = timeoutMs === undefined ? {} : { timeoutMs };
  if (account.ok) return runScript({ argv: command.argv, ...limit, ...account.value, ...environment });
  return {
    pid: undefined,
    outcome: Promise.resolve({ type: 'not-executable', reason: account.error }),
    ended: Promise.resolve(),
    terminate: () => undefined,
  };
}

/** Starts the program of a MISC_CHECK: as `startScript`, and what stands in our environment (names, keys, folders of the service) is not its affair. */
export function startCheckProgram(command: ScriptCommand, timeoutMs: number, rules: ScriptRules): RunningScript {
  return startScript(command, timeoutMs, rules, { bare: true });
}

/** Runs notify scripts for the notifier. `global` is asked each time: a reload may change it. */
export function notifyRunner(global: () => ScriptRules): ScriptRunner {
  return {
    start: (command, onExit) => {
      const run = startScript(command, undefined, global());
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
