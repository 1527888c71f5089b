import type { CheckConnection } from '../config/index.ts';
import { errorText, openConnection, type RunningCheck } from './connection.ts';
import type { CheckResult } from './schedule.ts';

/** TCP_CHECK: well when the connection is established within connect_timeout. */
export function runTcpCheck(to: CheckConnection): RunningCheck<CheckResult> {
  const socket = openConnection(to);
  let settle: (result: CheckResult) => void = () => undefined;
  const outcome = new Promise<CheckResult>((resolve) => {
    settle = resolve;
  });
  const timer = setTimeout(() => {
    finish({ ok: false, reason: `no connection within ${String(to.connectTimeoutMs / 1000)} s` });
  }, to.connectTimeoutMs);
  const finish = (result: CheckResult): void => {
    clearTimeout(timer);
    socket.destroy();
    settle(result);
  };
  socket.once('connect', () => {
    finish({ ok: true, reason: 'connected' });
  });
  socket.on('error', (error) => {
    finish({ ok: false, reason: errorText(error) });
  });
  return {
    outcome,
    cancel: () => {
      clearTimeout(timer);
      socket.destroy();
    },
  };
}
