import type { PeerCertificate } from 'node:tls';
import type { HttpGet, HttpUrl } from '../config/index.ts';
import { parseIp } from '../core/index.ts';
import { expiryWarning } from './certificate.ts';
import type { RunningCheck } from './connection.ts';
import { runExchange, type ExchangeOutcome, type ExchangeTls } from './http-exchange.ts';
import { httpRequest } from './http-request.ts';
import type { Observer } from './http-response.ts';
import { RegexScan, type ScanOutcome, type SearchRegex } from './regex-scan.ts';
import type { CheckResult, CheckWarning } from './schedule.ts';
import type { CheckSockets } from './sockets.ts';
import type { TlsContexts } from './tls-contexts.ts';
import { WholeAnswer } from './whole-answer.ts';

/** What HTTP_GET and SSL_GET need of the process that they run in. */
export interface WebTools {
  readonly searchRegex: SearchRegex;
  readonly tls: TlsContexts;
}

/** HTTP_GET and SSL_GET for one of their urls: something received, then status code, digest, regex. */
export function runHttpCheck(
  checker: HttpGet,
  urlIndex: number,
  sockets: CheckSockets,
  tools: WebTools,
): RunningCheck<CheckResult> {
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
  const regex = url.regex === undefined ? undefined : new UrlRegex(url, url.regex, tools.searchRegex);
  let warning: CheckWarning | undefined;
  const days = checker.tls?.expiryDays;
  const onCertificate = (certificate: PeerCertificate): void => {
    if (days !== undefined) warning = expiryWarning(certificate, days, Date.now());
  };
  const running = runExchange({
    connection: checker,
    sockets,
    request,
    ...(checker.type === 'SSL_GET'
      ? { tls: { ...tlsOf(checker, url, tools.tls), ...(days === undefined ? {} : { onCertificate }) } }
      : {}),
    ...(checker.httpProtocol.endsWith('K') ? { whole: new WholeAnswer() } : {}),
    ...(regex === undefined ? {} : { seen: regex }),
  });
  const result = running.outcome.then((outcome) => {
    const own = judged(outcome, url, regex);
    return warning === undefined ? own : { ...own, warning };
  });
  return { outcome: result, cancel: running.cancel };
}

function tlsOf(checker: HttpGet, url: HttpUrl, contexts: TlsContexts): ExchangeTls {
  const asked = checker.enableSni ? (url.sniName ?? checker.sniName ?? url.virtualhost ?? checker.sniHost) : undefined;
  const { tls } = checker;
  const expected = tls?.serverName;
  const serverName = asked ?? (expected === undefined || parseIp(expected).ok ? undefined : expected);
  const host = url.virtualhost ?? checker.virtualhost;
  return {
    contexts,
    ...(tls === undefined ? {} : { settings: tls }),
    expectedName: expected ?? serverName ?? hostOf(host) ?? checker.connectIp,
    ...(serverName === undefined || serverName === '' ? {} : { serverName }),
    closeNotify: url.tlsCompliant || checker.tlsCompliant,
  };
}

/** A virtualhost without its port and brackets; undefined for none. */
function hostOf(virtualhost: string | undefined): string | undefined {
  if (virtualhost === undefined || virtualhost === '') return undefined;
  if (parseIp(virtualhost).ok) return virtualhost;
  return virtualhost.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

/**
 * The regex of a url is looked for in the body, and in the answer from its first byte on: the reference searches what one read gave
 * it, which is the one or the other as the packets fall.
 */
class UrlRegex implements Observer {
  readonly #body: RegexScan;
  readonly #answer: RegexScan;
  readonly #inverted: boolean;
  #empty = true;

  constructor(url: HttpUrl, pattern: string, search: SearchRegex) {
    const settings = {
      pattern,
      options: url.regexOptions,
      minOffset: url.regexMinOffset ?? 0,
      ...(url.regexMaxOffset === undefined ? {} : { maxOffset: url.regexMaxOffset }),
    };
    this.#body = new RegexScan(search, settings);
    this.#answer = new RegexScan(search, settings);
    this.#inverted = url.regexNoMatch;
  }

  onHeader(header: Buffer): void {
    this.#answer.push(header);
  }

  onBody(chunk: Buffer): void {
    this.#empty = false;
    this.#body.push(chunk);
    this.#answer.push(chunk);
  }

  /** What is wrong; undefined: all is as the url wants it. As in the reference, nothing is found in an answer without a body. */
  problem({ path, regex = '' }: HttpUrl): string | undefined {
    const outcome = this.#empty ? 'not-found' : this.#outcome();
    if (typeof outcome === 'object') return outcome.error;
    if ((outcome === 'found') !== this.#inverted) return undefined;
    return this.#inverted
      ? `the answer of ${path} matches the regex '${regex}', which it must not`
      : `the answer of ${path} does not match the regex '${regex}'`;
  }

  #outcome(): ScanOutcome {
    const body = this.#body.finish();
    return body === 'found' ? body : this.#answer.finish();
  }
}

function judged(outcome: ExchangeOutcome, url: HttpUrl, regex: UrlRegex | undefined): CheckResult {
  if (outcome.ended !== 'closed') {
    const { reason, unjudged = false } = outcome;
    return { ok: false, reason, ...(unjudged ? { unjudged } : {}) };
  }
  const { response } = outcome;
  const wrong = (reason: string): CheckResult => ({ ok: false, reason });
  if (response.received === 0) return wrong('the server closed without an answer');
  if (response.headerState !== 'complete') return wrong('the answer has no end of its header (CR LF CR LF)');
  const status = response.statusCode;
  if (status === undefined) return wrong('the answer has no HTTP status code');
  if (!url.statusCodes.some(([low, high]) => status >= low && status <= high)) {
    return wrong(`HTTP status code ${String(status)} of ${url.path} is not among those wanted`);
  }
  const digest = response.digest();
  if (url.digest !== undefined && digest !== url.digest.toLowerCase()) {
    return wrong(`MD5 digest of ${url.path} is ${digest}, not ${url.digest}`);
  }
  const problem = regex?.problem(url);
  if (problem !== undefined) return wrong(problem);
  const also = [
    ...(url.digest === undefined ? [] : ['MD5 digest']),
    ...(regex === undefined ? [] : [url.regexNoMatch ? 'absence of the regex' : 'regex']),
  ];
  const what = [`HTTP status code ${String(status)}`, ...also].join(' and ');
  return { ok: true, reason: `${what} of ${url.path} as wanted${lengthNote(response)}` };
}

/** The reference says so in its log as well, and lets digest and regex decide. */
function lengthNote({
  contentLength,
  bodyLength,
}: {
  readonly contentLength: number | undefined;
  readonly bodyLength: number;
}): string {
  if (contentLength === undefined || contentLength === bodyLength) return '';
  return ` (Content-Length is ${String(contentLength)}, the body has ${String(bodyLength)} bytes)`;
}
