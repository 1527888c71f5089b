import { readFileSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';

const longestText = 64;

/**
 * Reads the number in a file now and whenever the file changes, is replaced, made or removed; a file that is missing or
 * holds no number counts as 0 (keepalived.conf(5), track_file). The returned function ends the watching.
 */
export function watchTrackFile(
  path: string,
  onValue: (value: number) => void,
  onTrouble: (text: string) => void,
): () => void {
  let last: number | undefined;
  const read = (): void => {
    const value = readValue(path);
    if (value === last) return;
    last = value;
    onValue(value);
  };
  let watcher: FSWatcher | undefined;
  try {
    // The folder is watched, since a file that is replaced is another file.
    watcher = watch(dirname(path), { persistent: false }, (_, name) => {
      if (name === null || name === basename(path)) read();
    });
    watcher.on('error', (error) => {
      onTrouble(`${path} cannot be watched: ${error.message}`);
    });
  } catch (error) {
    onTrouble(`${path} cannot be watched: ${error instanceof Error ? error.message : String(error)}`);
  }
  read();
  return () => watcher?.close();
}

function readValue(path: string): number {
  let text: string;
  try {
    text = readFileSync(path, 'latin1').slice(0, longestText);
  } catch {
    return 0;
  }
  const match = /^\s*([+-]?\d{1,10})/.exec(text);
  return match?.[1] === undefined ? 0 : Number(match[1]);
}
