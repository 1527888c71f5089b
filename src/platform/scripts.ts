import { spawn } from 'node:child_process';
import { accessSync } from 'node:fs';
import { monotonicMs } from './clock.ts';
import { keepInheritedDescriptors } from './descriptors.ts';
import { spawnProgram, type ProgramEnd } from './spawn.ts';

export interface ScriptCommand {
  /** The program, as configured (a bare name is looked for in PATH), and its arguments. No shell takes part. */
  readonly argv: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
  /** How long it may run; without it, as long as it likes. */
  readonly timeoutMs?: number;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** It gets only what tells a program where and for whom it runs: PATH, HOME, locale, time zone. Without it, what we have ourselves. */
  readonly bare?: boolean;
}

export type ScriptOutcome =
  | { readonly type: 'exited'; readonly code: number; readonly durationMs: number }
  | { readonly type: 'killed'; readonly signal: string; readonly durationMs: number }
  /** It ran for longer than it may, and its process group was terminated. */
  | { readonly type: 'timeout'; readonly durationMs: number }
  /** It never ran; the reason names the program. */
  | { readonly type: 'not-executable'; readonly reason: string };

export interface RunningScript {
  readonly pid: number | undefined;
  /** Never rejects. */
  readonly outcome: Promise<ScriptOutcome>;
  /** When the process is gone. That can be long after the outcome: one that waits for a dead file server does not even die from KILL. */
  readonly ended: Promise<void>;
  /** TERM to its process group, and KILL after 2 s. */
  readonly terminate: () => void;
}

/** Between TERM and KILL, as the reference waits. */
const killDelayMs = 2000;

/** What must not reach a script: loader tricks, and what we tell our own parts. */
const droppedVariables: ReadonlySet<string> = new Set(['LD_PRELOAD', 'LD_LIBRARY_PATH', 'LD_AUDIT', 'IFS']);
const droppedPrefixes = ['WATCHKEEPER_', 'NODE_CHANNEL_', 'NODE_UNIQUE_ID', 'NOTIFY_SOCKET', 'LISTEN_', 'WATCHDOG_'];

/** What a program gets that is to know nothing of ours. */
const placeVariables = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ)$/;

export function scriptEnvironment(
  from: Readonly<Record<string, string | undefined>>,
  added: Readonly<Record<string, string>> = {},
  bare = false,
): Record<string, string> {
  const kept = Object.entries(from).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      (!bare || placeVariables.test(entry[0])) &&
      !droppedVariables.has(entry[0]) &&
      !droppedPrefixes.some((prefix) => entry[0].startsWith(prefix)),
  );
  return { ...Object.fromEntries(kept), ...added };
}

/**
 * Runs a program in its own process group with no descriptor of ours, `/dev/null` as input, and what it prints goes nowhere. Never
 * throws. Under another account it has that account's group alone.
 */
export function runScript({ argv, uid, gid, timeoutMs, env, bare }: ScriptCommand): RunningScript {
  const [file] = argv;
  if (file === undefined || file === '') return neverRan('the command is empty');
  const account = otherAccount(uid, gid);
  if (account !== undefined && process.geteuid?.() !== 0) return neverRan(reasonOf(file, 'EPERM'));
  // A fork only to learn that would be dear.
  if (account !== undefined && isMissing(file)) return neverRan(reasonOf(file, 'ENOENT'));
  keepInheritedDescriptors();
  const run = new Run(timeoutMs);
  const environment = scriptEnvironment(process.env, env, bare);
  if (account !== undefined) return run.begin(forkAs(account, argv, environment, run));
  const pid = spawnProgram(argv, environment, (end) => {
    run.end(end);
  });
  return pid.ok ? run.begin(pid.value) : neverRan(reasonOf(file, pid.error));
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

function otherAccount(uid = process.geteuid?.() ?? 0, gid = process.getegid?.() ?? 0): Account | undefined {
  return uid === process.geteuid?.() && gid === process.getegid?.() ? undefined : { uid, gid };
}

/** Node's fork, since posix_spawn has no word for another account. Without a pid, `run` is told why later. */
function forkAs(
  account: Account,
  [file = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  run: Run,
): number | undefined {
  try {
    const child = spawn(file, args, { ...account, detached: true, stdio: 'ignore', env, cwd: '/' });
    child.once('error', (error) => {
      if (child.pid === undefined) run.fail(reasonOf(file, 'code' in error ? String(error.code) : error.message));
    });
    child.once('exit', (code, signal) => {
      run.end({ code, signal });
    });
    return child.pid;
  } catch (error) {
    run.fail(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** A program from its start to its end, or to the end of its time. */
class Run {
  readonly #startedAtMs = monotonicMs();
  readonly #timeoutMs: number | undefined;
  #pid: number | undefined;
  #timedOut = false;
  #ended = false;
  #limit: NodeJS.Timeout | undefined;
  #killTimer: NodeJS.Timeout | undefined;
  #settle: (outcome: ScriptOutcome) => void = () => undefined;
  #settleEnd: () => void = () => undefined;
  readonly #outcome = new Promise<ScriptOutcome>((resolve) => {
    this.#settle = resolve;
  });
  readonly #gone = new Promise<void>((resolve) => {
    this.#settleEnd = resolve;
  });

  constructor(timeoutMs: number | undefined) {
    this.#timeoutMs = timeoutMs;
  }

  begin(pid: number | undefined): RunningScript {
    this.#pid = pid;
    if (this.#timeoutMs !== undefined && pid !== undefined) {
      this.#limit = setTimeout(() => {
        // When we were late ourselves, its end has come already and is read first.
        setImmediate(() => {
          if (this.#ended) return;
          this.#timedOut = true;
          this.#terminate();
        });
      }, this.#timeoutMs);
    }
    return {
      pid,
      outcome: this.#outcome,
      ended: this.#gone,
      terminate: () => {
        this.#terminate();
      },
    };
  }

  /** It never ran. */
  fail(reason: string): void {
    this.#ended = true;
    this.#settle({ type: 'not-executable', reason });
    this.#settleEnd();
  }

  end({ code, signal }: ProgramEnd): void {
    this.#ended = true;
    clearTimeout(this.#limit);
    // What it left behind in its group has the rest of the 2 s, and is killed then.
    if (!groupExists(this.#pid)) clearTimeout(this.#killTimer);
    const durationMs = monotonicMs() - this.#startedAtMs;
    if (this.#timedOut) this.#settle({ type: 'timeout', durationMs });
    else if (signal !== null) this.#settle({ type: 'killed', signal, durationMs });
    else this.#settle({ type: 'exited', code: code ?? 0, durationMs });
    this.#settleEnd();
  }

  #terminate(): void {
    if (this.#ended || this.#killTimer !== undefined) return;
    signalGroup(this.#pid, 'SIGTERM');
    this.#killTimer = setTimeout(() => {
      signalGroup(this.#pid, 'SIGKILL');
      // A process in an uninterruptible wait (a dead NFS server) does not even die now: nobody shall wait for it.
      if (this.#timedOut) this.#settle({ type: 'timeout', durationMs: monotonicMs() - this.#startedAtMs });
    }, killDelayMs);
  }
}

function neverRan(reason: string): RunningScript {
  return {
    pid: undefined,
    outcome: Promise.resolve({ type: 'not-executable', reason }),
    ended: Promise.resolve(),
    terminate: () => undefined,
  };
}

function isMissing(file: string): boolean {
  if (!file.includes('/')) return false;
  try {
    accessSync(file);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

function reasonOf(file: string, code: string): string {
  const why: Readonly<Record<string, string>> = {
    ENOENT: file.includes('/') ? 'no such file (or its interpreter is missing)' : 'not found in PATH',
    EACCES: 'not executable by this user (check its mode and those of its directories)',
    EPERM: 'the user cannot be switched to (only root can)',
  };
  return `${file}: ${why[code] ?? code}`;
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

function groupExists(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}
