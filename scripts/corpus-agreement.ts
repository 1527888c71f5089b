/**
 * How often the config test's exit status agrees with that of keepalived 2.2.7 over a folder of real configurations
 * (`WATCHKEEPER_CORPUS`). Prints the agreement table, and with `--list` each file that differs.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { loadConfig, type LoadedConfig, type LoadOptions } from '../src/config/index.ts';
import type { FileSource } from '../src/parser/index.ts';

export interface Verdict {
  readonly file: string;
  readonly reference: number;
  readonly ours: number;
  readonly diagnostics: LoadedConfig['diagnostics'];
  readonly referenceDiagnostics: readonly string[];
}

interface OracleLine {
  readonly file: string;
  readonly exit: number;
  readonly diagnostics: readonly string[];
  readonly classes: readonly string[];
  readonly env_only: boolean;
  readonly interfaces_created?: readonly string[];
  readonly config_id?: string;
}

const crashed = new Set([134, 139, 143]);

export function corpusFolder(): string | undefined {
  const folder = process.env['WATCHKEEPER_CORPUS'] ?? path.join(import.meta.dirname, '../../shared/corpus');
  return existsSync(path.join(folder, 'oracle.jsonl')) ? folder : undefined;
}

/** Programs that were there, and in PATH, when the reference judged the corpus. */
const programs = new Set(
  '[ bash cat curl echo ip kill killall pgrep pidof pkill service sh sleep ss systemctl test true'.split(' '),
);

function executable(program: string): boolean {
  const name = /^(?:\/usr)?\/s?bin\/([^/]+)$/.exec(program)?.[1] ?? program;
  return programs.has(name);
}

/** The status of a file that we could not even judge: always a defect of ours. */
export const threw = 70;

function attempt(options: LoadOptions): LoadedConfig | undefined {
  try {
    return loadConfig(options);
  } catch {
    return undefined;
  }
}

/** Judges each file of the corpus that the reference read to its end and whose findings are not the machine's fault. */
export function judgeCorpus(folder: string): readonly Verdict[] {
  const lines = readFileSync(path.join(folder, 'oracle.jsonl'), 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .flatMap((line) => {
      const oracle = JSON.parse(line) as OracleLine;
      if (crashed.has(oracle.exit) || oracle.env_only) return [];
      const loaded = attempt({
        file: oracle.file,
        files: corpusFiles(folder),
        configId: oracle.config_id ?? 'localhost',
        hostName: 'localhost',
        random: () => 0.5,
        target: '2.2.7',
        host: {
          interfaces: new Set(['lo', ...(oracle.interfaces_created ?? [])]),
          executable,
          knownUser: (name: string) => name === 'root' || name === 'nobody',
        },
      });
      return [
        {
          file: oracle.file,
          reference: oracle.exit,
          ours: loaded?.testExitStatus ?? threw,
          diagnostics: loaded?.diagnostics ?? [],
          referenceDiagnostics: oracle.diagnostics,
        },
      ];
    });
}

/** Names without wildcards inside the corpus; a pattern with wildcards finds nothing there. */
function corpusFiles(folder: string): FileSource {
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

export function agreementTable(verdicts: readonly Verdict[]): string {
  const statuses = [0, 2, 4, 5, 6];
  const answers = [...statuses, threw];
  const count = (reference: number, ours: number): number =>
    verdicts.filter((verdict) => verdict.reference === reference && verdict.ours === ours).length;
  const rows = statuses.map((reference) => [
    String(reference),
    ...answers.map((ours) => String(count(reference, ours))),
  ]);
  const agreed = verdicts.filter(({ reference, ours }) => reference === ours).length;
  const percent = ((100 * agreed) / Math.max(1, verdicts.length)).toFixed(1);
  return [['keepalived \\ watchkeeper', ...answers.map(String)], ...rows]
    .map(([head = '', ...cells]) => head.padEnd(26) + cells.map((cell) => cell.padStart(5)).join(''))
    .concat(`${String(agreed)} of ${String(verdicts.length)} agree: ${percent} %`)
    .join('\n');
}

if (process.argv[1] === import.meta.filename) {
  const folder = corpusFolder();
  if (folder === undefined) {
    console.log('no corpus: name its folder in WATCHKEEPER_CORPUS');
  } else {
    const verdicts = judgeCorpus(folder);
    if (process.argv.includes('--list')) {
      for (const verdict of verdicts.filter(({ reference, ours }) => reference !== ours)) {
        console.log(`${verdict.file}: keepalived ${String(verdict.reference)}, here ${String(verdict.ours)}`);
        for (const text of verdict.referenceDiagnostics.slice(0, 4)) console.log(`  keepalived: ${text}`);
        for (const { class: kind, message, span } of verdict.diagnostics
          .filter(({ class: kind }) => kind !== 'none')
          .slice(0, 4))
          console.log(`  here: ${String(span?.line ?? '')} [${kind}] ${message}`);
      }
    }
    console.log(agreementTable(verdicts));
  }
}
