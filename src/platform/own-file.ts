import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { err, ok, type Result } from '../core/index.ts';
import { errorCode } from './system-error.ts';

const othersMayWrite = 0o022;

/**
 * Reads a file that a run of ours has left, of at most `longest` bytes: a regular one of our own account, under its own name, that nobody
 * else could have written. Undefined: there is none.
 */
export function readOwnFile(path: string, longest: number): Result<string | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let fd: number;
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return ok(undefined);
    return err(`${path} is not used: ${code === 'ELOOP' ? 'it is a symbolic link' : code}`);
  }
  try {
    const facts = fstatSync(fd);
    if (!facts.isFile()) return err(`${path} is not used: it is not a regular file`);
    if (facts.uid !== process.geteuid?.() || (facts.mode & othersMayWrite) !== 0)
      return err(`${path} is not used: others could have written it`);
    if (facts.size > longest) return err(`${path} is not used: it is longer than ${String(longest)} bytes`);
    const room = Buffer.alloc(facts.size);
    let length = 0;
    for (let read = -1; read !== 0 && length < room.length; length += read)
      read = readSync(fd, room, length, room.length - length, null);
    return ok(room.toString('utf8', 0, length));
  } catch (error) {
    return err(`${path} is not used: ${errorCode(error)}`);
  } finally {
    closeSync(fd);
  }
}
