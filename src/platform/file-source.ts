import { readFileSync, statSync, type Stats } from 'node:fs';
import { err, ok } from '../core/index.ts';
import type { FileSource } from '../parser/index.ts';
import { globPaths } from './glob.ts';

const sizeLimit = 512 * 1024 * 1024;

/** Configuration files on this machine's disk. Nothing is written, and nothing but regular files is opened. */
export const diskFiles: FileSource = {
  read: (path) => {
    try {
      const stats = statSync(path);
      const problem = unfit(stats);
      if (problem !== undefined) return err(problem);
      return ok(readFileSync(path));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return err({ kind: 'missing', text: 'does not exist' });
      const text =
        code === 'EACCES' ? 'cannot be read: permission denied' : `cannot be read: ${code ?? 'unknown error'}`;
      return err({ kind: 'unreadable', text });
    }
  },
  glob: globPaths,
};

function unfit(
  stats: Stats,
): { readonly kind: 'not-regular' | 'executable' | 'too-large'; readonly text: string } | undefined {
  if (stats.isDirectory()) return { kind: 'not-regular', text: 'is a directory' };
  if (!stats.isFile()) return { kind: 'not-regular', text: 'is not a regular file' };
  if ((stats.mode & 0o111) !== 0)
    return { kind: 'executable', text: 'is executable: a configuration file must not be (chmod a-x)' };
  if (stats.size > sizeLimit) return { kind: 'too-large', text: 'is larger than 512 MiB' };
  return undefined;
}
