import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, unlinkSync } from 'node:fs';
import { err, ok, type Result } from '../core/index.ts';
import { errorCode } from './system-error.ts';

/** Files by which operators and we tell each other something. */

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_TRUNC, O_WRONLY } = constants;
const longestLine = 256;

/** The first line, of at most 256 bytes; undefined where there is no file, or an empty one. What is no regular file is not read. The error follows the path. */
export function readFirstLine(path: string): Result<string | undefined> {
  let fd: number | undefined;
  try {
    // A FIFO without a writer must not hold us up.
    fd = openSync(path, O_RDONLY | O_NONBLOCK);
    if (!fstatSync(fd).isFile()) return err('is not a regular file');
    const bytes = Buffer.alloc(longestLine);
    const length = readSync(fd, bytes, 0, longestLine, 0);
    return ok(length === 0 ? undefined : bytes.subarray(0, length).toString('latin1').split('\n', 1)[0]);
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? ok(undefined) : err(`cannot be read: ${code}`);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Makes an empty file, or empties the one that is there, whosever it is; a symbolic link is not followed. */
export function makeEmptyFile(path: string): Result<void> {
  const open = (flags: number): void => {
    closeSync(openSync(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | flags, 0o644));
  };
  try {
    try {
      // With O_CREAT as well, fs.protected_regular refuses files of others in /tmp.
      open(O_TRUNC);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      open(O_CREAT | O_EXCL);
    }
    return ok(undefined);
  } catch (error) {
    return err(`${path} cannot be made: ${errorCode(error)}`);
  }
}

/** With those above it; it may be there. */
export function makeFolder(path: string): Result<void> {
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 });
    return ok(undefined);
  } catch (error) {
    return err(`${path} cannot be made: ${errorCode(error)}`);
  }
}

/** One that is gone already is no error. */
export function removeFile(path: string): Result<void> {
  try {
    unlinkSync(path);
    return ok(undefined);
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' ? ok(undefined) : err(`${path} cannot be removed: ${code}`);
  }
}
