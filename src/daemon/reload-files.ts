import type { GlobalDefs, LoadedConfig } from '../config/index.ts';
import { formatDiagnostic, type Result } from '../core/index.ts';
import { makeEmptyFile, removeFile, writeFileSafely } from '../platform/index.ts';
import type { Log } from './messages.ts';

/** Files by which whoever writes configurations sees what becomes of them. */

/** reload_file: an empty file is there while the configuration is read. */
export function loadMarked(path: string | undefined, load: () => LoadedConfig, log: Log): LoadedConfig {
  if (path === undefined) return load();
  const tell = (marked: Result<void>): void => {
    if (!marked.ok) log('warning', `reload_file: ${marked.error}`);
  };
  tell(makeEmptyFile(path));
  try {
    return load();
  } finally {
    tell(removeFile(path));
  }
}

/** reload_check_config: nothing that the configuration test finds fault with is taken, and what it finds is told in a file. */
export function passesReloadCheck(loaded: LoadedConfig, { reloadCheckConfig }: GlobalDefs, log: Log): boolean {
  if (reloadCheckConfig === undefined) return true;
  const { logFile } = reloadCheckConfig;
  if (logFile !== undefined) {
    const text = loaded.diagnostics.map((diagnostic) => `${formatDiagnostic(diagnostic)}\n`).join('');
    void writeFileSafely(logFile, text).then((written) => {
      if (!written.ok) log('warning', `reload_check_config: ${written.error}`);
    });
  }
  if (loaded.testExitStatus === 0) return true;
  const where = logFile === undefined ? "'keepalived -t' tells why" : `see ${logFile} for details`;
  log('error', `New config failed validation, ${where}: the running one stays`);
  return false;
}
