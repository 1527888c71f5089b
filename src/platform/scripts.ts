import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync } from 'node:fs';
import { monotonicMs } from './clock.ts';
import { keepInheritedDescriptors } from './descriptors.ts';

export interface ScriptCommand {
  /** The program, as configured (a bare name is looked for in PATH), and its arguments. No shell takes part. */
  readonly argv: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
  /** How long it may run; without it, as long as it likes. */
  readonly timeoutMs?: number;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it prints, chunk by chunk; without it, /dev/null. */
  readonly onOutput?: (text: string) => void;
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

export function scriptEnvironment(
  from: Readonly<Record<string, string | undefined>>,
  added: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const kept = Object.entries(from).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !droppedVariables.has(entry[0]) &&
      !droppedPrefixes.some((prefix) => entry[0].startsWith(prefix)),
  );
  return { ...Object.fromEntries(kept), ...added };
}

/** Runs a program in its own process group with no descriptor of ours and `/dev/null` as input. Never throws. */
export function runScript(command: ScriptCommand): RunningScript {
  const [file, ...args] = command.argv;
  if (file === undefined || file === '') return neverRan('the command is empty');
  // A fork of this process only to learn that would be dear: checks may name a hundred programs that are not there.
  if (isMissing(file)) return neverRan(reasonOf(file, 'ENOENT'));
  keepInheritedDescriptors();
  const startedAtMs = monotonicMs();
  let child: ChildProcess;
  try {
    child = spawn(file, args, {
      detached: true,
      stdio: ['ignore', command.onOutput ? 'pipe' : 'ignore', command.onOutput ? 'pipe' : 'ignore'],
      env: scriptEnvironment(process.env, command.env),
      cwd: '/',
      ...(command.uid === undefined ? {} : { uid: command.uid }),
      ...(command.gid === undefined ? {} : { gid: command.gid }),
    });
  } catch (error) {
    return neverRan(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { onOutput } = command;
  if (onOutput !== undefined) {
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', onOutput);
  }
  const run = supervise(child, file, command.timeoutMs, startedAtMs);
  if (onOutput === undefined) return { pid: child.pid, ...run };
  return { pid: child.pid, ...run, outcome: run.outcome.then((outcome) => afterOutput(child, outcome)) };
}

/** What a script printed is read when its pipes close, a moment after its end; what it left behind may hold them open for ever. */
const lastOutputMs = 500;

function afterOutput(child: ChildProcess, outcome: ScriptOutcome): Promise<ScriptOutcome> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream?.closed === false);
  if (streams.length === 0) return Promise.resolve(outcome);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(outcome);
    }, lastOutputMs);
    child.once('close', () => {
      clearTimeout(timer);
      resolve(outcome);
    });
  });
}

function supervise(
  child: ChildProcess,
  file: string,
  timeoutMs: number | undefined,
  startedAtMs: number,
): Pick<RunningScript, 'outcome' | 'ended' | 'terminate'> {
  let timedOut = false;
  let ended = false;
  let limit: NodeJS.Timeout | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  let settle: (outcome: ScriptOutcome) => void = () => undefined;
  let settleEnd: () => void = () => undefined;
  const outcome = new Promise<ScriptOutcome>((resolve) => {
    settle = resolve;
  });
  const gone = new Promise<void>((resolve) => {
    settleEnd = resolve;
  });
  const durationMs = (): number => monotonicMs() - startedAtMs;
  const terminate = (): void => {
    if (ended || killTimer !== undefined) return;
    signalGroup(child.pid, 'SIGTERM');
    killTimer = setTimeout(() => {
      signalGroup(child.pid, 'SIGKILL');
      // A process in an uninterruptible wait (a dead NFS server) does not even die now: nobody shall wait for it.
      if (timedOut) settle({ type: 'timeout', durationMs: durationMs() });
    }, killDelayMs);
  };
  if (timeoutMs !== undefined) {
    limit = setTimeout(() => {
      timedOut = true;
      terminate();
    }, timeoutMs);
  }
  const end = (result: ScriptOutcome): void => {
    ended = true;
    clearTimeout(limit);
    // What it left behind in its group has the rest of the 2 s, and is killed then.
    if (!groupExists(child.pid)) clearTimeout(killTimer);
    settle(result);
    settleEnd();
  };
  child.once('error', (error) => {
    if (child.pid === undefined) end({ type: 'not-executable', reason: reasonOf(file, codeOf(error)) });
  });
  child.once('exit', (code, signal) => {
    if (timedOut) end({ type: 'timeout', durationMs: durationMs() });
    else if (signal !== null) end({ type: 'killed', signal, durationMs: durationMs() });
    else end({ type: 'exited', code: code ?? 0, durationMs: durationMs() });
  });
  return { outcome, ended: gone, terminate };
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
    return codeOf(error) === 'ENOENT';
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
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
