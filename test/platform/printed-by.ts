import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runScript, type ScriptCommand } from '../../src/platform/index.ts';

/** What a script prints, which by itself goes nowhere. */
export async function printedBy({ argv, env = {}, ...more }: ScriptCommand): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-printed-'));
  try {
    const file = join(folder, 'text');
    writeFileSync(file, '');
    // For scripts of other users.
    chmodSync(folder, 0o755);
    chmodSync(file, 0o666);
    const script = ['/bin/sh', '-c', 'exec "$@" >"$PRINTED"', 'sh', ...argv];
    await runScript({ ...more, argv: script, env: { ...env, PRINTED: file } }).outcome;
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
