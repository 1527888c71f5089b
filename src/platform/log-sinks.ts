import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { err, ok, type Result } from '../core/index.ts';
import { libc } from './libc.ts';
import { lineQueue, type LineSink, type WriteAttempt } from './line-queue.ts';
import { addressFamily, messageFlag, socketType } from './socket-abi.ts';
import { errorCode } from './system-error.ts';

/**
 * Standard error without ever waiting for its reader. A pipe or terminal is opened a second time, because O_NONBLOCK on
 * descriptor 2 itself would also hold for whoever else has it.
 */
export function stderrSink(describeDropped: (count: number) => string): LineSink {
  const fd = 2;
  let kind: ReturnType<typeof fstatSync>;
  try {
    kind = fstatSync(fd);
  } catch {
    return lineQueue(() => 'failed', nothing, describeDropped);
  }
  if (kind.isSocket()) return lineQueue((bytes) => sendNow(fd, bytes), nothing, describeDropped);
  if (kind.isFile()) return lineQueue((bytes) => writeNow(fd, bytes), nothing, describeDropped);
  try {
    const own = openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    return lineQueue(
      (bytes) => writeNow(own, bytes),
      () => {
        closeSync(own);
      },
      describeDropped,
    );
  } catch {
    return lineQueue((bytes) => writeNow(fd, bytes), nothing, describeDropped);
  }
}

/** A log file, appended to; each line is handed to the kernel at once. */
export function fileSink(path: string, describeDropped: (count: number) => string): Result<LineSink> {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    const fd = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o644);
    const close = (): void => {
      closeSync(fd);
    };
    return ok(lineQueue((bytes) => writeNow(fd, bytes), close, describeDropped));
  } catch (error) {
    return err(`log file ${path} cannot be opened: ${errorCode(error)}`);
  }
}

/** The system's log socket; a restarted log daemon is found again at the next line. Each line is one datagram. */
export function syslogSink(describeDropped: (count: number) => string, path = '/dev/log'): LineSink {
  let fd = -1;
  const drop = (): void => {
    if (fd >= 0) libc().close(fd);
    fd = -1;
  };
  const attempt = (bytes: Buffer): WriteAttempt => {
    for (const fresh of [false, true]) {
      if (fd < 0) fd = connectUnix(path);
      if (fd < 0) return 'failed';
      const result = sendNow(fd, bytes);
      if (result !== 'failed') return result === 'later' ? 'later' : bytes.length;
      drop();
      if (fresh) return 'failed';
    }
    return 'failed';
  };
  return lineQueue(attempt, drop, describeDropped);
}

function connectUnix(path: string): number {
  const c = libc();
  const { datagram, nonBlocking, closeOnExec } = socketType;
  const fd = c.socket(addressFamily.unix, datagram | nonBlocking | closeOnExec, 0);
  if (fd < 0) return -1;
  const name = Buffer.from(path);
  // struct sockaddr_un (linux/un.h)
  const address = Buffer.alloc(110);
  address.writeUInt16LE(addressFamily.unix, 0);
  address.set(name.subarray(0, 107), 2);
  if (c.connect(fd, address, address.length) === 0) return fd;
  c.close(fd);
  return -1;
}

function writeNow(fd: number, bytes: Buffer): WriteAttempt {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    return errorCode(error) === 'EAGAIN' ? 'later' : 'failed';
  }
}

function sendNow(fd: number, bytes: Buffer): WriteAttempt {
  const c = libc();
  const sent = c.send(fd, bytes, bytes.length, messageFlag.dontWait | messageFlag.noSignal);
  if (sent >= 0) return sent;
  return c.errno() === 'EAGAIN' ? 'later' : 'failed';
}

function nothing(): void {
  // Descriptor 2 stays open.
}
