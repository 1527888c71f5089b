import { Command, CommanderError, Option } from 'commander';
import { httpRequest, runExchange, TlsContexts, type Exchange, type ExchangeOutcome } from '../checkers/index.ts';
import { err, ok, parseIp, type IpAddress, type Result } from '../core/index.ts';
import { endSockets } from '../platform/index.ts';

/** `genhash`: the digest of a page as HTTP_GET and SSL_GET compute it (genhash(1)). */

interface GenhashOptions {
  readonly address: IpAddress;
  readonly port: number;
  readonly url: string;
  readonly ssl: boolean;
  readonly sni: boolean;
  readonly virtualhost?: string;
  readonly protocol: '1.0' | '1.0C' | '1.1';
  readonly timeoutMs: number;
  readonly fwmark?: number;
  readonly verbose: boolean;
}

export const genhashRows: readonly (readonly [flags: string, text: string])[] = [
  ['-S, --use-ssl', 'ask by TLS'],
  ['-I, --use-sni', 'name the virtual host of -V to the TLS server'],
  ['-s, --server <ADDRESS>', "the server's IP address"],
  ['-p, --port <PORT>', 'its port'],
  ['-u, --url <URL>', 'the path to ask for'],
  ['-V, --use-virtualhost <HOST>', 'the virtual host to ask for'],
  ['-P, --protocol <VERSION>', '1.0 (default), 1.0C or 1.1; C and 1.1 ask the server to close'],
  ['-t, --timeout <SECONDS>', 'how long to wait (default 5)'],
  ['-v, --verbose', 'print header, body and time'],
  ['-h, --help', 'print this help'],
];

const usage = `Usage: genhash -s server-address -p port -u url
${genhashRows.map(([flags, text]) => `  ${flags.padEnd(26)}  ${text}\n`).join('')}`;

/** Resolves with the exit status: 0 also where the server failed, as in the reference; 1 for wrong arguments. */
export async function genhash(words: readonly string[]): Promise<number> {
  const parsed = parseOptions(words);
  if (!parsed.ok) {
    process.stderr.write(parsed.error);
    return 1;
  }
  const options = parsed.value;
  const startedMs = performance.now();
  if (options.timeoutMs === 0) {
    process.stdout.write('Timeout WEB write\n');
    return 0;
  }
  const { virtualhost } = options;
  const exchange = runExchange({
    connection: {
      connectIp: options.address,
      connectPort: options.port,
      connectTimeoutMs: options.timeoutMs,
      ...(options.fwmark === undefined ? {} : { fwmark: options.fwmark }),
    },
    sockets: endSockets,
    request: httpRequest({
      path: options.url,
      protocol: options.protocol,
      address: options.address,
      port: options.port,
      ...(virtualhost === undefined ? {} : { virtualhost }),
    }),
    ...(options.ssl ? { tls: tlsOf(options) } : {}),
    ...(options.verbose ? { seen: verboseObserver } : {}),
  });
  const outcome = await exchange.outcome;
  const { response } = outcome;
  const failure = failureText(outcome, options);
  if (failure !== undefined) {
    process.stdout.write(`${failure}\n`);
    if (outcome.ended !== 'closed') process.stderr.write(`genhash: ${outcome.reason}\n`);
  } else {
    const complete = response.headerState === 'complete';
    const digest = response.digest();
    if (options.verbose) {
      process.stdout.write(
        `\n${title('    HTML hash resulting    ')}${hexDump(Buffer.from(digest, 'hex'))}${title(' HTML hash final resulting ')}`,
      );
    }
    const why = outcome.ended === 'closed' ? '' : `: ${outcome.reason}`;
    if (complete) process.stdout.write(`${digest}\n`);
    else process.stderr.write(`genhash: no data received from remote webserver${why}\n`);
  }
  if (options.verbose) {
    const micros = Math.round((performance.now() - startedMs) * 1000);
    process.stdout.write(`\nGlobal response time for [${options.url}] = ${String(micros)} usecs\n`);
  }
  return 0;
}

function tlsOf({ sni, virtualhost }: GenhashOptions): NonNullable<Exchange['tls']> {
  const serverName = sni && virtualhost !== undefined ? { serverName: virtualhost } : {};
  return { contexts: new TlsContexts(undefined), closeNotify: false, ...serverName };
}

/** The reference's words where there is no reply to take the digest of. */
function failureText(outcome: ExchangeOutcome, { ssl }: GenhashOptions): string | undefined {
  switch (outcome.ended) {
    case 'connect-failed':
      return outcome.reason === 'network is unreachable' ? 'HTTP_CHECK - network unreachable' : 'Connection failed';
    case 'connect-timeout':
      return 'Timeout connecting';
    case 'handshake-failed':
      return 'SSL handshake/communication error connecting to';
    case 'timeout':
      if (ssl) return 'Timeout SSL read';
      return outcome.response.received === 0 ? 'Timeout WEB read' : 'Timeout HTTP read';
    case 'broken':
      return 'Read error with';
    case 'closed':
    case 'too-long':
      return undefined;
  }
}

/** Prints what comes, as it comes: a page without end takes no memory. */
const verboseObserver = {
  onHeader: (header: Buffer): void => {
    process.stdout.write(
      `${title('    HTTP Header Buffer    ')}${hexDump(header)}${title(' HTTP Header Ascii Buffer ')}`,
    );
    process.stdout.write(header);
    process.stdout.write('\n');
  },
  onBody: (chunk: Buffer, digested: number): void => {
    if (digested === 0) return;
    process.stdout.write(`${title('        HTML Buffer        ')}${hexDump(chunk.subarray(0, digested))}`);
  },
};

function title(text: string): string {
  const line = '-----------------------';
  return `${line}[${text}]${line}\n`;
}

function parseOptions(words: readonly string[]): Result<GenhashOptions> {
  const program = new Command('genhash').exitOverride().helpOption(false).allowExcessArguments(false);
  program.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  program.addOption(new Option('-S, --use-ssl')).addOption(new Option('-I, --use-sni'));
  for (const flags of [
    '-s, --server <s>',
    '-p, --port <p>',
    '-u, --url <u>',
    '-V, --use-virtualhost <v>',
    '-P, --protocol <v>',
    '-m, --fwmark <m>',
    '-t, --timeout <t>',
  ]) {
    program.option(flags);
  }
  program.option('-v, --verbose').option('-h, --help');
  try {
    program.parse(words.map(inFull), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return err(`genhash: ${error.message.replace(/^error: /, '')}\n${usage}`);
    throw error;
  }
  const raw: Record<string, unknown> = program.opts();
  const text = (name: string): string | undefined => (typeof raw[name] === 'string' ? raw[name] : undefined);
  if (raw['help'] === true || words.length < 3) return err(usage);
  const address = parseIp(text('server') ?? '');
  const url = text('url');
  const number = (name: string, otherwise: string): number =>
    /^\d{1,10}$/.test(text(name) ?? otherwise) ? Number(text(name) ?? otherwise) : Number.NaN;
  const [port, seconds, fwmark] = [number('port', '0'), number('timeout', '5'), number('fwmark', '0')];
  const protocol = (text('protocol') ?? '1.0').toUpperCase();
  if (text('server') === undefined || text('port') === undefined || url === undefined) return err(usage);
  if (!address.ok) return wrong(`server should be an IP, not ${text('server') ?? ''}`);
  if (!(port >= 1 && port <= 65_535)) return wrong(`invalid port number '${text('port') ?? ''}'`);
  if (!(fwmark <= 4_294_967_295)) return wrong(`invalid fwmark '${text('fwmark') ?? ''}'`);
  if (!isProtocol(protocol)) return wrong(`invalid HTTP protocol version '${text('protocol') ?? ''}'`);
  if (Number.isNaN(seconds)) return wrong(`invalid timeout '${text('timeout') ?? ''}'`);
  const virtualhost = text('useVirtualhost');
  return ok({
    address: address.value,
    port,
    url,
    ssl: raw['useSsl'] === true,
    sni: raw['useSni'] === true,
    ...(virtualhost === undefined ? {} : { virtualhost }),
    protocol,
    timeoutMs: Math.min(seconds, longestSecs) * 1000,
    ...(fwmark === 0 ? {} : { fwmark }),
    verbose: raw['verbose'] === true,
  });
}

/** A day: a timer of Node counts some 24 days, and a whole reply may take twelve times as long as one wait. */
const longestSecs = 86_400;

function wrong(message: string): Result<never> {
  return err(`${message}\n${usage}`);
}

function isProtocol(text: string): text is GenhashOptions['protocol'] {
  return text === '1.0' || text === '1.0C' || text === '1.1';
}

const longNames = 'use-ssl use-sni server port url use-virtualhost protocol fwmark timeout verbose help'.split(' ');

/** As in every program of getopt_long, the begin of a long option is enough where no other begins so. */
function inFull(word: string): string {
  const [, begin = '', value = ''] = /^--([a-z-]+)(=.*)?$/s.exec(word) ?? [];
  const meant = begin === '' || longNames.includes(begin) ? [] : longNames.filter((name) => name.startsWith(begin));
  return meant.length === 1 ? `--${meant[0] ?? ''}${value}` : word;
}

/** Decimal offset, 16 bytes in hex with a dash in the middle, the same as text: the reference's form. */
function hexDump(bytes: Buffer): string {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += 16) {
    const row = bytes.subarray(offset, offset + 16);
    const hex = [...row].map((byte) => byte.toString(16).padStart(2, '0'));
    const [left, right] = [hex.slice(0, 8), hex.slice(8)].map((half) => half.join(' ').padEnd(23));
    const shown = row.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
    lines.push(`${String(offset).padStart(4, '0')}  ${left ?? ''} - ${right ?? ''}   ${shown.padEnd(16)}\n`);
  }
  return lines.join('');
}
