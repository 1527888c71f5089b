import { ipFamily, type IpAddress } from '../core/index.ts';
import type { Checker, CheckConnection, CheckTiming, HttpUrl } from './model/checkers.ts';
import { readBlock, type Entry, type Findings, type Reading } from './read.ts';

/** What a checker takes from its real server, and that from its virtual server. */
export interface Inherited {
  readonly delayLoopMs: number;
  readonly warmupMs?: number;
  readonly retry?: number;
  readonly delayBeforeRetryMs?: number;
  readonly connectTimeoutMs: number;
  readonly alpha: boolean;
}

export interface CheckTarget {
  readonly address: IpAddress;
  readonly port: number;
  readonly virtualhost?: string;
}

const defaultDelayLoopMs = 60_000;
const defaultConnectTimeoutMs = 5000;

export function inherit(reading: Reading, from: Inherited | undefined): Inherited {
  const warmupMs = reading.number('warmup') ?? from?.warmupMs;
  const retry = reading.number('retry') ?? from?.retry;
  const delayBeforeRetryMs = reading.number('delay_before_retry') ?? from?.delayBeforeRetryMs;
  return {
    delayLoopMs: reading.number('delay_loop') ?? from?.delayLoopMs ?? defaultDelayLoopMs,
    ...(warmupMs === undefined ? {} : { warmupMs }),
    ...(retry === undefined ? {} : { retry }),
    ...(delayBeforeRetryMs === undefined ? {} : { delayBeforeRetryMs }),
    connectTimeoutMs: reading.number('connect_timeout') ?? from?.connectTimeoutMs ?? defaultConnectTimeoutMs,
    alpha: reading.flag('alpha', from?.alpha ?? false),
  };
}

function timing(
  reading: Reading,
  from: Inherited,
  defaults: { readonly retry: number; readonly delayBeforeRetryMs: number },
): CheckTiming {
  const own = inherit(reading, from);
  return {
    delayLoopMs: own.delayLoopMs,
    warmupMs: own.warmupMs ?? own.delayLoopMs,
    retry: reading.number('retry') ?? reading.number('nb_get_retry') ?? from.retry ?? defaults.retry,
    delayBeforeRetryMs: own.delayBeforeRetryMs ?? defaults.delayBeforeRetryMs,
    alpha: own.alpha,
    logAllFailures: reading.flag('log_all_failures'),
  };
}

function bindAddress(reading: Reading, connectIp: IpAddress): IpAddress | undefined {
  const address = reading.address('bindto');
  const word = reading.entry('bindto')?.statement.args[0];
  if (address === undefined || word === undefined || ipFamily(address) === ipFamily(connectIp)) return address;
  reading.findings.error(
    'bad-address',
    word.span,
    `'bindto ${address}' in ${reading.object} is of another family than ${connectIp}`,
    'it is ignored: name an address of the same family',
  );
  return undefined;
}

function connection(reading: Reading, from: Inherited, target: CheckTarget): CheckConnection {
  const connectIp = reading.address('connect_ip') ?? target.address;
  const bindto = bindAddress(reading, connectIp);
  const bindPort = reading.number('bind_port');
  const bindIf = reading.text('bind_if');
  const fwmark = reading.number('fwmark');
  return {
    connectIp,
    connectPort: reading.number('connect_port') ?? target.port,
    connectTimeoutMs: reading.number('connect_timeout') ?? from.connectTimeoutMs,
    ...(bindto === undefined ? {} : { bindto }),
    ...(bindPort === undefined ? {} : { bindPort }),
    ...(bindIf === undefined ? {} : { bindIf }),
    ...(fwmark === undefined ? {} : { fwmark }),
  };
}

/** The checkers of a real server that this program can run; the others were answered with a warning when their keyword was read. */
export function buildCheckers(
  findings: Findings,
  server: string,
  reading: Reading,
  target: CheckTarget,
  from: Inherited,
): readonly Checker[] {
  return reading.entries.flatMap((entry): readonly Checker[] => {
    const kind = entry.keyword.name;
    if (kind === 'TCP_CHECK') return [tcpCheck(findings, server, entry, target, from)];
    if (kind === 'HTTP_GET' || kind === 'SSL_GET') return httpGet(findings, server, kind, entry, target, from);
    return [];
  });
}

function tcpCheck(
  findings: Findings,
  server: string,
  { statement }: Entry,
  target: CheckTarget,
  from: Inherited,
): Checker {
  const reading = readBlock(
    findings,
    'virtual_server/real_server/TCP_CHECK',
    `TCP_CHECK of ${server}`,
    statement.block?.statements ?? [],
  );
  return {
    type: 'TCP_CHECK',
    span: statement.keyword.span,
    ...timing(reading, from, { retry: 1, delayBeforeRetryMs: 1000 }),
    ...connection(reading, from, target),
  };
}

function httpGet(
  findings: Findings,
  server: string,
  type: 'HTTP_GET' | 'SSL_GET',
  { statement }: Entry,
  target: CheckTarget,
  from: Inherited,
): readonly Checker[] {
  const path = `virtual_server/real_server/${type}`;
  const object = `${type} of ${server}`;
  const reading = readBlock(findings, path, object, statement.block?.statements ?? []);
  const urls = reading.all('url').flatMap((entry) => readUrl(findings, `${path}/url`, object, entry) ?? []);
  if (urls.length === 0) {
    findings.error(
      'missing-keyword',
      statement.keyword.span,
      `${object} has no url`,
      "add 'url { path / }'; the check is ignored",
    );
    return [];
  }
  const virtualhost = reading.text('virtualhost') ?? target.virtualhost;
  const sniName = reading.words('sni_name')?.[0];
  const protocol = (reading.text('http_protocol') ?? '1.0').toUpperCase();
  const protocolWord = reading.entry('http_protocol')?.statement.args[0];
  if (findings.rules === '2.2.7' && protocol.endsWith('K') && protocolWord !== undefined)
    findings.error(
      'keyword-too-new',
      protocolWord.span,
      `'http_protocol ${protocol}' of ${object} is not known to keepalived ${String(findings.target)}`,
      'it has 1.0, 1.0C and 1.1',
    );
  return [
    {
      type,
      span: statement.keyword.span,
      ...timing(reading, from, { retry: 1, delayBeforeRetryMs: 3000 }),
      ...connection(reading, from, target),
      urls,
      httpProtocol: protocols.find((known) => known === protocol) ?? '1.0',
      ...(virtualhost === undefined ? {} : { virtualhost }),
      enableSni: reading.flag('enable_sni') || sniName !== undefined,
      ...(sniName === undefined ? {} : { sniName }),
      fastRecovery: reading.flag('fast_recovery'),
      tlsCompliant: reading.flag('tls_compliant'),
    },
  ];
}

const protocols = ['1.0', '1.0C', '1.0K', '1.1', '1.1K'] as const;

function readUrl(findings: Findings, path: string, object: string, { statement }: Entry): HttpUrl | undefined {
  const reading = readBlock(findings, path, `url of ${object}`, statement.block?.statements ?? []);
  const pathText = reading.text('path');
  const { span } = statement.keyword;
  if (pathText === undefined) {
    findings.error('missing-keyword', span, `url of ${object} has no path`, "add 'path /'; the url is ignored");
    return undefined;
  }
  const virtualhost = reading.text('virtualhost');
  const sniName = reading.words('sni_name')?.[0];
  const digest = readDigest(findings, object, reading);
  return {
    span,
    path: pathText,
    ...(digest === undefined ? {} : { digest }),
    statusCodes: readStatusCodes(findings, object, reading),
    ...(virtualhost === undefined ? {} : { virtualhost }),
    ...(sniName === undefined ? {} : { sniName }),
    regexNoMatch: false,
    regexOptions: [],
    tlsCompliant: reading.flag('tls_compliant'),
  };
}

function readDigest(findings: Findings, object: string, reading: Reading): string | undefined {
  const [entry, again] = reading.all('digest');
  if (again !== undefined)
    findings.error(
      'duplicate-keyword',
      again.statement.keyword.span,
      `'digest' is given twice in a url of ${object}`,
      'the first counts',
    );
  const text = typeof entry?.value === 'string' ? entry.value : undefined;
  if (entry === undefined || text === undefined) return undefined;
  if (/^[0-9a-fA-F]{32}$/.test(text)) return text.toLowerCase();
  findings.error(
    'bad-argument',
    (entry.statement.args[0] ?? entry.statement.keyword).span,
    `'digest ${text}' in a url of ${object} is not valid`,
    'it takes the 32 hex digits that genhash prints',
  );
  return undefined;
}

function readStatusCodes(findings: Findings, object: string, reading: Reading): readonly (readonly [number, number])[] {
  const words = reading.entry('status_code')?.statement.args ?? [];
  const ranges = words.flatMap((word): (readonly [number, number])[] => {
    const [low, high] = word.text.split('-').map((part) => (/^\d{3}$/.test(part) ? Number(part) : Number.NaN));
    const last = high ?? low ?? Number.NaN;
    if (low !== undefined && low >= 100 && last <= 599 && low <= last) return [[low, last]];
    findings.error(
      'bad-argument',
      word.span,
      `'status_code ${word.text}' in a url of ${object} is not valid`,
      'it takes codes and ranges from 100 to 599',
    );
    return [];
  });
  return ranges.length === 0 ? [[200, 299]] : ranges;
}
