import { Command, InvalidArgumentError, Option } from 'commander';
import { err, ok, type Result, type Severity } from '../core/index.ts';
import { parseTarget, type Target } from '../parser/index.ts';
import { defaultConfigFile } from './options.ts';
import { endedBy, tame, type Output } from './output.ts';

export const formats = ['human', 'json', 'sarif', 'github', 'junit', 'checkstyle'] as const;

export interface LintCommandLine {
  readonly files: readonly string[];
  readonly format: (typeof formats)[number];
  readonly output?: string;
  readonly peer: readonly string[];
  readonly previous?: string;
  readonly target?: Target;
  readonly configId?: string;
  readonly facts?: string;
  readonly thisHost: boolean;
  readonly level: Severity;
  readonly failLevel: Severity;
  readonly disable: readonly string[];
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly fix: boolean;
  readonly listRules: boolean;
  readonly explain?: string;
}

const severities = ['info', 'warning', 'error'] as const;

export function lintProgram(): Command {
  return new Command('watchkeeper lint')
    .description(
      'Find mistakes in keepalived configurations: anywhere, without root and without asking the host.\n' +
        'Exit status: 0 nothing graver than warnings, 3 errors (see --fail-level), 2 it could not run.',
    )
    .argument('[FILES...]', `configuration files, - for the standard input (default: ${defaultConfigFile})`)
    .addOption(new Option('--format <FORMAT>', 'form of the output').choices([...formats]).default('human'))
    .option('-o, --output <FILE>', 'write the output to FILE')
    .option(
      '--peer <FILE>',
      'configuration of another director of the cluster, to compare with; repeatable',
      collect,
      [],
    )
    .option('--previous <FILE>', 'the configuration that runs now: tell what the change does')
    .option('--target <VERSION>', 'keepalived version that the file is for, 2.0.20 to 2.4.3', target)
    .option('-i, --config-id <ID>', "use lines that begin '@ID'; without it each id of the files is tried")
    .option('--facts <FILE>', "facts of the host it is for, written there by 'watchkeeper facts'")
    .option('--this-host', 'it is for this host: judge interfaces, users and scripts too', false)
    .addOption(new Option('--level <SEVERITY>', 'lowest severity that is told').choices(severities).default('warning'))
    .addOption(
      new Option('--fail-level <SEVERITY>', 'lowest severity that gives exit status 3')
        .choices(severities)
        .default('error'),
    )
    .option('--disable <RULE>', 'do not look at this rule; repeatable', collect, [])
    .option('--baseline <FILE>', 'findings in FILE are known: tell only new ones')
    .option('--write-baseline <FILE>', 'write what is found to FILE, for --baseline')
    .option('--fix', 'mend what can be mended without changing what the file does', false)
    .option('--list-rules', 'list all rules', false)
    .option('--explain <RULE>', 'print the page of a rule');
}

/** The words after `watchkeeper lint`; the error is an exit status, its message already printed. */
export function parseLintLine(words: readonly string[], output: Output): Result<LintCommandLine, number> {
  const program = tame(lintProgram(), output);
  const ended = endedBy(program, words, 2);
  if (ended !== undefined) return err(ended);
  const files = program.args.length === 0 ? [defaultConfigFile] : program.args;
  return ok({ ...program.opts<Omit<LintCommandLine, 'files'>>(), files });
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function target(text: string): Target {
  const parsed = parseTarget(text);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.error);
  return parsed.value;
}
