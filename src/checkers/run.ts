import type { RunningCheck } from './connection.ts';
import { runDnsCheck } from './dns-check.ts';
import { runPingCheck } from './ping-check.ts';
import type { CheckResult, Run } from './schedule.ts';
import { runSmtpCheck } from './smtp-check.ts';
import type { CheckSockets } from './sockets.ts';
import { runTcpCheck } from './tcp-check.ts';
import { runUdpCheck } from './udp-check.ts';

/** The kinds that can be run. */
export const runnableChecks: ReadonlySet<string> = new Set(
  'TCP_CHECK HTTP_GET SSL_GET SMTP_CHECK DNS_CHECK MISC_CHECK UDP_CHECK PING_CHECK'.split(' '),
);

/** The kinds whose results come by themselves. */
export const followedChecks: ReadonlySet<string> = new Set(['FILE_CHECK', 'BFD_CHECK']);

/** Runs a check that needs nothing but a socket. It always ends, by itself or cancelled. `CheckRunner` runs all of `runnableChecks`. */
export function runCheck(run: Run, sockets: CheckSockets): RunningCheck<CheckResult> {
  switch (run.checker.type) {
    case 'TCP_CHECK':
      return runTcpCheck(run.checker, sockets);
    case 'SMTP_CHECK':
      return runSmtpCheck(run.checker, sockets);
    case 'DNS_CHECK':
      return runDnsCheck(run.checker, sockets);
    case 'UDP_CHECK':
      return runUdpCheck(run.checker, sockets);
    case 'PING_CHECK':
      return runPingCheck(run.checker, sockets);
    case 'HTTP_GET':
    case 'SSL_GET':
    case 'MISC_CHECK':
      throw new Error(`${run.checker.type} cannot be run`);
  }
}
