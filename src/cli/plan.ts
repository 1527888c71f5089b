import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { loadConfig, type Config, type LoadedConfig } from '../config/index.ts';
import { err, formatDiagnostic, ok, type Result } from '../core/index.ts';
import { parseSavedTable, previewReload, previewStart, readKernelTable, type PlanPreview } from '../daemon/index.ts';
import { readingHere, readStandardInput, thisHost } from '../platform/index.ts';
import { defaultConfigFile } from './options.ts';
import { endedBy, tame, type Output } from './output.ts';
import { trackFileNumber } from './track-file-number.ts';
import { planAsJson, planAsText, type PlanReport } from './plan-report.ts';

interface PlanOptions {
  readonly useFile: string;
  readonly configId?: string;
  readonly from?: string;
  readonly to?: string;
  readonly format: 'text' | 'json';
}

const failed = 3;

export function planProgram(): Command {
  return new Command('watchkeeper plan')
    .description(
      "Show what a start of the daemon would change in the kernel's IPVS table, and why; nothing is changed.\n" +
        'Exit status: 0 nothing to do, 2 there are changes, 3 the configuration has errors or the table cannot be read.',
    )
    .option('-f, --use-file <FILE>', 'configuration file', defaultConfigFile)
    .option('-i, --config-id <ID>', "use lines that begin '@ID'; default: the host's name")
    .option('--from <TABLE>', "compare with a table as 'ipvsadm -Sn' prints it, - for the standard input")
    .option('--to <FILE>', 'what a reload from the configuration of -f to this one would change')
    .addOption(new Option('--format <FORMAT>', 'form of the output').choices(['text', 'json']).default('text'));
}

/** `watchkeeper plan`: 0 nothing to do, 2 changes, 3 the configuration has errors or the table cannot be read. */
export async function planCommand(words: readonly string[], output: Output): Promise<number> {
  const program = tame(planProgram(), output);
  const ended = endedBy(program, words, failed);
  if (ended !== undefined) return ended;
  const options = program.opts<PlanOptions>();
  const fail = (text: string): number => {
    output.err(`watchkeeper plan: ${text}\n`);
    return failed;
  };
  if (options.from !== undefined && options.to !== undefined) return fail('--from and --to do not go together');

  const loaded = [options.useFile, ...(options.to === undefined ? [] : [options.to])].map((file) =>
    load(file, options),
  );
  for (const { diagnostics } of loaded) {
    for (const diagnostic of diagnostics) {
      if (diagnostic.severity === 'error') output.err(`${formatDiagnostic(diagnostic)}\n`);
    }
  }
  if (!loaded.every(({ usable }) => usable))
    return fail('a configuration cannot be used: see above, and watchkeeper lint');
  const report = await compare(options, loaded);
  if (!report.ok) return fail(report.error);
  output.out(options.format === 'json' ? planAsJson(report.value) : planAsText(report.value));
  if (loaded.some(({ diagnostics }) => diagnostics.some(({ severity }) => severity === 'error'))) return failed;
  return report.value.preview.steps.length === 0 ? 0 : 2;
}

async function compare(
  { useFile, from, to }: PlanOptions,
  [first, second]: readonly LoadedConfig[],
): Promise<Result<PlanReport>> {
  if (first === undefined) return err(`${useFile} cannot be read`);
  if (to !== undefined && second !== undefined) {
    const [before, after] = await Promise.all([withFiles(first.config), withFiles(second.config)]);
    return ok({ from: useFile, to, preview: previewReload(before, after, useFile), notes: [] });
  }
  const table = from === undefined ? await kernelTable(first.config) : readSaved(from);
  if (!table.ok) return table;
  const { where, entries, thresholds } = table.value;
  const { files } = await withFiles(first.config);
  const preview: PlanPreview = previewStart(first.config, entries, { where, thresholds, files });
  const limited = first.config.lvs.virtualServers.some(({ realServers }) =>
    realServers.some(({ uthreshold, lthreshold }) => uthreshold > 0 || lthreshold > 0),
  );
  const notes =
    limited && !thresholds ? ['uthreshold and lthreshold are not compared: ipvsadm -S leaves them out'] : [];
  return ok({ from: where, to: useFile, preview, notes });
}

/** With what the daemon would find in the track_files. */
async function withFiles(config: Config): Promise<Parameters<typeof previewReload>[0]> {
  const numbers = config.trackFiles.map(async (file) => [file.name, await trackFileNumber(file, 'at start')] as const);
  return { config, files: Object.fromEntries(await Promise.all(numbers)) };
}

interface Table {
  readonly where: string;
  readonly entries: Parameters<typeof previewStart>[1];
  readonly thresholds: boolean;
}

async function kernelTable(config: Config): Promise<Result<Table>> {
  const entries = await readKernelTable(config);
  if (!entries.ok) return err(`${entries.error} (--from FILE compares with a table that ipvsadm -Sn printed)`);
  return ok({ where: 'the kernel', entries: entries.value, thresholds: true });
}

function readSaved(file: string): Result<Table> {
  const where = file === '-' ? '<stdin>' : file;
  let text: string;
  if (file === '-') {
    const input = readStandardInput();
    if (!input.ok) return input;
    text = Buffer.from(input.value).toString();
  } else {
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      return err(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
    }
  }
  const saved = parseSavedTable(text);
  return saved.ok
    ? ok({ where, entries: saved.value.table, thresholds: saved.value.thresholds })
    : err(`${where}: ${saved.error}`);
}

function load(file: string, { configId, from, to }: PlanOptions): LoadedConfig {
  const elsewhere = from !== undefined || to !== undefined;
  return loadConfig({
    ...readingHere(configId),
    file,
    random: () => 0.5,
    // A file that is not for this host is not judged by its interfaces and programs.
    ...(elsewhere ? {} : { host: thisHost() }),
    allConfig: true,
  });
}
