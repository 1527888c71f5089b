import type { HttpGet, HttpUrl } from '../config/index.ts';
import type { RunningCheck } from './connection.ts';
import { runExchange, type ExchangeOutcome } from './http-exchange.ts';
import { httpRequest } from './http-request.ts';
import type { CheckResult } from './schedule.ts';
import type { CheckSockets } from './sockets.ts';

/** HTTP_GET and SSL_GET for one of their urls: something received, then status code, then digest. */
export function runHttpCheck(checker: HttpGet, urlIndex: number, sockets: CheckSockets): RunningCheck<CheckResult> {
  const url = checker.urls[urlIndex];
  if (url === undefined) {
    return { outcome: Promise.resolve({ ok: false, reason: 'it has no url to ask for' }), cancel: () => undefined };
  }
  const virtualhost = url.virtualhost ?? checker.virtualhost;
  const request = httpRequest({
    path: url.path,
    protocol: checker.httpProtocol,
    address: checker.connectIp,
    port: checker.connectPort,
    ...(virtualhost === undefined ? {} : { virtualhost }),
  });
  const serverName = url.sniName ?? checker.sniName ?? virtualhost;
  const running = runExchange({
    connection: checker,
    sockets,
    request,
    ...(checker.type === 'SSL_GET' ? { tls: checker.enableSni && serverName !== undefined ? { serverName } : {} } : {}),
  });
  return { outcome: running.outcome.then((outcome) => judged(outcome, url)), cancel: running.cancel };
}

function judged(outcome: ExchangeOutcome, url: HttpUrl): CheckResult {
  if (outcome.ended !== 'closed') {
    const { reason, unjudged = false } = outcome;
    return { ok: false, reason, ...(unjudged ? { unjudged } : {}) };
  }
  const { response } = outcome;
  if (response.received === 0) return { ok: false, reason: 'the server closed without an answer' };
  if (response.headerState !== 'complete')
    return { ok: false, reason: 'the answer has no end of its header (CR LF CR LF)' };
  const status = response.statusCode;
  if (status === undefined) return { ok: false, reason: 'the answer has no HTTP status code' };
  if (!url.statusCodes.some(([low, high]) => status >= low && status <= high)) {
    return { ok: false, reason: `HTTP status code ${String(status)} of ${url.path} is not among those wanted` };
  }
  const digest = response.digest();
  if (url.digest !== undefined && digest !== url.digest.toLowerCase()) {
    return { ok: false, reason: `MD5 digest of ${url.path} is ${digest}, not ${url.digest}` };
  }
  return {
    ok: true,
    reason: `HTTP status code ${String(status)}${url.digest === undefined ? '' : ' and MD5 digest'} of ${url.path} as wanted`,
  };
}
