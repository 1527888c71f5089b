import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bracketProblem } from '../config/index.ts';
import { err, ok, type Result } from '../core/index.ts';
import {
  allRules,
  applyFixes,
  checkstyleReport,
  githubReport,
  humanReport,
  isAtLeast,
  jsonReport,
  junitReport,
  lint,
  parseBaseline,
  parseFacts,
  sarifReport,
  withoutKnown,
  writeBaseline,
  type Facts,
  type Finding,
  type LintResult,
  type ReportInput,
} from '../lint/index.ts';
import type { FileSource } from '../parser/index.ts';
import { diskFiles, hasRegexLibrary, readStandardInput, regexProblem, replaceFile } from '../platform/index.ts';
import { collectFacts } from './facts.ts';
import { parseLintLine, type LintCommandLine } from './lint-options.ts';
import type { Output } from './output.ts';
import { readVersion } from './version.ts';

const standardInput = '-';
const maxRounds = 10;

/** `watchkeeper lint`: 0 nothing graver than warnings, 3 errors, 2 it could not run. */
export function lintCommand(words: readonly string[], root: string, output: Output): number {
  const parsed = parseLintLine(words, output);
  if (!parsed.ok) return parsed.error;
  const line = parsed.value;
  const ran = line.listRules
    ? ok(listRules(output))
    : line.explain !== undefined
      ? explain(line.explain, root, output)
      : run(line, root, output);
  if (!ran.ok) {
    output.err(`watchkeeper lint: ${ran.error}\n`);
    return 2;
  }
  return ran.value;
}

function listRules({ out }: Output): number {
  const rules = allRules();
  const width = Math.max(...rules.map(({ id }) => id.length));
  out(rules.map(({ id, severity, title }) => `${id.padEnd(width)}  ${severity.padEnd(7)}  ${title}\n`).join(''));
  return 0;
}

function explain(rule: string, root: string, { out }: Output): Result<number> {
  if (!allRules().some(({ id }) => id === rule)) return err(`'${rule}' is not a rule: --list-rules lists them`);
  out(readFileSync(join(root, 'docs', 'rules', `${rule}.md`), 'utf8'));
  return ok(0);
}

function run(line: LintCommandLine, root: string, output: Output): Result<number> {
  const unknown = line.disable.find((rule) => !allRules().some(({ id }) => id === rule));
  if (unknown !== undefined) return err(`--disable '${unknown}' is not a rule: --list-rules lists them`);
  if (line.facts !== undefined && line.thisHost) return err('--facts and --this-host do not go together');
  if (line.fix && line.files.includes(standardInput)) return err('--fix cannot mend the standard input');
  const facts = factsFor(line);
  if (!facts.ok) return facts;
  const baseline = line.baseline === undefined ? ok(new Set<string>()) : readOwn(line.baseline, parseBaseline);
  if (!baseline.ok) return baseline;
  const files = sourceOf(line.files);
  if (!files.ok) return files;

  const results = line.files.map((file) => lintOne(line, file, { files: files.value, facts: facts.value, output }));
  const failed = results.find((result) => !result.ok);
  if (failed?.ok === false) return failed;
  const done = results.flatMap((result) => (result.ok ? [result.value] : []));
  const all = distinct(done.flatMap(({ findings }) => findings));
  const told = withoutKnown(all, baseline.value).filter(({ severity }) => isAtLeast(severity, line.level));
  if (line.writeBaseline !== undefined) writeFileSync(line.writeBaseline, writeBaseline(all));
  const input: ReportInput = {
    version: readVersion(root),
    files: line.files.map(shown),
    findings: told,
    sources: done.flatMap(({ sources }) => sources),
    suppressed:
      done.reduce((sum, { suppressed }) => sum + suppressed, 0) + all.length - withoutKnown(all, baseline.value).length,
  };
  const text = report(line, input, output);
  if (line.output === undefined) output.out(text);
  else writeFileSync(line.output, text);
  const failing = withoutKnown(all, baseline.value).some(({ severity }) => isAtLeast(severity, line.failLevel));
  return ok(failing && line.writeBaseline === undefined ? 3 : 0);
}

/** Lints one file, and with --fix mends it until there is nothing left to mend. */
function lintOne(
  line: LintCommandLine,
  file: string,
  { files, facts, output }: { readonly files: FileSource; readonly facts: Facts | undefined; readonly output: Output },
): Result<LintResult> {
  let mended = 0;
  for (let round = 0; ; round++) {
    const { peer, previous, target, configId, disable } = line;
    const result = lint({
      file: shown(file),
      files,
      environment: process.env,
      peers: peer,
      disable,
      regexProblem: problemOfRegex,
      ...(previous === undefined ? {} : { previous }),
      ...(target === undefined ? {} : { target }),
      ...(configId === undefined ? {} : { configId }),
      ...(facts === undefined ? {} : { facts }),
    });
    const fixed = line.fix && round < maxRounds ? applyFixes(result.findings, result.sources) : undefined;
    if (fixed === undefined || fixed.files.size === 0) {
      if (mended > 0) output.err(`${shown(file)}: ${String(mended)} mended\n`);
      return ok(result);
    }
    for (const [path, bytes] of fixed.files) {
      const written = replaceFile(path, bytes);
      if (!written.ok) return written;
    }
    mended += fixed.applied.length;
  }
}

/** The library is loaded for configurations that have a regex. */
function problemOfRegex(pattern: string, options: readonly string[]): string | undefined {
  return hasRegexLibrary() ? regexProblem(pattern, options) : bracketProblem(pattern, options);
}

function report(line: LintCommandLine, input: ReportInput, output: Output): string {
  switch (line.format) {
    case 'human':
      return humanReport(input, {
        color: line.output === undefined && output.color,
      });
    case 'json':
      return jsonReport(input);
    case 'sarif':
      return sarifReport(input);
    case 'github':
      return githubReport(input);
    case 'junit':
      return junitReport(input);
    case 'checkstyle':
      return checkstyleReport(input);
  }
}

function factsFor({ facts, thisHost, files }: LintCommandLine): Result<Facts | undefined> {
  if (thisHost) return ok(collectFacts(files.filter((file) => file !== standardInput)));
  return facts === undefined ? ok(undefined) : readOwn(facts, parseFacts);
}

/** A file of ours: facts or a baseline. */
function readOwn<T>(path: string, parse: (text: string) => Result<T>): Result<T> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return err(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
  const parsed = parse(text);
  return parsed.ok ? parsed : err(`${path} cannot be used: ${parsed.error}`);
}

/** The disk, and the standard input under a name of its own. */
function sourceOf(files: readonly string[]): Result<FileSource> {
  if (!files.includes(standardInput)) return ok(diskFiles);
  const input = readStandardInput();
  if (!input.ok) return input;
  const name = shown(standardInput);
  return ok({
    read: (path) => (path === name ? input : diskFiles.read(path)),
    glob: (pattern, directory) => (pattern === name ? [name] : diskFiles.glob(pattern, directory)),
  });
}

function shown(file: string): string {
  return file === standardInput ? '<stdin>' : file;
}

/** What two files include is found once for each of them. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, span, message }) => {
    const key = JSON.stringify([rule, span, message]);
    return !seen.has(key) && seen.add(key);
  });
}
