import { randomInt } from 'node:crypto';
import type { PingCheck } from '../config/index.ts';
import type { RunningCheck } from './connection.ts';
import { runDatagramExchange } from './datagram-exchange.ts';
import { echoRequest, judgeEcho } from './ping-message.ts';
import type { CheckResult } from './schedule.ts';
import type { CheckSockets } from './sockets.ts';

/** PING_CHECK: one echo request, and its reply within connect_timeout. */
export function runPingCheck(checker: PingCheck, sockets: CheckSockets): RunningCheck<CheckResult> {
  const { connectIp } = checker;
  const sequence = randomInt(65_536);
  return runDatagramExchange({
    to: checker,
    open: sockets.openPing,
    question: echoRequest(connectIp, sequence),
    judge: (bytes, source) => {
      const judged = judgeEcho(connectIp, sequence, bytes, source);
      return judged === true ? { ok: true, reason: 'it replied' } : judged;
    },
    silence: (within) => ({ ok: false, reason: `no reply ${within}` }),
  });
}
