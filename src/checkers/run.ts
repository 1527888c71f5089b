import type { RunningCheck } from './connection.ts';
import type { CheckResult, Run } from './schedule.ts';
import type { CheckSockets } from './sockets.ts';
import { runTcpCheck } from './tcp-check.ts';

/** The kinds that can be run. */
export const runnableChecks: ReadonlySet<string> = new Set(['TCP_CHECK', 'HTTP_GET', 'SSL_GET', 'MISC_CHECK']);

/** The kinds whose results come by themselves. */
export const followedChecks: ReadonlySet<string> = new Set(['FILE_CHECK']);

/** Runs a check that needs nothing but a socket. It always ends, by itself or cancelled. `CheckRunner` runs all of `runnableChecks`. */
export function runCheck(run: Run, sockets: CheckSockets): RunningCheck<CheckResult> {
  switch (run.checker.type) {
    case 'TCP_CHECK':
      return runTcpCheck(run.checker, sockets);
    case 'HTTP_GET':
    case 'SSL_GET':
    case 'SMTP_CHECK':
    case 'DNS_CHECK':
    case 'MISC_CHECK':
    case 'UDP_CHECK':
    case 'PING_CHECK':
      throw new Error(`${run.checker.type} cannot be run`);
  }
}
