import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { err, ok, type Result } from '../core/index.ts';
import { libc } from './libc.ts';
import { errorCode } from './system-error.ts';

export type PidFileError =
  /** Another process holds the lock; its pid, where the file says it. */
  | { readonly type: 'already-running'; readonly pid: number | undefined; readonly text: string }
  | { readonly type: 'unusable'; readonly text: string };

export interface PidFile {
  readonly path: string;
  /** Removes the file and gives up the lock. */
  readonly remove: () => void;
}

/** fcntl.h: open-file-description lock, which lasts as long as the descriptor, whatever else the process opens. */
const setOpenFileLock = 37;
const writeLock = 1;

/**
 * Creates the file or takes over one that a dead process left, locks it and writes our pid. The lock ends with the
 * process, however it ends.
 */
export function createPidFile(path: string, pid: number = process.pid): Result<PidFile, PidFileError> {
  // The holder may remove the file between our open and our lock: the lock on a file without a name is worth nothing.
  for (let attempt = 0; attempt < 5; attempt++) {
    const opened = openLocked(path);
    if (!opened.ok) return err(opened.error);
    const fd = opened.value;
    if (!isStillThere(path, fd)) {
      closeSync(fd);
      continue;
    }
    try {
      // Readable for all, whatever the umask is: it is how operators find us.
      fchmodSync(fd, 0o644);
      ftruncateSync(fd);
      writeSync(fd, `${String(pid)}\n`, 0);
    } catch (error) {
      closeSync(fd);
      return err({ type: 'unusable', text: `pid file ${path} cannot be written: ${errorCode(error)}` });
    }
    return ok({
      path,
      remove: () => {
        remove(path, fd);
      },
    });
  }
  return err({ type: 'unusable', text: `pid file ${path} keeps being replaced by another process` });
}

function openLocked(path: string): Result<number, PidFileError> {
  const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  let fd: number;
  try {
    fd = openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o644);
  } catch (error) {
    return err({ type: 'unusable', text: `pid file ${path} cannot be opened: ${whyNot(path, errorCode(error))}` });
  }
  if (!fstatSync(fd).isFile()) {
    closeSync(fd);
    return err({ type: 'unusable', text: `pid file ${path} is not a regular file` });
  }
  // struct flock of a 64-bit system: type, whence, start, length 0 (to the end), pid 0.
  const lock = Buffer.alloc(32);
  lock.writeInt16LE(writeLock, 0);
  const c = libc();
  if (c.fcntlPointer(fd, setOpenFileLock, lock) === 0) return ok(fd);
  const errno = c.errno();
  const holder = readPid(fd);
  closeSync(fd);
  if (errno !== 'EAGAIN' && errno !== 'EACCES') {
    return err({ type: 'unusable', text: `pid file ${path} cannot be locked: ${errno}` });
  }
  const who = holder === undefined ? '' : ` as process ${String(holder)}`;
  return err({ type: 'already-running', pid: holder, text: `daemon is already running${who} (${path} is locked)` });
}

function whyNot(path: string, code: string): string {
  if (code === 'ENOENT') return `the directory ${dirname(path)} does not exist`;
  if (code === 'ELOOP') return 'it is a symbolic link, which is not followed';
  return code;
}

function readPid(fd: number): number | undefined {
  const text = Buffer.alloc(16);
  const length = readSync(fd, text, 0, text.length, 0);
  const match = /^(\d{1,10})\s*$/.exec(text.toString('latin1', 0, length));
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

function isStillThere(path: string, fd: number): boolean {
  try {
    const named = lstatSync(path);
    const open = fstatSync(fd);
    return named.ino === open.ino && named.dev === open.dev;
  } catch {
    return false;
  }
}

function remove(path: string, fd: number): void {
  try {
    if (isStillThere(path, fd)) unlinkSync(path);
    closeSync(fd);
  } catch {
    // Gone already, or a file system that has become read-only: the lock ends with the process all the same.
  }
}
