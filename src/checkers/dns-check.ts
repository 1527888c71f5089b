import { randomInt } from 'node:crypto';
import type { DnsCheck } from '../config/index.ts';
import type { RunningCheck } from './connection.ts';
import { runDatagramExchange } from './datagram-exchange.ts';
import { dnsQuery, judgeDnsAnswer } from './dns-message.ts';
import type { CheckResult } from './schedule.ts';
import type { CheckSockets } from './sockets.ts';

/** DNS_CHECK: a query by UDP; any answer to it without an error is well. */
export function runDnsCheck(checker: DnsCheck, sockets: CheckSockets): RunningCheck<CheckResult> {
  const question = { id: randomInt(65_536), name: checker.name, dnsType: checker.dnsType };
  return runDatagramExchange({
    to: checker,
    open: sockets.openUdp,
    question: dnsQuery(question),
    judge: (bytes) => {
      const verdict = judgeDnsAnswer(question, bytes);
      return verdict.type === 'foreign' ? verdict.reason : { ok: verdict.ok, reason: verdict.reason };
    },
    silence: (within) => ({ ok: false, reason: `read timeout: no answer ${within}` }),
  });
}
