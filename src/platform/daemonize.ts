import { spawn } from 'node:child_process';
import { err, ok, type Result } from '../core/index.ts';

/** What the background process tells the one that the user started, before that one exits. */
export type DaemonReport =
  { readonly type: 'ready' } | { readonly type: 'failed'; readonly status: number; readonly text: string };

export interface DaemonizeFailure {
  /** The exit status to end with. */
  readonly status: number;
  readonly text: string;
}

/** Set in the background process, so that it does not go to the background again. */
const marker = 'WATCHKEEPER_BACKGROUND';

export function isBackgroundProcess(): boolean {
  return process.env[marker] === '1';
}

/**
 * Node cannot fork: the same program is started again in a session of its own, with /dev/null for standard input, output
 * and error. It keeps the directory until it is ready, since file names on its command line may be relative. Resolves when it reports ready, with its pid; or with why it ended. Never rejects.
 */
export function daemonize(
  script: string,
  args: readonly string[],
  execArgv: readonly string[] = process.execArgv,
): Promise<Result<number, DaemonizeFailure>> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...execArgv, script, ...args], {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...process.env, [marker]: '1' },
    });
    child.once('error', (error) => {
      resolve(err({ status: 1, text: `the background process cannot be started: ${error.message}` }));
    });
    child.once('exit', (code, signal) => {
      resolve(
        err({
          status: code ?? 1,
          text: `the background process ended at once (${signal ?? `status ${String(code)}`})`,
        }),
      );
    });
    child.once('message', (message) => {
      const report = message as DaemonReport;
      if (report.type === 'failed') {
        resolve(err({ status: report.status, text: report.text }));
        return;
      }
      if (child.connected) child.disconnect();
      child.unref();
      resolve(ok(child.pid ?? 0));
    });
  });
}

/** In the background process: lets the process that the user started end, and leaves its directory. Does nothing elsewhere. */
export function reportToStarter(report: DaemonReport): void {
  if (!isBackgroundProcess() || process.send === undefined) return;
  if (report.type === 'ready') process.chdir('/');
  process.send(report, undefined, undefined, () => {
    if (process.connected) process.disconnect();
  });
}
