import { Command, CommanderError, Option } from 'commander';
import { httpRequest, runExchange } from '../checkers/index.ts';
import { err, ok, parseIp, type IpAddress, type Result } from '../core/index.ts';

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
  readonly verbose: boolean;
}

const usage = `Usage: genhash -s server-address -p port -u url
  -S, --use-ssl               ask by TLS
  -I, --use-sni               name the virtual host of -V to the TLS server
  -s, --server <ADDRESS>      the server's IP address
  -p, --port <PORT>           its port
  -u, --url <URL>             the path to ask for
  -V, --use-virtualhost <HOST>  the virtual host to ask for
  -P, --protocol <VERSION>    1.0 (default), 1.0C or 1.1; C and 1.1 ask the server to close
  -t, --timeout <SECONDS>     how long to wait (default 5)
  -v, --verbose               print header, body and time
  -h, --help                  print this help
`;

/** Resolves with the exit status: 0 also where the server failed, as in the reference; 1 for wrong arguments. */
export async function genhash(words: readonly string[]): Promise<number> {
  const parsed = parseOptions(words);
  if (!parsed.ok) {
    process.stderr.write(parsed.error);
    return 1;
  }
  const options = parsed.value;
  const body: Buffer[] = [];
  const startedMs = performance.now();
  const { virtualhost } = options;
  const exchange = runExchange({
    connection: { connectIp: options.address, connectPort: options.port, connectTimeoutMs: options.timeoutMs },
    request: httpRequest({
      path: options.url,
      protocol: options.protocol,
      address: options.address,
      port: options.port,
      ...(virtualhost === undefined ? {} : { virtualhost }),
    }),
    ...(options.ssl ? { tls: options.sni && virtualhost !== undefined ? { serverName: virtualhost } : {} } : {}),
    ...(options.verbose ? { onBody: (chunk: Buffer) => body.push(chunk) } : {}),
  });
  const outcome = await exchange.outcome;
  const { response } = outcome;
  if (outcome.ended === 'connect-failed') {
    process.stdout.write(`Connection failed: ${outcome.reason}\n`);
    return 0;
  }
  if (outcome.ended === 'timeout') process.stdout.write('Timeout HTTP read\n');
  if (response.headerState !== 'complete') {
    process.stderr.write(
      `no data received from remote webserver${outcome.ended === 'closed' ? '' : `: ${outcome.reason}`}\n`,
    );
    return 0;
  }
  if (options.verbose) {
    process.stdout.write(`HTTP header:\n${hexDump(response.header)}HTML body:\n${hexDump(Buffer.concat(body))}`);
  }
  process.stdout.write(`${response.digest()}\n`);
  if (options.verbose) {
    const micros = Math.round((performance.now() - startedMs) * 1000);
    process.stdout.write(`Global response time for [${options.url}] = ${String(micros)} usecs\n`);
  }
  return 0;
}

function parseOptions(words: readonly string[]): Result<GenhashOptions> {
  const program = new Command('genhash').exitOverride().helpOption(false).allowExcessArguments(true);
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
    program.parse([...words], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return err(`genhash: ${error.message.replace(/^error: /, '')}\n${usage}`);
    throw error;
  }
  const raw: Record<string, unknown> = program.opts();
  const text = (name: string): string | undefined => (typeof raw[name] === 'string' ? raw[name] : undefined);
  if (raw['help'] === true || words.length < 3) return err(usage);
  if (raw['fwmark'] !== undefined) return err('genhash: -m cannot be used: sockets cannot be marked yet\n');
  const address = parseIp(text('server') ?? '');
  if (!address.ok) return err(`genhash: -s takes an IP address: ${address.error}\n`);
  const port = Number(text('port'));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return err('genhash: -p takes a port from 1 to 65535\n');
  const url = text('url');
  if (url === undefined) return err('genhash: -u takes the path to ask for\n');
  const protocol = (text('protocol') ?? '1.0').toUpperCase();
  if (protocol !== '1.0' && protocol !== '1.0C' && protocol !== '1.1')
    return err('genhash: -P takes 1.0, 1.0C or 1.1\n');
  const seconds = Number(text('timeout') ?? '5');
  if (!(seconds > 0 && seconds <= 86_400)) return err('genhash: -t takes seconds from 1 to 86400\n');
  const virtualhost = text('useVirtualhost');
  return ok({
    address: address.value,
    port,
    url,
    ssl: raw['useSsl'] === true,
    sni: raw['useSni'] === true,
    ...(virtualhost === undefined ? {} : { virtualhost }),
    protocol,
    timeoutMs: seconds * 1000,
    verbose: raw['verbose'] === true,
  });
}

/** Offset, 16 bytes in hex, the same as text. */
function hexDump(bytes: Buffer): string {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += 16) {
    const row = bytes.subarray(offset, offset + 16);
    const hex = [...row].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const shown = row.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
    lines.push(`${offset.toString(16).padStart(4, '0')}  ${hex.padEnd(47)}  ${shown}\n`);
  }
  return lines.join('');
}
