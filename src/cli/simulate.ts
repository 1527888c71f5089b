import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfig, type LoadedConfig } from '../config/index.ts';
import { err, formatDiagnostic, ok, printable, type Result } from '../core/index.ts';
import { engineConfig } from '../daemon/index.ts';
import { diskFiles } from '../platform/index.ts';
import {
  defaultScript,
  directorNames,
  maxDirectors,
  outcomeAsJson,
  outcomeAsText,
  parseScript,
  play,
  type DirectorSetup,
  type Script,
} from '../simulate/index.ts';
import { endedBy, tame, type Output } from './output.ts';
import { readVersion } from './version.ts';

interface SimulateOptions {
  readonly script?: string;
  readonly seed: number;
  readonly format: 'text' | 'json';
  readonly printScript?: boolean;
}

const failed = 2;
const longestScript = 1_000_000;

export function simulateProgram(): Command {
  return new Command('watchkeeper simulate')
    .description(
      'Play VRRP between directors on a virtual network, with the faults of a script: who is MASTER when, and for how long nobody or two are.\n' +
        'Exit status: 0 every expectation held, 1 one failed, 2 it could not run.',
    )
    .argument('<CONFIGS...>', 'a configuration file for each director')
    .option('--script <FILE>', 'what happens, and what is expected; default: each link and each director fails once')
    .addOption(new Option('--seed <N>', 'decides what is by chance').argParser(seedOf).default(1))
    .addOption(new Option('--format <FORMAT>', 'form of the output').choices(['text', 'json']).default('text'))
    .option('--print-script', 'print the script instead of playing it: something to begin with');
}

/** `watchkeeper simulate`: 0 every expectation held, 1 one failed, 2 it could not run. */
export function simulateCommand(words: readonly string[], root: string, output: Output): number {
  const program = tame(simulateProgram(), output);
  const ended = endedBy(program, words, failed);
  if (ended !== undefined) return ended;
  const ran = run(program.args, program.opts<SimulateOptions>(), root);
  if (ran.ok) {
    output.out(ran.value.text);
    return ran.value.status;
  }
  output.err(ran.error.map((line) => `${printable(line)}\n`).join(''));
  return failed;
}

function seedOf(text: string): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) > 0xffff_ffff) throw new InvalidArgumentError('0 to 4294967295.');
  return Number(text);
}

interface Printed {
  readonly text: string;
  readonly status: number;
}

/** The error is what is to be printed, line by line. */
function run(files: readonly string[], options: SimulateOptions, root: string): Result<Printed, readonly string[]> {
  if (files.length > maxDirectors) return failure(`at most ${String(maxDirectors)} directors`);
  const loaded = files.map((file) => load(file));
  const unusable = loaded.flatMap((each) => (each.ok ? [] : each.error));
  if (unusable.length > 0) return err(unusable);
  const names = directorNames(files);
  const bare = loaded.flatMap((each, i): readonly DirectorSetup[] =>
    each.ok ? [{ name: names[i] ?? '', file: files[i] ?? '', config: each.value, reloads: new Map() }] : [],
  );
  if (!bare.some(({ config }) => config.vrrp.instances.length > 0))
    return failure('there is no vrrp_instance in these configurations');
  const text = options.script === undefined ? ok(defaultScript(bare)) : readScript(options.script);
  if (!text.ok) return failure(text.error);
  if (options.printScript === true) return ok({ text: text.value, status: 0 });

  const { script, diagnostics } = parseScript(options.script ?? 'default script', text.value);
  if (diagnostics.length > 0) return err(diagnostics.map(formatDiagnostic));
  const reloads = readReloads(script, options.script);
  if (!reloads.ok) return reloads;
  const setups = bare.map((setup) => ({ ...setup, reloads: reloads.value }));
  const outcome = play(setups, script, options.seed);
  if (!outcome.ok) return err(outcome.error.map(formatDiagnostic));
  return ok({
    text: options.format === 'json' ? outcomeAsJson(outcome.value, readVersion(root)) : outcomeAsText(outcome.value),
    status: outcome.value.verdicts.every(({ held }) => held) ? 0 : 1,
  });
}

function failure(text: string): { readonly ok: false; readonly error: readonly string[] } {
  return err([`watchkeeper simulate: ${text}`]);
}

function readScript(file: string): Result<string> {
  try {
    const text = readFileSync(file, 'utf8');
    return text.length > longestScript ? err(`${file} is longer than ${String(longestScript)} characters`) : ok(text);
  } catch (error) {
    return err(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}

/** Files that a script names are looked for beside it. */
function readReloads(
  script: Script,
  scriptFile = '.',
): Result<ReadonlyMap<string, DirectorSetup['config']>, readonly string[]> {
  const configs = new Map<string, DirectorSetup['config']>();
  for (const file of new Set(script.reloads)) {
    const loaded = load(path.resolve(path.dirname(scriptFile), file));
    if (!loaded.ok) return loaded;
    configs.set(file, loaded.value);
  }
  return ok(configs);
}

function load(file: string): Result<DirectorSetup['config'], readonly string[]> {
  const loaded: LoadedConfig = loadConfig({
    file,
    files: diskFiles,
    configId: '',
    hostName: '',
    environment: process.env,
    random: () => 0.5,
    allConfig: true,
  });
  if (loaded.usable) return ok(engineConfig(loaded.config));
  const errors = loaded.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map((each) => formatDiagnostic(each));
  return err([...errors, `watchkeeper simulate: ${file} cannot be used: see above, and watchkeeper lint`]);
}
