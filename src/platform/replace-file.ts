import {
  closeSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { err, ok, type Result } from '../core/index.ts';
import { errorCode } from './system-error.ts';

/**
 * Gives a person's own file a new content in one step: a reader sees the old or the new one whole. Mode and owner stay, and
 * a symbolic link goes on to point where it does.
 */
export function replaceFile(path: string, bytes: Uint8Array): Result<void> {
  let temporary: string | undefined;
  try {
    const file = realpathSync(path);
    const { mode, uid, gid } = statSync(file);
    temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`);
    const descriptor = openSync(temporary, 'wx', mode & 0o7777);
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(descriptor, bytes, written);
      if (process.getuid?.() === 0) fchownSync(descriptor, uid, gid);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
    return ok(undefined);
  } catch (error) {
    if (temporary !== undefined) unlinkQuietly(temporary);
    return err(`${path} cannot be written: ${errorCode(error)}`);
  }
}

function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was not made, or has already taken the name.
  }
}
