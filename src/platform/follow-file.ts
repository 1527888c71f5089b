import { statSync, watch, type FSWatcher, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fileSignature } from './number-file.ts';

/** How often the file is looked at besides: folders come and go, and some file systems have no events. */
const lookMs = 1000;

/**
 * Calls `changed` when a file has come, changed or gone; its folder need not be there. What was at the call is no change.
 * The returned function ends it.
 */
export function followFile(path: string, changed: () => void): () => void {
  let signature = signatureNow(path);
  let following = true;
  let looking = false;
  let again = false;
  const look = async (): Promise<void> => {
    again = looking;
    if (looking) return;
    looking = true;
    const now = await stat(path).then(signed, () => missing);
    looking = false;
    if (!following) return;
    const before = signature;
    signature = now;
    if (now !== before) changed();
    // What came while it was looked at.
    if (again) void look();
  };
  const watcher = watchFolder(dirname(path), basename(path), () => void look());
  const timer = setInterval(() => void look(), lookMs).unref();
  return () => {
    following = false;
    clearInterval(timer);
    watcher?.close();
  };
}

/** Undefined where there is no folder, or no watch is to be had: the looks find out. */
function watchFolder(folder: string, file: string, touched: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      if (name === null || name === file) touched();
    });
    watcher.on('error', () => {
      watcher.close();
    });
    return watcher;
  } catch {
    return undefined;
  }
}

const missing = 'missing';

function signed(stats: Stats): string {
  return fileSignature(stats);
}

function signatureNow(path: string): string {
  try {
    return signed(statSync(path));
  } catch {
    return missing;
  }
}
