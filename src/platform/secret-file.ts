import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { err, ok, type Result } from '../core/index.ts';
import { errorCode } from './system-error.ts';

const othersMayRead = 0o077;

export interface Secret {
  readonly bytes: Uint8Array;
  /** Its mode lets others than its owner at it. */
  readonly exposed: boolean;
}

/** Reads a key of at most `longest` bytes. Nothing but a regular file is read: a pipe would hold us up. The error does not tell its content. */
export function readSecret(path: string, longest: number): Result<Secret> {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = errorCode(error);
    return err(`${path} cannot be read: ${code === 'ENOENT' ? 'it does not exist' : code}`);
  }
  try {
    const facts = fstatSync(fd);
    if (!facts.isFile()) return err(`${path} is not a regular file`);
    const room = Buffer.alloc(longest + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < room.length; length += read)
      read = readSync(fd, room, length, room.length - length, null);
    if (length > longest) return err(`${path} is longer than ${String(longest)} bytes`);
    return ok({ bytes: Uint8Array.from(room.subarray(0, length)), exposed: (facts.mode & othersMayRead) !== 0 });
  } catch (error) {
    return err(`${path} cannot be read: ${errorCode(error)}`);
  } finally {
    closeSync(fd);
  }
}
