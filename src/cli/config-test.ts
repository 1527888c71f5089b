import { writeFileSync } from 'node:fs';
import { loadConfig } from '../config/index.ts';
import { formatDiagnostic } from '../core/index.ts';
import { readingHere, thisHost } from '../platform/index.ts';
import type { CommandLine } from './options.ts';

/** `-t`: checks the configuration as the reference does, with its exit statuses and without its side effects. */
export function configTest(line: CommandLine, logFile: string): number {
  const loaded = loadConfig({
    ...readingHere(line.configId),
    file: line.useFile,
    random: Math.random,
    allConfig: line.allConfig,
    host: thisHost(),
    ...(line.target === undefined ? {} : { target: line.target }),
  });
  const text = loaded.diagnostics.map((diagnostic) => `${formatDiagnostic(diagnostic)}\n`).join('');
  if (logFile === '') process.stderr.write(text);
  else writeFileSync(logFile, text, { mode: 0o600 });
  return loaded.testExitStatus;
}
