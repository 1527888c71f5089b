import type { CheckConnection } from '../config/index.ts';
import { socketFailed, type RunningCheck } from './connection.ts';
import { Deadline } from './deadline.ts';
import type { CheckResult } from './schedule.ts';
import type { CheckSockets } from './sockets.ts';

/** TCP_CHECK: well when the connection is established within connect_timeout. */
export function runTcpCheck(to: CheckConnection, sockets: CheckSockets): RunningCheck<CheckResult> {
  let settle: (result: CheckResult) => void = () => undefined;
  const outcome = new Promise<CheckResult>((resolve) => {
    settle = resolve;
  });
  const giveUp = sockets.connectTcp(to, (connected) => {
    deadline.clear();
    if (connected.ok) connected.value.close();
    settle(connected.ok ? { ok: true, reason: 'connected' } : socketFailed(connected.error));
  });
  const deadline = new Deadline(to.connectTimeoutMs, () => {
    giveUp();
    settle({ ok: false, reason: `no connection within ${String(to.connectTimeoutMs / 1000)} s` });
  });
  return {
    outcome,
    cancel: () => {
      deadline.clear();
      giveUp();
    },
  };
}
