import { Command, Option } from 'commander';
import { CheckRunner, TlsContexts } from '../checkers/index.ts';
import { loadConfig, type LoadedConfig, type RealServer } from '../config/index.ts';
import { err, formatDiagnostic, ok, parseIp, type Result } from '../core/index.ts';
import { startCheckProgram } from '../daemon/index.ts';
import { endSockets, monotonicMs, readingHere, searchRegex, thisHost } from '../platform/index.ts';
import { checkOnce, type ServerFilter } from './check-once.ts';
import { checksAsJson, checksAsText, summaryOf } from './check-report.ts';
import { defaultConfigFile } from './options.ts';
import { endedBy, tame, type Output } from './output.ts';
import { trackFileNumber } from './track-file-number.ts';

interface CheckOptions {
  readonly configId?: string;
  readonly server: readonly string[];
  readonly format: 'text' | 'json';
}

const couldNotRun = 2;
/** Checks that take longer than this say how far they are, and again each time. */
const progressMs = 2000;

export function checkProgram(): Command {
  return new Command('watchkeeper check')
    .description(
      'Run the checks of a configuration once, as the daemon would, and show what they find; nothing is changed.\n' +
        'Exit status: 0 all succeeded, 1 some failed, 2 the configuration has errors or nothing could be run.',
    )
    .argument('[FILE]', 'configuration file', defaultConfigFile)
    .option('--server <ADDR[:PORT]>', 'only this real server; may be given again', collect, [])
    .option('-i, --config-id <ID>', "use lines that begin '@ID'; default: the host's name")
    .addOption(new Option('--format <FORMAT>', 'form of the output').choices(['text', 'json']).default('text'));
}

/** `watchkeeper check`: 0 all is well, 1 a check failed, 2 it could not run. */
export async function checkCommand(words: readonly string[], output: Output): Promise<number> {
  const program = tame(checkProgram(), output);
  const ended = endedBy(program, words, couldNotRun);
  if (ended !== undefined) return ended;
  const [file = defaultConfigFile] = program.processedArgs as readonly string[];
  const options = program.opts<CheckOptions>();
  const fail = (text: string): number => {
    output.err(`watchkeeper check: ${text}\n`);
    return couldNotRun;
  };
  const filter = serverFilter(options.server);
  if (!filter.ok) return fail(filter.error);
  const loaded = load(file, options);
  for (const diagnostic of loaded.diagnostics)
    if (diagnostic.severity === 'error') output.err(`${formatDiagnostic(diagnostic)}\n`);
  if (!loaded.usable) return fail('the configuration cannot be used: see above, and watchkeeper lint');
  const rows = await run(loaded, filter.value, output);
  if (rows.length === 0)
    return fail(
      options.server.length === 0
        ? `${file} has no real_server`
        : `no real_server of ${file} is ${options.server.join(' or ')}`,
    );
  output.out(options.format === 'json' ? checksAsJson(file, rows) : checksAsText(rows));
  return summaryOf(rows).failed === 0 ? 0 : 1;
}

async function run({ config }: LoadedConfig, wanted: ServerFilter, output: Output): ReturnType<typeof checkOnce> {
  let progress = '';
  const timer = setInterval(() => {
    if (progress !== '') output.err(`${progress}\n`);
  }, progressMs);
  const tls = new TlsContexts(config.lvs.ssl);
  const rows = await checkOnce(config, wanted, {
    runner: new CheckRunner(
      endSockets,
      (command, timeoutMs) => startCheckProgram(command, timeoutMs, config.global),
      () => ({ searchRegex, tls }),
    ),
    readNumber: (file) => trackFileNumber(file, 'now'),
    nowMs: monotonicMs,
    onProgress: (done, all) => {
      progress = `${String(done)} of ${String(all)} checks are done`;
    },
  });
  clearInterval(timer);
  return rows;
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** `10.0.0.1`, `10.0.0.1:80`, `2001:db8::1` or `[2001:db8::1]:80`. */
function serverFilter(given: readonly string[]): Result<ServerFilter> {
  const wanted: { readonly address: string; readonly port: number | undefined }[] = [];
  for (const text of given) {
    const bare = parseIp(text);
    const [, bracketed, dotted, portText = ''] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
    const address = bare.ok ? bare : parseIp(bracketed ?? dotted ?? '');
    const port = bare.ok ? undefined : Number(portText);
    if (!address.ok || (port ?? 0) > 65_535)
      return err(`--server '${text}' is no address: ADDRESS, ADDRESS:PORT or [IPV6-ADDRESS]:PORT`);
    wanted.push({ address: address.value, port });
  }
  return ok(
    (server: RealServer) =>
      wanted.length === 0 ||
      wanted.some(({ address, port }) => address === server.address && (port === undefined || port === server.port)),
  );
}

function load(file: string, { configId }: CheckOptions): LoadedConfig {
  return loadConfig({
    ...readingHere(configId),
    file,
    random: () => 0.5,
    host: thisHost(),
    allConfig: true,
  });
}
