import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Config, ScriptCommand } from '../../config/index.ts';
import { scriptAccount } from '../script-runner.ts';
import type { DumpHost } from './report.ts';

/** Programs as this host has them: folders that are links are shown as what they lead to, as the reference shows them. */
export function dumpHost({ global }: Config): DumpHost {
  return {
    command: commandWords,
    owner: (command: ScriptCommand) => {
      const account = scriptAccount(command, global);
      return account.ok ? `${String(account.value?.uid ?? 0)}:${String(account.value?.gid ?? 0)}` : 'unknown';
    },
  };
}

export function commandWords({ argv: [program = '', ...words] }: ScriptCommand): string {
  return [placed(program), ...words].map((word) => `'${word}'`).join(' ');
}

function placed(program: string): string {
  if (!program.startsWith('/')) return program;
  try {
    return join(realpathSync(dirname(program)), basename(program));
  } catch {
    return program;
  }
}
