import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { err, ok, type Result } from '../core/index.ts';
import { errorCode } from './system-error.ts';

/**
 * Writes a file that others may plant things around (dumps in /tmp): into a fresh file with a name that nobody can guess, which
 * then takes the name in one step. Whatever was there, a symbolic link too, gives way and is neither followed nor written to.
 */
export async function writeFileSafely(path: string, text: string | Uint8Array, mode = 0o600): Promise<Result<void>> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(12).toString('hex')}`);
  let created = false;
  try {
    const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
    const file = await open(temporary, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
    created = true;
    try {
      await file.writeFile(text);
      if (mode !== 0o600) await file.chmod(mode);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return ok(undefined);
  } catch (error) {
    if (created) await unlink(temporary).catch(() => undefined);
    return err(`${path} cannot be written: ${reason(errorCode(error), path)}`);
  }
}

function reason(code: string, path: string): string {
  if (code === 'ENOENT') return `${dirname(path)} does not exist`;
  return code === 'EISDIR' ? 'a folder is there' : code;
}
