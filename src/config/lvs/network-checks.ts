import { defined } from '../defined.ts';
import type { DnsCheck, MiscCheck, PingCheck, SmtpCheck, TcpCheck, UdpCheck } from '../model/checkers.ts';
import { readBlock, type Entry, type Reading } from '../read.ts';
import { connection, timing, type CheckContext } from './check-settings.ts';

const once = { retry: 1, delayBeforeRetryMs: 1000 };

export function tcpCheck({ statement }: Entry, reading: Reading, context: CheckContext): TcpCheck {
  return {
    type: 'TCP_CHECK',
    span: statement.keyword.span,
    ...timing(reading, context.from, once),
    ...connection(reading, context),
  };
}

export function pingCheck({ statement }: Entry, reading: Reading, context: CheckContext): PingCheck {
  return {
    type: 'PING_CHECK',
    span: statement.keyword.span,
    ...timing(reading, context.from, once),
    ...connection(reading, context),
  };
}

/** The `host` blocks of old are a check each; what they say of timing is for all. */
export function smtpChecks({ statement }: Entry, reading: Reading, context: CheckContext): readonly SmtpCheck[] {
  const { findings, object } = reading;
  const hosts = reading
    .all('host')
    .map((host) =>
      readBlock(
        findings,
        'virtual_server/real_server/SMTP_CHECK/host',
        `host of ${object}`,
        host.statement.block?.statements ?? [],
      ),
    );
  let own = timing(reading, context.from, once);
  for (const host of hosts) own = timing(host, own as CheckContext['from'], once);
  return (hosts.length === 0 ? [reading] : hosts).map((host) => ({
    type: 'SMTP_CHECK',
    span: statement.keyword.span,
    ...own,
    ...connection(host, context),
    heloName: reading.text('helo_name') ?? 'smtpchecker.keepalived.org',
  }));
}

const dnsTypes = ['A', 'NS', 'CNAME', 'SOA', 'MX', 'TXT', 'AAAA', 'RRSIG', 'DNSKEY'] as const;

export function dnsCheck({ statement }: Entry, reading: Reading, context: CheckContext): DnsCheck {
  return {
    type: 'DNS_CHECK',
    span: statement.keyword.span,
    ...timing(reading, context.from, { retry: 3, delayBeforeRetryMs: undefined }),
    ...connection(reading, context),
    dnsType: dnsTypes.find((known) => known === reading.text('type')) ?? 'SOA',
    name: dnsName(reading) ?? '.',
  };
}

/** RFC 1035, section 2.3.4: labels of at most 63 bytes, 255 in all. Of too long ones the reference says nothing. */
function dnsName(reading: Reading): string | undefined {
  const name = reading.text('name');
  const word = reading.entry('name')?.statement.args[0];
  if (name === undefined || word === undefined || name === '.' || name === '') return undefined;
  const labels = name.replace(/\.$/, '').split('.');
  const isEmpty = labels.includes('');
  if (!isEmpty && name.length <= 253 && labels.every((label) => label.length <= 63)) return name;
  reading.findings.error(
    'bad-argument',
    word.span,
    `'name ${name}' in ${reading.object} is no name of DNS`,
    'its labels have 1 to 63 characters, 253 in all; the root is asked for instead',
    isEmpty ? 'general' : 'none',
  );
  return undefined;
}

export function miscCheck({ statement }: Entry, reading: Reading, context: CheckContext): MiscCheck | undefined {
  const { findings, object } = reading;
  const command = reading.command('misc_path');
  const { span } = statement.keyword;
  if (command === undefined) {
    findings.error('missing-keyword', span, `${object} has no misc_path`, 'add \'misc_path "COMMAND"\'; it is ignored');
    return undefined;
  }
  const [user, group] = reading.words('user') ?? [];
  const userWord = reading.entry('user')?.statement.args[0];
  if (user !== undefined && userWord !== undefined && findings.host.knownUser?.(user) === false) {
    findings.error(
      'unknown-user',
      userWord.span,
      `user ${user} of ${object} does not exist on this host`,
      'create the user, or name another; the check is ignored',
    );
    return undefined;
  }
  const own = timing(reading, context.from, { retry: 0, delayBeforeRetryMs: 1000 });
  const timeoutSecs = reading.number('misc_timeout') ?? 0;
  return {
    type: 'MISC_CHECK',
    span,
    ...own,
    miscPath: { ...command, ...defined({ user, group }) },
    miscTimeoutMs: timeoutSecs === 0 ? own.delayLoopMs : timeoutSecs * 1000,
    miscDynamic: reading.flag('misc_dynamic'),
  };
}

/** Bytes. */
const longestDatagram = 65_535;

export function udpCheck({ statement }: Entry, reading: Reading, context: CheckContext): UdpCheck {
  const minReplyLength = reading.number('min_reply_length') ?? 0;
  const requireReply = hexBytes(reading, 'require_reply', '0-9a-fx');
  // Where no bytes are named the reference lets any number of them pass.
  const longest = requireReply === undefined ? longestDatagram : 255;
  const maxReplyLength = reading.number('max_reply_length') ?? longest;
  if (minReplyLength > maxReplyLength)
    reading.findings.error(
      'bad-argument',
      (reading.entry('min_reply_length')?.statement ?? statement).keyword.span,
      `min_reply_length ${String(minReplyLength)} of ${reading.object} is more than its max_reply_length`,
      `no answer can be right: give one up to ${String(maxReplyLength)}`,
    );
  return {
    type: 'UDP_CHECK',
    span: statement.keyword.span,
    ...timing(reading, context.from, once),
    ...connection(reading, context),
    ...defined({ payload: hexBytes(reading, 'payload', '0-9a-f'), requireReply }),
    replyExpected: reading.has('require_reply'),
    minReplyLength,
    maxReplyLength,
  };
}

/** Words of digits, two a byte; the last digit of a word may stand alone for a byte below 10 (keepalived.conf(5), UDP_CHECK). */
function hexBytes(reading: Reading, keyword: string, digits: string): string | undefined {
  const words = reading.words(keyword);
  const entry = reading.entry(keyword);
  if (words === undefined || entry === undefined || words.length === 0) return undefined;
  const text = words.join(' ').toLowerCase();
  if (new RegExp(`^[${digits} \\t]+$`).test(text))
    return (text.match(/[^ \t]{1,2}/g) ?? []).map((byte) => byte.padStart(2, '0')).join('');
  reading.findings.error(
    'bad-argument',
    (entry.statement.args[0] ?? entry.statement.keyword).span,
    `'${keyword} ${text}' in ${reading.object} is not valid`,
    `it takes hex digits, two a byte${digits.endsWith('x') ? '; x stands for any digit' : ''}`,
  );
  return undefined;
}
