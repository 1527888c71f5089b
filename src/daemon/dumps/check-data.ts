import type { Checker, CheckConnection, CheckTiming, HttpGet } from '../../config/index.ts';
import type { CommandWords } from './report.ts';

/** A check in keepalived_check.data. What it sends and takes for an answer is in it, keys and certificates are not. */
export function checkerData(checker: Checker, command: CommandWords): readonly string[] {
  return [
    ...('delayLoopMs' in checker ? timing(checker) : []),
    ...('connectIp' in checker ? connection(checker) : []),
    `   Keepalive method = ${checker.type}${'httpProtocol' in checker ? `, http protocol ${checker.httpProtocol}` : ''}`,
    ...own(checker, command).map((line) => `   ${line}`),
  ];
}

function timing({
  alpha,
  delayLoopMs,
  warmupMs,
  retry,
  delayBeforeRetryMs,
  logAllFailures,
}: CheckTiming): readonly string[] {
  return [
    `Alpha = ${yesNo(alpha)}`,
    `Delay loop = ${micros(delayLoopMs)}`,
    `Warmup = ${micros(warmupMs)}`,
    `Retries = ${String(retry)}`,
    ...(retry === 0 ? [] : [`Delay before retry = ${micros(delayBeforeRetryMs)}`]),
    `Log all failures = ${yesNo(logAllFailures)}`,
  ].map((line) => `   ${line}`);
}

function connection({
  connectIp,
  connectPort,
  bindto,
  bindPort,
  bindIf,
  fwmark,
  connectTimeoutMs,
}: CheckConnection): readonly string[] {
  return [
    '   Connection',
    ...[
      `Dest = [${connectIp}]:${String(connectPort)}`,
      ...(bindto === undefined && bindPort === undefined
        ? []
        : [`Bind to = [${bindto ?? ''}]:${String(bindPort ?? 0)}`]),
      ...(bindIf === undefined ? [] : [`Bind i/f = ${bindIf}`]),
      ...(fwmark === undefined ? [] : [`Mark = ${String(fwmark)}`]),
      `Timeout = ${(connectTimeoutMs / 1000).toFixed(6)}`,
    ].map((line) => `     ${line}`),
  ];
}

function own(checker: Checker, command: CommandWords): readonly string[] {
  switch (checker.type) {
    case 'HTTP_GET':
    case 'SSL_GET':
      return urls(checker);
    case 'SMTP_CHECK':
      return [`helo = ${checker.heloName}`];
    case 'DNS_CHECK':
      return [`Type = ${checker.dnsType}`, `Name = ${checker.name}`];
    case 'MISC_CHECK':
      return [
        `script = ${command(checker.miscPath)}`,
        `timeout = ${String(checker.miscTimeoutMs / 1000)}`,
        `dynamic = ${checker.miscDynamic ? 'YES' : 'NO'}`,
      ];
    case 'UDP_CHECK':
      return [
        `Payload specified = ${yesNo(checker.payload !== undefined)}`,
        `Require reply = ${yesNo(checker.requireReply !== undefined || checker.replyExpected)}`,
      ];
    case 'FILE_CHECK':
      return [`  Tracked file = ${checker.trackFile}`];
    case 'BFD_CHECK':
      return [`BFD instance = ${checker.name}`];
    case 'TCP_CHECK':
    case 'PING_CHECK':
      return [];
  }
}

function urls({ enableSni, fastRecovery, virtualhost, urls: all }: HttpGet): readonly string[] {
  return [
    `Enable SNI ${enableSni ? 'set' : 'unset'}`,
    `Fast recovery ${fastRecovery ? 'set' : 'unset'}`,
    ...(virtualhost === undefined ? [] : [`VirtualHost = ${virtualhost}`]),
    ...all.flatMap((url) => [
      `Checked url = ${url.path}`,
      ...(url.digest === undefined ? [] : [`  digest = ${url.digest}`]),
      '  HTTP Status Code(s)',
      ...url.statusCodes.map(([first, last]) => `    ${String(first)}${first === last ? '' : `-${String(last)}`}`),
      ...(url.regex === undefined ? [] : [`  Regex = ${url.regex}`]),
    ]),
  ];
}

function yesNo(on: boolean): string {
  return on ? 'yes' : 'no';
}

function micros(ms: number): string {
  return `${String(Math.round(ms * 1000))} us`;
}
