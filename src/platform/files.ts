import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { err, ok, type Result } from '../core/index.ts';
import { errorCode } from './system-error.ts';

/**
 * Writes a file that others may plant things around (dumps in /tmp): into a fresh file of mode 0600 that then takes the
 * name in one step. A symbolic link or anything else but a regular file in its place is refused, never followed.
 */
export async function writeFileSafely(path: string, text: string | Uint8Array, mode = 0o600): Promise<Result<void>> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(12).toString('hex')}`);
  let created = false;
  try {
    const inTheWay = await lstat(path).catch(() => undefined);
    if (inTheWay !== undefined && !inTheWay.isFile()) {
      return err(
        `${path} is not written: ${inTheWay.isSymbolicLink() ? 'a symbolic link' : 'no regular file'} is there`,
      );
    }
    const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
    const file = await open(temporary, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, mode);
    created = true;
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return ok(undefined);
  } catch (error) {
    if (created) await unlink(temporary).catch(() => undefined);
    const code = errorCode(error);
    return err(`${path} cannot be written: ${code === 'ENOENT' ? `${dirname(path)} does not exist` : code}`);
  }
}
