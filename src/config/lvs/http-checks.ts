import { defined } from '../defined.ts';
import type { HttpGet, HttpUrl } from '../model/checkers.ts';
import { readBlock, type Entry, type Findings, type Reading } from '../read.ts';
import { connection, timing, type CheckContext } from './check-settings.ts';
import { readRegex } from './regex.ts';
import { nearerTls, tlsSettings } from './tls.ts';

const protocols = ['1.0', '1.0C', '1.0K', '1.1', '1.1K'] as const;

export function httpGet({ keyword, statement }: Entry, reading: Reading, context: CheckContext): HttpGet | undefined {
  const { findings, object } = reading;
  const type = keyword.name === 'SSL_GET' ? 'SSL_GET' : 'HTTP_GET';
  const path = `virtual_server/real_server/${type}/url`;
  const urls = reading.all('url').flatMap((entry) => readUrl(findings, path, object, entry) ?? []);
  if (urls.length === 0) {
    findings.error(
      'missing-keyword',
      statement.keyword.span,
      `${object} has no url`,
      "add 'url { path / }'; the check is ignored",
    );
    return undefined;
  }
  const tls = type === 'SSL_GET' ? nearerTls(context.extensions.of(statement), context.tls) : undefined;
  const sniName = reading.words('sni_name')?.[0];
  return {
    type,
    span: statement.keyword.span,
    ...timing(reading, context.from, { retry: 1, delayBeforeRetryMs: 3000 }),
    ...connection(reading, context),
    urls,
    httpProtocol: readProtocol(findings, object, reading),
    ...defined({
      virtualhost: reading.text('virtualhost') ?? context.target.virtualhost,
      sniName,
      sniHost: reading.text('virtualhost') ?? context.target.serviceVirtualhost,
      tls: tls === undefined ? undefined : tlsSettings(tls),
    }),
    enableSni: reading.flag('enable_sni') || sniName !== undefined,
    fastRecovery: reading.flag('fast_recovery'),
    tlsCompliant: reading.flag('tls_compliant'),
  };
}

function readProtocol(findings: Findings, object: string, reading: Reading): HttpGet['httpProtocol'] {
  const protocol = (reading.text('http_protocol') ?? '1.0').toUpperCase();
  const word = reading.entry('http_protocol')?.statement.args[0];
  if (findings.rules === '2.2.7' && protocol.endsWith('K') && word !== undefined)
    findings.error(
      'keyword-too-new',
      word.span,
      `'http_protocol ${protocol}' of ${object} is not known to keepalived ${String(findings.target)}`,
      'it has 1.0, 1.0C and 1.1',
    );
  return protocols.find((known) => known === protocol) ?? '1.0';
}

function readUrl(findings: Findings, path: string, object: string, { statement }: Entry): HttpUrl | undefined {
  const reading = readBlock(findings, path, `url of ${object}`, statement.block?.statements ?? []);
  const pathText = reading.text('path');
  const { span } = statement.keyword;
  if (pathText === undefined) {
    findings.error('missing-keyword', span, `url of ${object} has no path`, "add 'path /'; the url is ignored");
    return undefined;
  }
  return {
    span,
    path: pathText,
    statusCodes: readStatusCodes(findings, object, reading),
    ...defined({
      digest: readDigest(findings, object, reading),
      virtualhost: reading.text('virtualhost'),
    }),
    ...readRegex(findings, object, reading),
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
