/**
 * What the linter finds in a folder of real configurations (`WATCHKEEPER_CORPUS`): how many files each rule finds something in,
 * and how many of these the reference takes without a word. `--errors` lists the errors in such files, `--rule ID` all findings of a rule.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { allRules, lint, type Finding } from '../src/lint/index.ts';
import type { FileSource } from '../src/parser/index.ts';
import { corpusFolder } from './corpus-agreement.ts';

export interface CorpusFindings {
  readonly file: string;
  /** Whether the reference has nothing to say about it. */
  readonly silent: boolean;
  readonly findings: readonly Finding[];
}

export function lintCorpus(folder: string): readonly CorpusFindings[] {
  const oracle = readFileSync(path.join(folder, 'oracle.jsonl'), 'utf8').split('\n').filter(Boolean);
  return oracle.map((line) => {
    const { file, exit, config_id } = JSON.parse(line) as { file: string; exit: number; config_id?: string };
    const { findings } = lint({
      file,
      files: inFolder(folder),
      target: '2.2.7',
      ...(config_id === undefined ? {} : { configId: config_id }),
    });
    return { file, silent: exit === 0, findings };
  });
}

function inFolder(folder: string): FileSource {
  const inside = (name: string): string => path.join(folder, path.join('/', name));
  return {
    read: (name) =>
      existsSync(inside(name))
        ? { ok: true, value: readFileSync(inside(name)) }
        : { ok: false, error: { kind: 'missing', text: 'does not exist' } },
    glob: (pattern, directory) => {
      const name = path.join(directory, pattern);
      return existsSync(inside(name)) ? [name] : [];
    },
  };
}

function show(file: string, { severity, rule, span, message }: Finding): void {
  console.log(`${file}:${String(span?.line ?? 0)}: ${severity}: ${message} [${rule}]`);
}

if (process.argv[1] === import.meta.filename) {
  const folder = corpusFolder();
  const wanted = process.argv[process.argv.indexOf('--rule') + 1];
  if (folder === undefined) {
    console.log('no corpus: name its folder in WATCHKEEPER_CORPUS');
  } else if (process.argv.includes('--rule')) {
    for (const { file, findings } of lintCorpus(folder))
      for (const finding of findings) if (finding.rule === wanted) show(file, finding);
  } else {
    const judged = lintCorpus(folder);
    const counts = (id: string, silent: boolean): number =>
      judged.filter((one) => (one.silent || !silent) && one.findings.some(({ rule }) => rule === id)).length;
    const silentErrors = judged
      .filter(({ silent }) => silent)
      .flatMap(({ file, findings }) => findings.map((finding) => ({ file, finding })))
      .filter(({ finding }) => finding.severity === 'error');
    if (process.argv.includes('--errors')) for (const { file, finding } of silentErrors) show(file, finding);
    console.log(`${'rule'.padEnd(34)}${'severity'.padEnd(10)}${'files'.padStart(7)}${'of accepted'.padStart(13)}`);
    for (const { id, severity } of allRules())
      console.log(
        `${id.padEnd(34)}${severity.padEnd(10)}${String(counts(id, false)).padStart(7)}${String(counts(id, true)).padStart(13)}`,
      );
    console.log(
      `${String(judged.length)} files, ${String(judged.filter(({ silent }) => silent).length)} accepted without a word; ` +
        `${String(silentErrors.length)} errors in ${String(new Set(silentErrors.map(({ file }) => file)).size)} of these`,
    );
  }
}
