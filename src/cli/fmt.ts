import { Command } from 'commander';
import { createTwoFilesPatch } from 'diff';
import { err, ok, type Result } from '../core/index.ts';
import { format, type FormatProblem } from '../parser/index.ts';
import { diskFiles, readStandardInput, replaceFile } from '../platform/index.ts';
import { defaultConfigFile } from './options.ts';
import { endedBy, tame, type Output } from './output.ts';

interface FmtOptions {
  readonly check: boolean;
  readonly diff: boolean;
}

export function fmtProgram(): Command {
  return new Command('watchkeeper fmt')
    .description(
      'Bring keepalived configurations into one form: comments and meaning stay.\n' +
        'Exit status: 0 all is in form now, 3 with --check or --diff: something is not, 2 a file cannot be formatted.',
    )
    .argument('[FILES...]', `files to rewrite, - to print the standard input's form (default: ${defaultConfigFile})`)
    .option('--check', 'change nothing; name the files that are not in form', false)
    .option('--diff', 'change nothing; show what would change', false);
}

/** `watchkeeper fmt`: 0 all is in form (or has been brought into it), 3 something is not, 2 it could not run. */
export function fmtCommand(words: readonly string[], output: Output): number {
  const program = tame(fmtProgram(), output);
  const ended = endedBy(program, words, 2);
  if (ended !== undefined) return ended;
  const files = program.args.length === 0 ? [defaultConfigFile] : program.args;
  const statuses = files.map((file) => formatOne(file, program.opts<FmtOptions>(), output));
  return statuses.includes(2) ? 2 : Math.max(...statuses);
}

function formatOne(file: string, { check, diff }: FmtOptions, { out, err: complain }: Output): 0 | 2 | 3 {
  const fail = (text: string): 2 => {
    complain(`watchkeeper fmt: ${text}\n`);
    return 2;
  };
  const input = file === '-' ? readStandardInput() : readFile(file);
  if (!input.ok) return fail(input.error);
  const formatted = format(file, input.value);
  if (!formatted.ok) return fail(wordsOf(file, formatted.error));
  const before = Buffer.from(input.value);
  const after = Buffer.from(formatted.value);
  const same = before.equals(after);
  if (file === '-' && !check && !diff) {
    out(after);
    return 0;
  }
  if (same) return 0;
  if (diff) out(patch(file, before.toString(), after.toString()));
  if (check && !diff) out(`${file}\n`);
  if (check || diff) return 3;
  const written = replaceFile(file, after);
  if (!written.ok) return fail(written.error);
  complain(`${file}: formatted\n`);
  return 0;
}

function patch(file: string, before: string, after: string): string {
  const text = createTwoFilesPatch(file, file, before, after);
  // The first line is the library's own and belongs to no format.
  return text.slice(text.indexOf('---'));
}

function readFile(file: string): Result<Uint8Array> {
  const read = diskFiles.read(file);
  return read.ok ? ok(read.value) : err(`${file} ${read.error.text}`);
}

function wordsOf(file: string, { text, span }: FormatProblem): string {
  const place = span === undefined ? file : `${file}:${String(span.line)}:${String(span.column)}`;
  return `${place}: ${text}; the file is left as it is`;
}
