import type { UdpCheck } from '../config/index.ts';
import type { RunningCheck } from './connection.ts';
import { runDatagramExchange } from './datagram-exchange.ts';
import type { CheckResult } from './schedule.ts';
import type { CheckSockets } from './sockets.ts';
import { hexToBytes, judgeUdpReply, usualUdpPayload } from './udp-reply.ts';

/** UDP_CHECK: an ICMP error is a failure, and silence only where the file requires a reply. */
export function runUdpCheck(checker: UdpCheck, sockets: CheckSockets): RunningCheck<CheckResult> {
  return runDatagramExchange({
    to: checker,
    open: sockets.openUdp,
    question: checker.payload === undefined ? usualUdpPayload : hexToBytes(checker.payload),
    judge: (bytes) => judgeUdpReply(checker, bytes),
    silence: (within) =>
      checker.replyExpected
        ? { ok: false, reason: `no reply ${within}` }
        : { ok: true, reason: `nothing says ${within} that it is down, and no reply is required` },
  });
}
