import { existsSync } from 'node:fs';
import type { TrackFile } from '../config/index.ts';
import { numberInFile } from '../platform/index.ts';

/** What a track_file holds for a daemon that runs (`now`), or for one that starts, which writes its init_file first. Missing: 0. */
export function trackFileNumber({ file, initFile }: TrackFile, when: 'now' | 'at start'): Promise<number> {
  const written = initFile !== undefined && ((when === 'at start' && initFile.overwrite) || !existsSync(file));
  return written ? Promise.resolve(initFile.value) : numberInFile(file);
}
